"""MTA-STS policies are kept for minutes, and fetched by one check of a domain at a time."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from checker import moment
from checker.function.guard.store import LAST, Store
from checker.network import Permits, StsFetcher, StsFetchError, UnfetchedError, WebPkiError, always


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What came of a fetch: a file, or why there is none.

    Attributes:
        at: When, in ISO 8601.
        body: The file; a character for each byte.
        error: Why there is none, as an id.
        web_pki: The web server's certificate is why.
    """

    at: str
    body: str | None = None
    error: str | None = None
    web_pki: bool = False

    @classmethod
    def load(cls, text: str) -> "_Fetched":
        try:
            fetched = cls(**json.loads(text))
            datetime.fromisoformat(fetched.at)
        except TypeError as error:
            raise ValueError("no policy") from error
        return fetched

    def result(self) -> bytes:
        if self.body is not None:
            return self.body.encode("latin-1")
        raise (WebPkiError if self.web_pki else StsFetchError)(self.error)


class StsPolicyCache:
    """What all checks of one function share of the policies that they fetched."""

    def __init__(
        self,
        store: Store,
        lifetime: timedelta,
        now: Callable[[], datetime] = moment.now,
        circumstances: Callable[[], str] = str,
    ) -> None:
        """Take where policies are kept.

        Args:
            store: Keeps them.
            lifetime: How long one counts.
            now: Tells the time.
            circumstances: Tells what shapes every fetch, such as the authorities that are believed.
        """
        self._store = store
        self._lifetime = lifetime
        self._now = now
        self._circumstances = circumstances
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def through(
        self,
        fetcher: StsFetcher,
        *,
        fresh: bool = False,
        older: bool = False,
        permits: Permits = always,
    ) -> StsFetcher:
        """A fetcher that asks here first.

        Args:
            fetcher: Fetches policies itself.
            fresh: Fetch again, also where there is one.
            older: Be content with the last one, whatever its age.
            permits: Whether a web server's address may be asked once more.
        """
        return _CachedFetcher(self, fetcher, permits, fresh=fresh, older=older)

    @contextlib.asynccontextmanager
    async def turn(self, domain: str) -> AsyncIterator[None]:
        """Of all who want the same, one after the other; the later ones find what the first got."""
        lock = self._locks.setdefault(domain, asyncio.Lock()) if self._lifetime else asyncio.Lock()
        async with lock:
            yield

    async def find(self, domain: str, *, older: bool = False) -> _Fetched | None:
        """What was fetched and still counts, or last of all."""
        text = await self._store.get(self._key(domain))
        if text is None:
            return None
        try:
            fetched = _Fetched.load(text)
        except ValueError:
            return None
        young = self._now() - datetime.fromisoformat(fetched.at) < self._lifetime
        return fetched if young or older else None

    async def keep(
        self, domain: str, body: bytes | None = None, error: StsFetchError | None = None
    ) -> None:
        """Keep what was fetched, or why nothing was."""
        fetched = _Fetched(
            self._now().isoformat(),
            None if body is None else body.decode("latin-1"),
            None if error is None else str(error),
            isinstance(error, WebPkiError),
        )
        seconds = max(LAST, self._lifetime.total_seconds())
        await self._store.put(self._key(domain), json.dumps(asdict(fetched)), seconds)

    def _key(self, domain: str) -> str:
        return f"policy:{domain} {self._circumstances()}"


class _CachedFetcher:
    def __init__(
        self,
        cache: StsPolicyCache,
        fetcher: StsFetcher,
        permits: Permits,
        *,
        fresh: bool,
        older: bool,
    ) -> None:
        self._cache = cache
        self._permits = permits
        self._fetcher = fetcher
        self._fresh = fresh
        self._older = older

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        del permits
        async with self._cache.turn(domain):
            known = None if self._fresh else await self._cache.find(domain, older=self._older)
            if known is not None:
                return known.result()
            try:
                body = await self._fetcher.fetch(domain, self._permits)
            except UnfetchedError:
                last = await self._cache.find(domain, older=True)
                if last is None:
                    raise
                return last.result()
            except StsFetchError as error:
                await self._cache.keep(domain, error=error)
                raise
            await self._cache.keep(domain, body)
            return body
