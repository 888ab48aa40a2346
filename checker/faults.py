"""A fault of ours in the log: where it happened, and nothing of what was asked for."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

_LOG = logging.getLogger(__name__)

T = TypeVar("T")


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


async def contain(what: str, action: Awaitable[T], otherwise: Callable[[], T]) -> T:
    """Let a fault end one thing alone.

    Args:
        what: What could not be done then; for the log.
        action: Does it.
        otherwise: Makes what stands for its result.
    """
    try:
        return await action
    except Exception as error:  # noqa: BLE001 - whatever it is, all else goes on
        note(what, error)
        return otherwise()


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
