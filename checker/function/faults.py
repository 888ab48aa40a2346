"""A fault of ours in the log: where it happened, and nothing of what was asked for."""

import traceback
from collections.abc import Iterator


def describe(error: BaseException) -> str:
    """The traceback without any message: that may hold a domain, or an address."""
    return "".join(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__name__}\n"
    yield from traceback.format_tb(error.__traceback__)
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (*inner, error.__cause__ or error.__context__):
        if other is not None:
            yield from _lines(other)
