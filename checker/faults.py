"""A fault of ours in the log: where it happened, and nothing of what was asked for."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

_LOG = logging.getLogger(__name__)


def describe(error: BaseException) -> str:
    """The traceback without any message: that may hold a domain, or an address."""
    return "".join(_lines(error))


def note(what: str, error: BaseException) -> None:
    """Log a fault in one line, where all else goes on.

    Args:
        what: What could not be done.
        error: Why; of its message nothing is told.
    """
    _LOG.error("%s: %s", what, in_short(error))


def in_short(error: BaseException) -> str:
    """What it is and where it happened, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    places = ", ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames[-3:])
    return f"{type(error).__name__} ({places})"


def _lines(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__name__}\n"
    yield from traceback.format_tb(error.__traceback__)
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (*inner, error.__cause__ or error.__context__):
        if other is not None:
            yield from _lines(other)
