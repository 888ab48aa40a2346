"""Open files: every check needs some, and a system grants few unless it is asked for more."""

import errno
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

_EACH = 8
"""The visitor's connection, the mail server's, a policy's web server, and questions to the DNS."""

_OTHERS = 64
"""The program's own, and connections that no check belongs to."""

_CLIENTS = 8
"""So many clients together may use up the files that there are."""

_SELDOM = 60.0
"""Seconds between two warnings of the same."""

_USED_UP = {errno.EMFILE, errno.ENFILE}

_TRYING_AGAIN = "_start_serving()"
"""What asyncio calls after that second."""

_LOG = logging.getLogger(__name__)


def room(checks: int) -> int:
    """How many checks at once the limit of open files allows, once it is raised for so many.

    Args:
        checks: How many are wanted.

    Returns:
        The same, or fewer where the system's own limit is in the way; at least one.
    """
    try:
        import resource  # noqa: PLC0415 - Windows has no such limit
    except ImportError:
        return checks
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OTHERS + _EACH * checks
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return checks
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    return min(checks, max(1, (granted - _OTHERS) // _EACH))


def share(wanted: int) -> int:
    """How many connections one client may have, so that there are files for the others as well.

    Args:
        wanted: At most.
    """
    try:
        import resource  # noqa: PLC0415 - as above
    except ImportError:
        return wanted
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, max(1, soft // _CLIENTS))


class UsedUp:
    """An event loop's handler of exceptions that has one line for the lack of files.

    The loop takes no connection for a second then and tries again by itself. It would write
    thousands of tracebacks, and as many more if its server is stopped within that second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock, in seconds."""
        self._clock = clock
        self._told: float | None = None

    def __call__(self, loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
        """Handle what nobody else did."""
        error = context.get("exception")
        if self._told is not None and _TRYING_AGAIN in context.get("message", ""):
            return
        if not isinstance(error, OSError) or error.errno not in _USED_UP:
            loop.default_exception_handler(context)
            return
        if self._told is None or self._clock() - self._told >= _SELDOM:
            self._told = self._clock()
            _LOG.warning("no file is left to open for a visitor (LimitNOFILE, ulimit -n)")
