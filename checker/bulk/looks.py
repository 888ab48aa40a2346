"""What was seen at an address is judged anew for each name, however many domains lead there.

What the first connection shows depends on the address, on the name in the hello, and on how the
sender's server says it, but not on who asked. Only where the certificate leaves a doubt for a
certain name are there further connections, for that name alone.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from checker.bulk.clock import Clock
from checker.conversation.probe import Probe, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Seen
from checker.function.guard import record
from checker.problems import Stage

_MOST = 4_000
"""Looks that are kept in memory; the others are in the store."""

_NOT_CONNECTED = {"connection-failed", "connection-timeout"}


@dataclass(frozen=True, slots=True)
class Job:
    """A look that somebody is to take.

    Attributes:
        key: What is seen depends on this and on nothing else.
        probe: The address, and what the sender would want there.
        seen: What the first connection showed, where further ones are wanted.
    """

    key: str
    probe: Probe
    seen: Seen | None = None

    @classmethod
    def first(cls, probe: Probe) -> "Job":
        """The first connection."""
        name = probe.host if probe.sni else None
        said = [probe.minimum, probe.maximum, probe.server, probe.system, probe.checking]
        return cls(json.dumps([probe.address, name, *map(str, said)]), probe)

    def closer(self, seen: Seen) -> "Job":
        """Further connections, which depend on the host's name besides."""
        text = json.dumps([self.key, self.probe.host, self.probe.expected])
        digits = hashlib.sha256(text.encode()).hexdigest()
        return Job(f"{self.probe.address} {digits}", self.probe, seen)


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look.

    Attributes:
        seconds: How long it took.
        stages: What began, in order.
        seen: What was seen; none where the time limit of a whole check ended it.
        doubt: The number of the doubt whether there was no connection by a fault of our own.
    """

    seconds: float
    stages: tuple[Stage, ...]
    seen: Seen | None
    doubt: int | None = None

    @property
    def is_unconnected(self) -> bool:
        """Whether there was not even a connection, and that was not for want of a way there."""
        if self.seen is None:
            return self.stages[-1:] == (Stage.CONNECT,)
        finding = self.seen.first.finding
        at_once = self.seen.first.stage is Stage.CONNECT
        return at_once and finding is not None and finding.id in _NOT_CONNECTED

    def dump(self) -> str:
        """As text, without the doubt."""
        seen = None if self.seen is None else record.dump(self.seen)
        return json.dumps([self.seconds, self.stages, seen])

    @classmethod
    def load(cls, text: str) -> "Looked":
        """From such a text.

        Raises:
            ValueError: It is none, or of another version.
        """
        seconds, stages, seen = json.loads(text)
        return cls(seconds, tuple(map(Stage, stages)), None if seen is None else record.load(seen))


class RestingError(Exception):
    """The host answered 421 and is to be left alone for now."""


class Source(Protocol):
    """Has each look taken once a run."""

    async def look(self, job: Job) -> Looked:
        """What came of a look; :class:`RestingError` where it is to be taken later."""


class Looks:
    """The looks that one process knows."""

    def __init__(
        self, source: Source, leaves_doubt: Callable[[Probe, Seen], Awaitable[bool]]
    ) -> None:
        """Know nothing.

        Args:
            source: Where they come from.
            leaves_doubt: Whether more connections would tell more of what was seen.
        """
        self._source = source
        self._leaves_doubt = leaves_doubt
        self._known: OrderedDict[str, Looked] = OrderedDict()
        self._doubts: OrderedDict[str, bool] = OrderedDict()

    async def look(self, probe: Probe) -> Looked:
        """What is to be seen at an address.

        Args:
            probe: The address, and what the sender would want there.

        Raises:
            RestingError: It is to be asked later.
        """
        job = Job.first(probe)
        first = await self._look(job)
        if first.seen is None:
            return first
        closer = job.closer(first.seen)
        if not await self._is_doubtful(closer, first.seen):
            return first
        looked = await self._look(closer)
        return Looked(first.seconds + looked.seconds, first.stages, looked.seen, first.doubt)

    async def _look(self, job: Job) -> Looked:
        looked = self._known.get(job.key)
        if looked is not None:
            self._known.move_to_end(job.key)
            return looked
        looked = await self._source.look(job)
        # What is in doubt may turn out to be void.
        if looked.doubt is None:
            _remember(self._known, job.key, looked)
        return looked

    async def _is_doubtful(self, job: Job, seen: Seen) -> bool:
        if job.key not in self._doubts:
            _remember(self._doubts, job.key, await self._leaves_doubt(job.probe, seen))
        return self._doubts[job.key]


def _remember(
    kept: "OrderedDict[str, Looked] | OrderedDict[str, bool]", key: str, what: object
) -> None:
    kept[key] = what  # type: ignore[assignment]
    if len(kept) > _MOST:
        kept.popitem(last=False)


class Deferred(asyncio.CancelledError):
    """The check of a domain is over for now, as if it had been cancelled."""


class OfOneDomain:
    """The prober of one domain's check.

    Attributes:
        doubts: The numbers of those that its answer rests on.
    """

    def __init__(self, looks: Looks, clock: Clock) -> None:
        """Take the looks, and the clock that stands still while one is waited for."""
        self.doubts: set[int] = set()
        self._looks = looks
        self._clock = clock

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Look at one address; see :class:`checker.conversation.probe.Probing`."""
        try:
            async with self._clock.waiting():
                looked = await self._looks.look(probe)
        except RestingError:
            raise Deferred from None
        if looked.doubt is not None:
            self.doubts.add(looked.doubt)
        for stage in looked.stages:
            watch(stage)
        await self._clock.charge(looked.seconds)
        if looked.seen is None:
            # A single check would not have heard of it, either.
            await asyncio.Event().wait()
            raise AssertionError
        return looked.seen, None
