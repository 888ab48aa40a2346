"""How long the event loop was busy with one thing, while all others had to wait."""

import asyncio
import time
from collections.abc import Callable

_TICK = 0.01
_WINDOW = 300.0
"""Seconds for which a pause is told, at least; twice as long at most."""


class Pauses:
    """Remembers the longest of the last minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember none yet.

        Args:
            clock: Tells the time in seconds.
        """
        self._clock = clock
        self._since = clock()
        self._longest = self._before = 0.0

    @property
    def longest(self) -> float:
        """Its seconds."""
        self._turn()
        return max(self._longest, self._before)

    def note(self, seconds: float) -> None:
        """Take one that has just ended."""
        self._turn()
        self._longest = max(self._longest, seconds)

    async def watch(self) -> None:
        """Look out for them, until cancelled."""
        while True:
            began = self._clock()
            await asyncio.sleep(_TICK)
            self.note(max(0.0, self._clock() - began - _TICK))

    def _turn(self) -> None:
        passed = self._clock() - self._since
        if passed < _WINDOW:
            return
        self._before = self._longest if passed < 2 * _WINDOW else 0.0
        self._since, self._longest = self._clock(), 0.0
