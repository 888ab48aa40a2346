"""Where long work is done, so that the checks of others go on meanwhile.

OpenSSL lets go of Python's lock while it works, so its threads and the event loop share a core as
the system sees fit.
"""

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_THREADS = 32
"""More pieces of long work than that wait for each other."""

T = TypeVar("T")


class Effort:
    """Processor time that a piece of work has taken, whoever else uses the processor meanwhile."""

    def __init__(self) -> None:
        """Nothing is allowed yet."""
        self._end = 0.0

    def begin(self, seconds: float) -> None:
        """Allow so much from now on, in this thread."""
        self._end = time.thread_time() + seconds

    def is_spent(self) -> bool:
        """Whether it has taken more, as seen from the same thread."""
        return time.thread_time() > self._end


async def elsewhere(action: Callable[[], T]) -> T:
    """Do something in another thread.

    Args:
        action: Goes on to its end, also where nobody waits for it any more.

    Returns:
        What it returns.

    Raises:
        Exception: What it raises.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads(), action)


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="long-work")
