"""Whole domains, checked side by side by one process, with looks that come from elsewhere."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from checker.bulk.attempts import Attempts
from checker.bulk.clock import Clock
from checker.bulk.looker import Here
from checker.bulk.looks import Deferred, Looks, OfOneDomain, Source
from checker.bulk.questions import AskedOnce
from checker.bulk.store import Row
from checker.bulk.turns import Caps
from checker.canary import Canary
from checker.check import Answer, Checker, Through
from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.prober import Prober
from checker.conversation.smtp import Conversation
from checker.conversation.trust import Trust
from checker.domain import Domain
from checker.facts import Seen
from checker.function.guard.opt_out import OptOuts, Respectful
from checker.function.guard.pace import Pace
from checker.function.guard.store import MemoryStore
from checker.function.guard.unasked import unasked
from checker.moment import now
from checker.network import Network, Permits, StsFetcher, always
from checker.operators import Operator
from checker.problems import Cause
from checker.tell.answer import to_json

_WORKING = 64
"""Domains that do something, and do not wait for a look."""

_FETCHING = 8
"""MTA-STS policies that are fetched at the same time."""

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

    def looker(self, name: str) -> Here:
        """Who takes looks here."""
        prober = Prober(self.network, self.trust)
        return Here(prober, self.network.limits.total, self.canary, name)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a domain.

    Attributes:
        rows: For each operator.
        doubts: The numbers of the doubts that they rest on.
    """

    rows: tuple[Row, ...]
    doubts: frozenset[int]


class Checks(Protocol):
    """Checks domains.

    Attributes:
        name: As people are told of it.
    """

    name: str

    async def check(self, domain: str) -> Checked | None:
        """What comes of a domain; none where it is to be checked later.

        Raises:
            LostError: Whoever was asked is gone.
        """


class Domains:
    """Checks domains in this process."""

    def __init__(self, world: World, source: Source, name: str = "this process") -> None:
        """Prepare.

        Args:
            world: What they are checked with.
            source: Where looks come from.
            name: As people are told of it.
        """
        self.name = name
        self._opt_outs = world.opt_outs
        self._operators = world.operators
        self._leave = world.leave
        self._canary = world.canary
        network = replace(world.network, resolver=AskedOnce(world.network.resolver))
        self._resolver = network.resolver
        self._checker = Checker(network, world.trust)
        self._looks = Looks(source, Prober(network, world.trust).leaves_doubt)
        self._attempts = Attempts()
        self._working = asyncio.Semaphore(_WORKING)
        self._fetching = asyncio.Semaphore(_FETCHING)
        self._pace = Pace(_PATIENCE)

    async def check(self, domain: str) -> Checked | None:
        """What comes of a domain; none where it is to be checked later."""
        await self._pace.begin()
        doubts: set[int] = set()
        rows = []
        try:
            for operator in self._operators:
                answer = await self._answer(Domain(domain, domain), operator, doubts)
                rows.append(Row.of(to_json(answer)))
        except Deferred:
            return None
        return Checked(tuple(rows), frozenset(doubts))

    async def close(self) -> None:
        """Leave the outside world."""
        await self._checker.close()
        if self._canary is not None:
            await self._canary.close()
        self._leave()

    async def _answer(self, domain: Domain, operator: Operator, doubts: set[int]) -> Answer:
        clock = Clock(self._working)
        shared = OfOneDomain(self._looks, clock)
        through = Through(
            prober=lambda _: self._prober(domain, shared),
            fetcher=lambda fetcher: _Fetching(fetcher, self._fetching, clock),
            begin=clock.begin,
            timeout=clock.timeout,
            joining=self._attempts.join,
        )
        try:
            return await self._checker.check(domain, operator, through=through)
        finally:
            clock.end()
            doubts |= shared.doubts

    def _prober(self, domain: Domain, shared: OfOneDomain) -> Probing:
        if self._opt_outs.name(domain.ascii):
            return _NotAsked()
        return Respectful(shared, self._opt_outs, self._resolver, MemoryStore(0), 0)


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
