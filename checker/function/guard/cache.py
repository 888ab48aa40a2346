"""What was seen at an address is kept for minutes, and looked at by one check at a time."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime, timedelta

from checker import moment
from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Seen
from checker.function.guard.record import dump, load
from checker.function.guard.store import LAST, Store
from checker.function.guard.unasked import unasked
from checker.network import Permits, always
from checker.problems import Cause, Stage


class ProbeCache:
    """What all checks of one function share of what they saw."""

    def __init__(
        self,
        store: Store,
        lifetime: timedelta,
        now: Callable[[], datetime] = moment.now,
        circumstances: Callable[[], str] = str,
    ) -> None:
        """Take where results are kept.

        Args:
            store: Keeps them.
            lifetime: How long a result counts; at zero only what goes on is shared.
            now: Tells the time.
            circumstances: Tells what shapes every result, such as the authorities that are
                believed.
        """
        self._circumstances = circumstances
        self.flights: dict[str, _Flight] = {}
        self._store = store
        self._lifetime = lifetime
        self.now = now

    def through(
        self,
        prober: Probing,
        *,
        fresh: bool = False,
        older: bool = False,
        permits: Permits = always,
    ) -> Probing:
        """A prober that asks here first.

        Args:
            prober: Looks at an address itself.
            fresh: Look again, also where there is a result.
            older: Be content with the last result, whatever its age.
            permits: Whether an address may be looked at once more.
        """
        return _CachedProber(self, prober, permits, fresh=fresh, older=older)

    def key(self, probe: Probe) -> str:
        """Where the result of a probe is kept."""
        text = json.dumps([astuple(probe), self._circumstances()])
        return f"probe:{hashlib.sha256(text.encode()).hexdigest()}"

    async def find(self, key: str, *, older: bool = False) -> Seen | None:
        """The result under a key that still counts, or the last one."""
        text = await self._store.get(key)
        if text is None:
            return None
        try:
            seen = load(text)
        except ValueError:
            return None
        young = self.now() - seen.at < self._lifetime
        return seen if young or older else None

    async def keep(self, key: str, seen: Seen) -> None:
        """Keep a result."""
        await self._store.put(key, dump(seen), max(LAST, self._lifetime.total_seconds()))


class _CachedProber:
    def __init__(
        self, cache: ProbeCache, prober: Probing, permits: Permits, *, fresh: bool, older: bool
    ) -> None:
        self._cache = cache
        self._permits = permits
        self._prober = prober
        self._fresh = fresh
        self._older = older

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        key = self._cache.key(probe)
        known = None if self._fresh else await self._cache.find(key, older=self._older)
        if known is not None:
            return known, None
        flights = self._cache.flights
        # Nothing is waited for in between, or many who come at once would begin one each.
        if self._fresh or key not in flights:
            # What began before the wish for a fresh look may have seen what was there before.
            flights[key] = _Flight(self._cache, key, self._prober, probe)
        return await flights[key].join(watch, self._permits)


def _is_ours(seen: Seen) -> bool:
    """Whether it is by our own fault that nothing was seen; that may be over the next moment."""
    finding = seen.first.finding
    return finding is not None and finding.id == "checker-unreachable"


class _Flight:
    """One look at an address, for all who want it at that time.

    Attributes:
        is_superseded: A later look began meanwhile, whose result is to be kept.
    """

    def __init__(self, cache: ProbeCache, key: str, prober: Probing, probe: Probe) -> None:
        self.is_superseded = False
        self._unasked: list[Permits] = []
        self._older = cache.flights.get(key)
        self._cache = cache
        self._key = key
        self._begun: list[Stage] = []
        self._watching: list[Watch] = []
        self._conversation: Conversation | None = None
        self._task = asyncio.create_task(self._look(prober, probe))

    async def join(self, watch: Watch, permits: Permits) -> tuple[Seen, Conversation | None]:
        for stage in self._begun:
            watch(stage)
        self._watching.append(watch)
        self._unasked.append(permits)
        try:
            # Unlike an await of the task, this does not end it when this waiter leaves.
            await asyncio.wait({self._task})
            seen = self._task.result()
        except asyncio.CancelledError:
            self._watching.remove(watch)
            if permits in self._unasked:
                self._unasked.remove(permits)
            self._leave()
            raise
        # The good-bye is for one of them.
        conversation, self._conversation = self._conversation, None
        return seen, conversation

    def _leave(self) -> None:
        if self._watching:
            return
        self._task.cancel()
        self._forget()
        if self._conversation is not None:
            self._conversation.stream.close()

    async def _look(self, prober: Probing, probe: Probe) -> Seen:
        try:
            if not await self._is_permitted(probe.address):
                # Who comes from now on has not been asked.
                self._forget()
                last = await self._cache.find(self._key, older=True)
                return last or unasked(Cause.RATIONED, self._cache.now())
            if self._older is not None:
                self._older.is_superseded, self._older = True, None
            seen, self._conversation = await prober.probe(probe, self._tell)
            if not self.is_superseded and not _is_ours(seen):
                await self._cache.keep(self._key, seen)
            return seen
        finally:
            self._forget()

    async def _is_permitted(self, address: str) -> bool:
        """Whether one of all who wait may look: what one is refused may be granted to another."""
        while self._unasked:
            if await self._unasked.pop(0)(address):
                return True
        return False

    def _tell(self, stage: Stage) -> None:
        self._begun.append(stage)
        for watch in self._watching:
            watch(stage)

    def _forget(self) -> None:
        if self._cache.flights.get(self._key) is self:
            del self._cache.flights[self._key]
