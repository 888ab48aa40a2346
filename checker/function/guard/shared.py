"""What many copies of the function share: counts and texts in one Valkey or Redis server.

Where that server is lost, each copy goes on by itself until the server is back. What is kept there
is JSON and numbers. The client library is imported only by who has such a server.
"""

import asyncio
import logging
import math
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from checker.function.guard.counter import Counter
from checker.function.guard.store import Store
from checker.function.interface import Rate
from checker.settings import SettingsError

if TYPE_CHECKING:
    from redis.asyncio import Redis

PREFIX = "zustellbar:1:"
"""Begins every key; the number is that of the format of what is kept."""

_PATIENCE = 1.0
"""Seconds to wait for the server; a visitor waits as long, once, when it is lost."""

_PAUSE = 5.0
"""Seconds after which a lost server is asked again."""

_AT_ONCE = 16
"""Connections to the server, at most."""

_ADDRESS = re.compile(r"(redis|valkey)s?://\S+")

_LOG = logging.getLogger(__name__)

T = TypeVar("T")


class LostError(Exception):
    """The server does not answer now."""


class SharedServer:
    """A Valkey or Redis server that may be lost and come back."""

    def __init__(
        self, address: str, pause: float = _PAUSE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take its address; nobody is asked yet.

        Args:
            address: Such as ``redis://:password@host:6379/0``, or ``rediss`` for TLS; ``valkey``
                and ``valkeys`` mean the same.
            pause: Seconds after which it is asked again when it is lost.
            clock: Tells the time in seconds.

        Raises:
            SettingsError: The address cannot be used, or the client library is not there.
        """
        self._pause = pause
        self._clock = clock
        self._lost = False
        self._again = 0.0
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.client = _client(address)

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Put a question to the server.

        Raises:
            LostError: It is lost; one warning tells of each loss.
        """
        async with self._turns:
            if self._clock() < self._again:
                raise LostError
            was_lost = self._lost
            if was_lost:
                # One of all who wait finds out whether it is back.
                self._again = self._clock() + self._pause
            answer = await self._answer(question)
        if was_lost:
            self._lost, self._again = False, 0.0
            _LOG.info("the store is back")
        return answer

    async def close(self) -> None:
        """Close all connections."""
        await self.client.aclose()

    async def _answer(self, question: Callable[[], Awaitable[T]]) -> T:
        from redis.exceptions import RedisError  # noqa: PLC0415 - a cold start need not wait for it

        try:
            async with asyncio.timeout(_PATIENCE):
                return await question()
        except (RedisError, OSError) as error:
            if not self._lost:
                reason = str(error) or "no answer"
                _LOG.warning(
                    "the store is lost (%s); until it is back, this copy counts by itself", reason
                )
            self._lost, self._again = True, self._clock() + self._pause
            raise LostError from error


class SharedCounter:
    """Counts in the server what all copies see happen."""

    def __init__(self, server: SharedServer, otherwise: Counter) -> None:
        """Take the server, and what counts while that is lost."""
        from limits.aio.storage import RedisStorage  # noqa: PLC0415 - a cold start need not
        from limits.aio.strategies import MovingWindowRateLimiter  # noqa: PLC0415 - wait for it

        self._server = server
        self._otherwise = otherwise
        storage = RedisStorage(
            "redis://",
            implementation="redispy",
            key_prefix=f"{PREFIX}limit",
            connection_pool=server.client.connection_pool,  # type: ignore[arg-type]
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def wait(self, kind: str, key: str, rate: Rate) -> int:
        """Count one more; see :meth:`Counter.wait`."""
        try:
            return await self._server.ask(lambda: self._wait(kind, key, rate))
        except LostError:
            return await self._otherwise.wait(kind, key, rate)

    async def _wait(self, kind: str, key: str, rate: Rate) -> int:
        from limits import RateLimitItemPerSecond  # noqa: PLC0415 - as above

        item = RateLimitItemPerSecond(rate.count, rate.seconds)
        if await self._limiter.hit(item, kind, key):
            return 0
        window = await self._limiter.get_window_stats(item, kind, key)
        return max(1, math.ceil(window.reset_time - time.time()))


class SharedStore:
    """Keeps texts in the server."""

    def __init__(self, server: SharedServer, otherwise: Store) -> None:
        """Take the server, and what keeps them while that is lost."""
        self._server = server
        self._otherwise = otherwise

    async def get(self, key: str) -> str | None:
        """The text under a key, unless there is none or its time is over."""
        try:
            text: str | None = await self._server.ask(
                lambda: self._server.client.get(f"{PREFIX}{key}")
            )
        except LostError:
            return await self._otherwise.get(key)
        return text

    async def put(self, key: str, text: str, seconds: float) -> None:
        """Keep a text for so many seconds."""
        milliseconds = max(1, int(seconds * 1_000))
        try:
            await self._server.ask(
                lambda: self._server.client.set(f"{PREFIX}{key}", text, px=milliseconds)
            )
        except LostError:
            await self._otherwise.put(key, text, seconds)


def _client(address: str) -> "Redis":
    if not _ADDRESS.fullmatch(address):
        raise SettingsError(_MESSAGE)
    try:
        from redis.asyncio import Redis  # noqa: PLC0415 - only who has such a server has it
        from redis.asyncio.retry import Retry  # noqa: PLC0415 - as above
        from redis.backoff import NoBackoff  # noqa: PLC0415 - as above
    except ImportError as error:
        raise SettingsError("CHECKER_STORE: needs requirements/store.txt") from error
    try:
        return Redis.from_url(
            # Valkey speaks the same protocol.
            re.sub(r"^valkey", "redis", address),
            decode_responses=True,
            # A connection that has become stale is made anew once; all else is for us to decide.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError as error:
        # The library's own message may hold the password.
        raise SettingsError(_MESSAGE) from error


_MESSAGE = "CHECKER_STORE: must be like redis://HOST:PORT/NUMBER, or rediss:// for TLS"
