"""Counts what happens, in windows of time."""

import math
import time
from typing import TYPE_CHECKING

from checker.function.guard.options import Rate

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.aio.strategies import FixedWindowRateLimiter


class Counter:
    """Counts under keys; a window begins with the first that it counts."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._loaded: FixedWindowRateLimiter | None = None

    async def wait(self, kind: str, key: str, rate: Rate) -> int:
        """Count one more.

        Args:
            kind: What is counted.
            key: For whom.
            rate: How often it may happen.

        Returns:
            0, or the whole seconds until it may happen again.
        """
        item, limiter = _item(rate), self._limiter()
        if await limiter.hit(item, kind, key):
            return 0
        window = await limiter.get_window_stats(item, kind, key)
        return max(1, math.ceil(window.reset_time - time.time()))

    def _limiter(self) -> "FixedWindowRateLimiter":
        if self._loaded is None:
            # Not at the top: a cold start need not wait for it.
            from limits.aio.storage import MemoryStorage  # noqa: PLC0415
            from limits.aio.strategies import FixedWindowRateLimiter  # noqa: PLC0415

            self._loaded = FixedWindowRateLimiter(MemoryStorage())
        return self._loaded


def _item(rate: Rate) -> "RateLimitItem":
    from limits import RateLimitItemPerSecond  # noqa: PLC0415 - as above

    return RateLimitItemPerSecond(rate.count, rate.seconds)
