"""Counts what happens, in windows that move with the time: no moment lets twice as much pass."""

import math
import time
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Protocol

from checker.function.interface import Rate

_KEYS = 50_000


class Counter(Protocol):
    """Counts under keys."""

    async def wait(self, kind: str, key: str, rate: Rate) -> int:
        """Count one more.

        Args:
            kind: What is counted.
            key: For whom.
            rate: How often it may happen within any so many seconds.

        Returns:
            0, or the whole seconds until it may happen again.
        """


class MemoryCounter:
    """Counts in this process.

    The library that counts in the shared store could do so here as well, but goes through all its
    keys each time: with 5,000 of them that takes longer than a look at the cache and the DNS.
    """

    def __init__(self, capacity: int = _KEYS, clock: Callable[[], float] = time.monotonic) -> None:
        """Count nothing yet.

        Args:
            capacity: Keys of one kind at most; of too many, those counted last are kept.
            clock: Tells the time in seconds.
        """
        self._capacity = capacity
        self._clock = clock
        # Those counted last stand at the end.
        self._moments: defaultdict[str, OrderedDict[str, list[float]]] = defaultdict(OrderedDict)
        self._seconds: dict[str, int] = {}

    async def wait(self, kind: str, key: str, rate: Rate) -> int:
        """Count one more; see :meth:`Counter.wait`."""
        seconds = self.remaining(kind, key, rate)
        if not seconds:
            self.note(kind, key, rate)
        return seconds

    def remaining(self, kind: str, key: str, rate: Rate) -> int:
        """The same without counting."""
        over = self._clock() - rate.seconds
        moments = self._moments[kind].get(key, [])
        del moments[: bisect_right(moments, over)]
        if len(moments) < rate.count:
            return 0
        return max(1, math.ceil(moments[-rate.count] - over))

    def note(self, kind: str, key: str, rate: Rate) -> None:
        """Count one that somebody else has let pass."""
        now = self._clock()
        counted = self._moments[kind]
        self._seconds[kind] = rate.seconds
        counted.setdefault(key, []).append(now)
        counted.move_to_end(key)
        self._forget(counted, now - rate.seconds)

    def forget(self) -> None:
        """Drop every key of which nothing counts any more."""
        now = self._clock()
        for kind, counted in self._moments.items():
            self._forget(counted, now - self._seconds[kind])

    def _forget(self, counted: OrderedDict[str, list[float]], over: float) -> None:
        while counted:
            first = next(iter(counted.values()))
            if first and first[-1] > over and len(counted) <= self._capacity:
                return
            counted.popitem(last=False)
