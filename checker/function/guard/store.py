"""Keeps texts for a while."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

LAST = 3_600
"""Seconds for which the last result is kept, in case that a limit lets no other be had."""


class Store(Protocol):
    """Where texts are kept under keys."""

    async def get(self, key: str) -> str | None:
        """The text under a key, unless there is none or its time is over."""

    async def put(self, key: str, text: str, seconds: float) -> None:
        """Keep a text for so many seconds."""


class MemoryStore:
    """Keeps them in this process, and of too many those that were used last."""

    def __init__(self, capacity: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start empty.

        Args:
            capacity: Characters that are kept at most, of keys and texts.
            clock: Tells the time in seconds.
        """
        self._capacity = capacity
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._size = 0

    async def get(self, key: str) -> str | None:
        """The text under a key, unless there is none or its time is over."""
        over, text = self._kept.get(key, (0.0, None))
        if text is None:
            return None
        if over <= self._clock():
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return text

    async def put(self, key: str, text: str, seconds: float) -> None:
        """Keep a text for so many seconds."""
        if key in self._kept:
            self._drop(key)
        self._kept[key] = (self._clock() + seconds, text)
        self._size += len(key) + len(text)
        while self._size > self._capacity:
            self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Drop every text whose time is over, whether somebody asks for it again or not."""
        now = self._clock()
        for key in [key for key, (over, _) in self._kept.items() if over <= now]:
            self._drop(key)

    def _drop(self, key: str) -> None:
        _, text = self._kept.pop(key)
        self._size -= len(key) + len(text)
