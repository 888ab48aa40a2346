"""What many copies of the function share: counts and texts in one Valkey or Redis server.

Where that server is lost, full or too slow, each copy goes on by itself until it is back, and knows
what it has let pass itself. What is kept there is JSON and numbers. Nothing that comes back is
believed unless it bears a seal, and no answer of the server's can end a check. The client library
is imported only by who has such a server.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import math
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from checker.function.guard.counter import MemoryCounter
from checker.function.guard.store import Store
from checker.function.interface import Rate
from checker.settings import SettingsError

if TYPE_CHECKING:
    from redis.asyncio import Redis

PREFIX = "zustellbar:2:"
"""Begins every key; the number is that of the format of what is kept."""

_PATIENCE = 1.0
"""Seconds to wait for the server; a visitor waits as long, once, when it is lost."""

_PAUSE = 5.0
"""Seconds after which a lost server is asked again."""

_BREATH = 1.0
"""Seconds for a server to catch up that is asked for more than it can answer."""

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
        self.seal = Seal(urlsplit(address).password or "")

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Put a question to the server.

        Raises:
            LostError: It is lost; one warning tells of each loss.
        """
        async with self._turn():
            if self._clock() < self._again:
                raise LostError
            was_lost = self._lost
            if was_lost:
                # One of all who wait finds out whether it is back.
                self._again = self._clock() + self._pause
                await self._answer(self.write)
            answer = await self._answer(question)
        if was_lost:
            self._lost, self._again = False, 0.0
            _LOG.info("the store is back")
        return answer

    async def write(self) -> object:
        """Write something: one that is full can still be read, and is of no use."""
        return await self.client.set(f"{PREFIX}back", "1", px=1_000)

    async def close(self) -> None:
        """Close all connections."""
        await self.client.aclose()

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._clock() < self._again:
            raise LostError
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._turns.acquire()
        except TimeoutError:
            self._again = max(self._again, self._clock() + _BREATH)
            raise LostError from None
        try:
            yield
        finally:
            self._turns.release()

    async def _answer(self, question: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await question()
        except Exception as error:  # whatever it answers: the library may stumble over it anywhere
            if not self._lost:
                reason = str(error) or "no answer"
                _LOG.warning(
                    "the store is lost (%s); until it is back, this copy counts by itself", reason
                )
            self._lost, self._again = True, self._clock() + self._pause
            raise LostError from error


class SharedCounter:
    """Counts in the server what all copies see happen."""

    def __init__(self, server: SharedServer, own: MemoryCounter) -> None:
        """Take the server, and what counts in this copy, too.

        So nothing is lost of what this copy has let pass, whatever becomes of the server.
        """
        from limits.aio.storage import RedisStorage  # noqa: PLC0415 - a cold start need not
        from limits.aio.strategies import MovingWindowRateLimiter  # noqa: PLC0415 - wait for it

        self._server = server
        self._own = own
        storage = RedisStorage(
            "redis://",
            implementation="redispy",
            key_prefix=f"{PREFIX}limit",
            connection_pool=server.client.connection_pool,  # type: ignore[arg-type]
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def wait(self, kind: str, key: str, rate: Rate) -> int:
        """Count one more; see :meth:`Counter.wait`."""
        if seconds := self._own.remaining(kind, key, rate):
            return seconds
        try:
            seconds = await self._server.ask(lambda: self._wait(kind, key, rate))
        except LostError:
            return await self._own.wait(kind, key, rate)
        if not seconds:
            self._own.note(kind, key, rate)
        return seconds

    async def _wait(self, kind: str, key: str, rate: Rate) -> int:
        from limits import RateLimitItemPerSecond  # noqa: PLC0415 - as above

        item = RateLimitItemPerSecond(rate.count, rate.seconds)
        if await self._limiter.hit(item, kind, key):
            return 0
        window = await self._limiter.get_window_stats(item, kind, key)
        return min(max(1, math.ceil(window.reset_time - time.time())), rate.seconds)


class SharedStore:
    """Keeps texts in the server."""

    def __init__(self, server: SharedServer, otherwise: Store) -> None:
        """Take the server, and what keeps them while that is lost."""
        self._server = server
        self._otherwise = otherwise

    async def get(self, key: str) -> str | None:
        """The text under a key, unless there is none or its time is over."""
        try:
            sealed: object = await self._server.ask(
                lambda: self._server.client.get(f"{PREFIX}{key}")
            )
        except LostError:
            return await self._otherwise.get(key)
        return self._server.seal.open(key, sealed)

    async def put(self, key: str, text: str, seconds: float) -> None:
        """Keep a text for so many seconds."""
        milliseconds = max(1, int(seconds * 1_000))
        sealed = self._server.seal.close(key, text)
        try:
            await self._server.ask(
                lambda: self._server.client.set(f"{PREFIX}{key}", sealed, px=milliseconds)
            )
        except LostError:
            await self._otherwise.put(key, text, seconds)


class Seal:
    """Tells what one of the copies has kept from what else may come back from a server."""

    def __init__(self, password: str) -> None:
        """Take what the copies know and others do not; without it, only accidents are noticed."""
        self._key = hashlib.sha256(password.encode()).digest()

    def close(self, key: str, text: str) -> str:
        """A text for keeping under a key."""
        return json.dumps({"seal": self._sign(key, text), "text": text})

    def open(self, key: str, sealed: object) -> str | None:
        """The text that was kept under a key, unless it is another one or none."""
        try:
            kept = json.loads(sealed) if isinstance(sealed, str) else {}
            text, seal = str(kept["text"]), str(kept["seal"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        genuine = hmac.compare_digest(seal.encode(), self._sign(key, text).encode())
        return text if genuine else None

    def _sign(self, key: str, text: str) -> str:
        # No key holds a line's end.
        content = f"{key}\n{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, content, hashlib.sha256).hex()


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
