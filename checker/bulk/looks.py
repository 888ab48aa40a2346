"""Each look is taken once a run: what was seen at an address is judged anew for each name.

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
from checker.bulk.turns import Turns
from checker.conversation.probe import Probe, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Seen
from checker.function.guard import record
from checker.problems import Stage

_MOST = 4_000
"""Looks that are kept in memory; the others are in the store."""

_LEAVING = 10.0
"""Seconds for a good-bye."""

NOT_CONNECTED = {"connection-failed", "connection-timeout"}

_COME_LATER = 421
"""RFC 5321 section 3.8: the server shuts the channel down, mostly because there are too many."""


class Looking(Protocol):
    """Takes looks; see :class:`checker.conversation.prober.Prober`."""

    async def once(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Make the first connection."""

    async def leaves_doubt(self, probe: Probe, seen: Seen) -> bool:
        """Whether there would be further ones."""

    async def closer(self, probe: Probe, seen: Seen) -> Seen:
        """Make them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look.

    Attributes:
        seconds: How long it took.
        stages: What began, in order.
        seen: What was seen; none where the time limit of a whole check ended it.
    """

    seconds: float
    stages: tuple[Stage, ...]
    seen: Seen | None

    @property
    def is_unconnected(self) -> bool:
        """Whether there was not even a connection, and that was not for want of a way there."""
        if self.seen is None:
            return self.stages[-1:] == (Stage.CONNECT,)
        finding = self.seen.first.finding
        at_once = self.seen.first.stage is Stage.CONNECT
        return at_once and finding is not None and finding.id in NOT_CONNECTED

    def dump(self) -> str:
        """As text."""
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


class Memory(Protocol):
    """Keeps looks beyond this process."""

    def find(self, key: str) -> Looked | None:
        """What was kept under a key."""

    def keep(self, key: str, looked: Looked) -> None:
        """Keep what came of a look that was taken just now."""


class RestingError(Exception):
    """The host answered 421 and is to be left alone for now."""


class Looks:
    """All looks of a run."""

    def __init__(
        self,
        prober: Looking,
        turns: Turns,
        memory: Memory,
        limit: float,
    ) -> None:
        """Know nothing but what is kept.

        Args:
            prober: Takes looks.
            turns: Says when.
            memory: Keeps them.
            limit: Seconds after which a look is ended, as a whole check would be.
        """
        self._prober = prober
        self._turns = turns
        self._memory = memory
        self._limit = limit
        self._tasks: OrderedDict[str, asyncio.Task[Looked]] = OrderedDict()
        self._unconnected: dict[str, Looked] = {}
        self._doubts: OrderedDict[tuple[str, str], bool] = OrderedDict()

    async def look(self, probe: Probe) -> Looked:
        """What is to be seen at an address.

        Args:
            probe: The address, and what the sender would want there.

        Raises:
            RestingError: It is to be asked later.
        """
        key = _key(probe)
        first = await self._once(key, probe.address, lambda: self._first(probe))
        if first.seen is None or not await self._doubtful(key, probe, first.seen):
            return first
        closer = await self._once(
            _key_of_name(key, probe), probe.address, lambda: self._closer(probe, first)
        )
        return Looked(first.seconds + closer.seconds, first.stages, closer.seen)

    async def close(self) -> None:
        """End the looks that are being taken."""
        tasks = [task for task in self._tasks.values() if not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _doubtful(self, key: str, probe: Probe, seen: Seen) -> bool:
        doubt = (key, f"{probe.host} {probe.expected}")
        if doubt not in self._doubts:
            self._doubts[doubt] = await self._prober.leaves_doubt(probe, seen)
            if len(self._doubts) > _MOST:
                self._doubts.popitem(last=False)
        return self._doubts[doubt]

    async def _once(self, key: str, address: str, take: Callable[[], Awaitable[Looked]]) -> Looked:
        task = self._tasks.get(key)
        if task is None:
            kept = self._memory.find(key)
            if kept is not None:
                return kept
            if self._turns.is_resting(address):
                raise RestingError
            task = asyncio.create_task(self._take(key, take))
            self._tasks[key] = task
            self._trim()
        else:
            self._tasks.move_to_end(key)
        # Unlike an await of the task, this does not end it when this waiter leaves.
        await asyncio.wait({task})
        return task.result()

    def _trim(self) -> None:
        while len(self._tasks) > _MOST and next(iter(self._tasks.values())).done():
            self._tasks.popitem(last=False)

    async def _take(self, key: str, take: Callable[[], Awaitable[Looked]]) -> Looked:
        try:
            looked = await take()
        except BaseException:
            self._tasks.pop(key, None)
            raise
        self._memory.keep(key, looked)
        return looked

    async def _first(self, probe: Probe) -> Looked:
        stages: list[Stage] = []

        async def look() -> Seen:
            seen, conversation = await self._prober.once(probe, stages.append)
            if conversation is not None:
                # The next one would be a second connection to the same host.
                leaving.append(conversation)
            return seen

        leaving: list[Conversation] = []
        async with self._turns.turn(probe.host, probe.address):
            if self._turns.is_resting(probe.address):
                raise RestingError
            # Whoever gives no connection gives none, whatever was to be said on it.
            if (looked := self._unconnected.get(probe.address)) is not None:
                return looked
            looked = await self._timed(look, stages)
            await _take_leave(leaving)
        if looked.is_unconnected:
            self._unconnected[probe.address] = looked
        if _is_to_rest(looked.seen) and self._turns.rest(probe.address):
            raise RestingError
        return looked

    async def _closer(self, probe: Probe, first: Looked) -> Looked:
        seen = first.seen
        assert seen is not None  # noqa: S101 - else there is nothing to look at more closely
        async with self._turns.turn(probe.host, probe.address):
            return await self._timed(lambda: self._prober.closer(probe, seen), [])

    async def _timed(self, look: Callable[[], Awaitable[Seen]], stages: list[Stage]) -> Looked:
        clock = asyncio.get_running_loop().time
        began = clock()
        seen = None
        try:
            async with asyncio.timeout(self._limit):
                seen = await look()
        except TimeoutError:
            return Looked(max(clock() - began, self._limit), tuple(stages), None)
        return Looked(clock() - began, tuple(stages), seen)


async def _take_leave(leaving: list[Conversation]) -> None:
    try:
        async with asyncio.timeout(_LEAVING):
            for conversation in leaving:
                await conversation.quit()
    except (TimeoutError, OSError):
        for conversation in leaving:
            conversation.stream.close()


def _is_to_rest(seen: Seen | None) -> bool:
    return seen is not None and any(reply.code == _COME_LATER for reply in seen.first.replies)


def _key(probe: Probe) -> str:
    """What the first connection depends on."""
    name = probe.host if probe.sni else None
    said = [probe.minimum, probe.maximum, probe.server, probe.system, probe.checking]
    return json.dumps([probe.address, name, *map(str, said)])


def _key_of_name(key: str, probe: Probe) -> str:
    """What further ones depend on besides."""
    text = json.dumps([key, probe.host, probe.expected])
    return f"{probe.address} {hashlib.sha256(text.encode()).hexdigest()}"


class Deferred(asyncio.CancelledError):
    """The check of a domain is over for now, as if it had been cancelled."""


class OfOneDomain:
    """The prober of one domain's check, which shares the looks of the run."""

    def __init__(self, looks: Looks, clock: Clock) -> None:
        """Take the looks, and the clock that stands still while one is waited for."""
        self._looks = looks
        self._clock = clock

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Look at one address; see :class:`checker.conversation.probe.Probing`."""
        try:
            async with self._clock.waiting():
                looked = await self._looks.look(probe)
        except RestingError:
            raise Deferred from None
        for stage in looked.stages:
            watch(stage)
        await self._clock.charge(looked.seconds)
        if looked.seen is None:
            # A single check would not have heard of it, either.
            await asyncio.Event().wait()
            raise AssertionError
        return looked.seen, None
