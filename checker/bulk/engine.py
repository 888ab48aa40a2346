"""A run: domains go in, at most so many at a time, and what came of them is committed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from checker.bulk.clock import Clock
from checker.bulk.looks import NOT_CONNECTED, Deferred, Looked, Looking, Looks, OfOneDomain
from checker.bulk.port import PortClosedError, PortWatch
from checker.bulk.questions import AskedOnce
from checker.bulk.store import Pending, Run, Store, StoreError
from checker.bulk.turns import Caps, Turns
from checker.canary import Canary
from checker.check import Answer, Checker, Through
from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.prober import Prober
from checker.conversation.smtp import Conversation
from checker.conversation.trust import Trust
from checker.domain import Domain
from checker.facts import Seen
from checker.faults import note
from checker.function.guard.opt_out import OptOuts, Respectful
from checker.function.guard.pace import Pace
from checker.function.guard.store import MemoryStore
from checker.function.guard.unasked import unasked
from checker.moment import now
from checker.network import Network, Permits, StsFetcher, always
from checker.operators import Operator
from checker.problems import Cause
from checker.tell.answer import to_json

if TYPE_CHECKING:
    from datetime import datetime

_AT_ONCE = 1_000
"""Domains whose check has begun; most of them wait for a look."""

_WORKING = 64
"""Those of them that do something, and do not wait for a look."""

_FETCHING = 8
"""MTA-STS policies that are fetched at the same time."""

_OFTEN = 0.5
"""Seconds after which is committed what has come."""

_PATIENCE = 86_400.0
"""Seconds that a domain waits, if need be, until this process has time for it."""


@dataclass(frozen=True, slots=True)
class World:
    """What a run is done with.

    Attributes:
        network: The outside world.
        trust: The certificate authorities.
        operators: Whose servers are simulated.
        opt_outs: Whom to leave alone.
        canary: Tells whether port 25 is open here.
        caps: How much is asked at a time.
        leave: Is called at the end, while the event loop still runs.
    """

    network: Network
    trust: Trust
    operators: Sequence[Operator]
    opt_outs: OptOuts = field(default_factory=OptOuts)
    canary: Canary | None = None
    caps: Caps = field(default_factory=Caps)
    leave: Callable[[], None] = lambda: None

    def lacks_authorities(self) -> bool:
        """Whether an operator needs certificate authorities, and there is none."""
        checker = Checker(self.network, self.trust)
        return any(map(checker.lacks_authorities, self.operators))


@dataclass(frozen=True, slots=True)
class _Done:
    """A domain with its answers."""

    id: int
    answers: tuple[Answer, ...]


class Engine:
    """Does one run, or what is left of it."""

    def __init__(
        self,
        world: World,
        store: Store,
        run: Run,
        tell: Callable[[Sequence[Answer]], None] = lambda _: None,
        prober: Looking | None = None,
    ) -> None:
        """Prepare.

        Args:
            world: What it is done with.
            store: Where it is kept.
            run: Which one.
            tell: Is told the answers of each domain that was committed.
            prober: Takes looks; production's unless given.
        """
        self._store = store
        self._run = run
        self._tell = tell
        self._opt_outs = world.opt_outs
        self._operators = world.operators
        network = replace(world.network, resolver=AskedOnce(world.network.resolver))
        self._resolver = network.resolver
        self._checker = Checker(network, world.trust)
        self._leave = world.leave
        self._turns = Turns(world.caps)
        self._canary = world.canary
        self._port = PortWatch(world.canary)
        self._memory = _Memory(store, run, self._port)
        self._looks = Looks(
            prober or Prober(network, world.trust),
            self._turns,
            self._memory,
            network.limits.total,
        )
        self._working = asyncio.Semaphore(_WORKING)
        self._fetching = asyncio.Semaphore(_FETCHING)
        self._begun = asyncio.Semaphore(_AT_ONCE)
        self._pace = Pace(_PATIENCE)
        self._done: list[_Done] = []
        self._deferred: list[Pending] = []
        self._failed = 0

    async def run(self) -> int:
        """Do it.

        Returns:
            How many domains have no answer by a fault of ours; the run has not ended, then.

        Raises:
            PortClosedError: Port 25 is closed here. What depends on that was not committed.
            StoreError: The file cannot be written.
        """
        await self._port.prove()
        try:
            async with asyncio.TaskGroup() as tasks:
                committing = tasks.create_task(self._commit_often())
                await self._feed(tasks)
                committing.cancel()
        except* (StoreError, PortClosedError) as group:
            raise group.exceptions[0] from None
        finally:
            await self._looks.close()
            await self._checker.close()
            if self._canary is not None:
                await self._canary.close()
            self._leave()
            self._commit()
        return self._failed

    async def _feed(self, tasks: asyncio.TaskGroup) -> None:
        last: Pending | None = None
        while pending := self._store.pending(self._run, last):
            await self._begin(tasks, pending)
            last = pending[-1]
        await self._all_ended()
        # Who answered 421 comes last.
        if self._deferred:
            await self._turns.last_call()
            await self._begin(tasks, self._deferred)
            await self._all_ended()
        # What is still in doubt now was not many.
        await self._port.settle()
        self._port.connected()

    async def _begin(self, tasks: asyncio.TaskGroup, pending: Sequence[Pending]) -> None:
        for one in pending:
            await self._begun.acquire()
            await self._pace.begin()
            tasks.create_task(self._check(one)).add_done_callback(lambda _: self._begun.release())

    async def _all_ended(self) -> None:
        for _ in range(_AT_ONCE):
            await self._begun.acquire()
        for _ in range(_AT_ONCE):
            self._begun.release()

    async def _check(self, pending: Pending) -> None:
        domain = Domain(pending.domain, pending.domain)
        try:
            answers = [await self._answer(domain, operator) for operator in self._operators]
        except Deferred:
            self._deferred.append(pending)
        except Exception as error:  # noqa: BLE001 - whatever it is, other domains are no worse
            note("a domain could not be checked", error)
            self._failed += 1
        else:
            self._done.append(_Done(pending.id, tuple(answers)))

    async def _answer(self, domain: Domain, operator: Operator) -> Answer:
        clock = Clock(self._working)
        through = Through(
            prober=lambda _: self._prober(domain, clock),
            fetcher=lambda fetcher: _Fetching(fetcher, self._fetching, clock),
            begin=clock.begin,
            timeout=clock.timeout,
        )
        try:
            return await self._checker.check(domain, operator, through=through)
        finally:
            clock.end()

    def _prober(self, domain: Domain, clock: Clock) -> Probing:
        if self._opt_outs.name(domain.ascii):
            return _NotAsked()
        return Respectful(
            OfOneDomain(self._looks, clock), self._opt_outs, self._resolver, MemoryStore(0), 0
        )

    async def _commit_often(self) -> None:
        while True:
            await asyncio.sleep(_OFTEN)
            await self._port.settle()
            self._commit()

    def _commit(self) -> None:
        """Commit what can be relied on."""
        ready = [one for one in self._done if self._is_proved(one)]
        looks = self._memory.take()
        if not ready and not looks:
            return
        with self._store.transaction():
            for key, looked in looks:
                self._store.keep_look(self._run, key, looked.dump())
            for one in ready:
                self._store.keep_answers(one.id, map(to_json, one.answers))
        committed = {one.id for one in ready}
        self._done = [one for one in self._done if one.id not in committed]
        for one in ready:
            self._tell(one.answers)

    def _is_proved(self, done: _Done) -> bool:
        """Whether all servers that could not be connected to are at fault themselves."""
        return all(
            attempt.checked_at is None or self._port.is_proved(attempt.checked_at)
            for answer in done.answers
            for attempt in answer.attempts
            if any(finding.id in NOT_CONNECTED for finding in attempt.findings)
        )


class _NotAsked:
    """The prober of a domain whose owner wants no checks."""

    async def probe(self, _probe: Probe, _watch: Watch) -> tuple[Seen, Conversation | None]:
        return unasked(Cause.OPTED_OUT, now()), None


class _Fetching:
    """A fetcher that waits, at no cost to the domain, while many policies are being fetched."""

    def __init__(self, fetcher: StsFetcher, room: asyncio.Semaphore, clock: Clock) -> None:
        self._fetcher = fetcher
        self._room = room
        self._clock = clock

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        with self._clock.stopped():
            await self._room.acquire()
        try:
            return await self._fetcher.fetch(domain, permits)
        finally:
            self._room.release()


class _Memory:
    """The looks of a run; those that cannot be relied on are not committed."""

    def __init__(self, store: Store, run: Run, port: PortWatch) -> None:
        self._store = store
        self._run = run
        self._port = port
        self._new: dict[str, tuple[datetime, Looked]] = {}

    def find(self, key: str) -> Looked | None:
        if key in self._new:
            return self._new[key][1]
        text = self._store.look(self._run, key)
        try:
            return None if text is None else Looked.load(text)
        except (TypeError, ValueError):
            return None

    def keep(self, key: str, looked: Looked) -> None:
        began = looked.seen.at if looked.seen is not None else now()
        if looked.is_unconnected:
            self._port.unconnected(began)
        else:
            self._port.connected()
        self._new[key] = (began, looked)

    def take(self) -> list[tuple[str, Looked]]:
        """Those that are to be committed now."""
        taken = [
            (key, looked)
            for key, (began, looked) in self._new.items()
            if not looked.is_unconnected or self._port.is_proved(began)
        ]
        for key, _ in taken:
            del self._new[key]
        return taken
