"""All who take looks in a run, and how far each of them can be relied on."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from functools import partial
from itertools import count

from checker.bulk.looker import Looker, LostError, UnfitError
from checker.bulk.looks import Job, Looked
from checker.bulk.port import PortClosedError, PortWatch
from checker.moment import now

_FATES = {
    PortClosedError: "gets no more looks",
    LostError: "is gone, and others do its work",
    UnfitError: "gets no looks",
}


class Proof(Enum):
    """What became of a doubt whether a server could not be connected to by a fault of our own."""

    OPEN = auto()
    WAITING = auto()
    VOID = auto()


@dataclass(slots=True, eq=False)
class _Member:
    looker: Looker
    watch: PortWatch
    looks: int = 0
    """That it is taking."""


@dataclass(slots=True)
class _Doubt:
    member: _Member
    began: datetime


@dataclass(slots=True)
class Lookers:
    """Gives each look to whoever has the least to do.

    Attributes:
        remark: Is told who is given no more looks, and why.
        may_come: Others may come yet, unless the last one was of no use.
    """

    remark: Callable[[str], None]
    may_come: bool = False
    _hopeless: PortClosedError | UnfitError | None = None
    """Why the last one was sent away, if that will not change by itself."""
    _proving_first: int = 0
    """Those who may be added soon."""
    _members: list[_Member] = field(default_factory=list)
    _doubts: dict[int, _Doubt] = field(default_factory=dict)
    _void: set[int] = field(default_factory=set)
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))
    _proving: dict[_Member, asyncio.Task[None]] = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _is_over: bool = False

    async def add(self, looker: Looker) -> bool:
        """Let somebody take looks, once it has proved that its port 25 is open; whether it has."""
        member = _Member(looker, PortWatch(looker.prove))
        self._proving_first += 1
        try:
            await member.watch.prove()
        except (PortClosedError, LostError) as error:
            self._send_away(member, error)
            return False
        finally:
            self._proving_first -= 1
        self._members.append(member)
        self._arrived.set()
        return True

    async def take(self, job: Job) -> Looked:
        """Have a look taken, if need be by one after the other."""
        while True:
            while not self._members:
                self._arrived.clear()
                await self._arrived.wait()
            member = min(self._members, key=lambda one: one.looks)
            member.looks += 1
            began = now()
            try:
                looked = await member.looker.take(job)
            except LostError as error:
                if member in self._members:
                    self._send_away(member, error)
                continue
            finally:
                member.looks -= 1
            if not looked.is_unconnected:
                member.watch.connected(began)
                return looked
            if member not in self._members and not member.watch.is_proved(began):
                continue
            member.watch.unconnected(began)
            number = next(iter(self._numbers))
            self._doubts[number] = _Doubt(member, began)
            return replace(looked, doubt=number)

    def proof(self, number: int | None) -> Proof:
        """What became of a doubt; none is no doubt."""
        if number in self._void:
            return Proof.VOID
        if number is None or (doubt := self._doubts.get(number)) is None:
            return Proof.OPEN
        if not doubt.member.watch.is_proved(doubt.began):
            return Proof.WAITING
        del self._doubts[number]
        return Proof.OPEN

    def settle(self) -> None:
        """See to it that those prove their port anew who could not connect to many servers.

        Raises:
            PortClosedError: There is none left who could look.
            UnfitError: There is none who ever will.
        """
        for member in self._members:
            if member.watch.is_doubtful and member not in self._proving:
                task = asyncio.create_task(self._settle(member))
                self._proving[member] = task
                task.add_done_callback(partial(self._settled, member))
        if self._members or self._proving_first:
            return
        if self._hopeless is not None or not self.may_come:
            raise self._hopeless or PortClosedError("nobody is left who could look")

    async def settled(self) -> None:
        """Wait until they have, or have been sent away.

        Raises:
            PortClosedError: There is none left who could look.
            UnfitError: There is none who ever will.
        """
        self.settle()
        await asyncio.gather(*self._proving.values())
        self.settle()

    async def close(self) -> None:
        """Ask no canary any more, and miss nobody who ends now."""
        self._is_over = True
        tasks = list(self._proving.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _settle(self, member: _Member) -> None:
        """Send somebody away whose port is closed; what it could not connect to is void."""
        try:
            await member.watch.settle()
        except (PortClosedError, LostError) as error:
            if member in self._members:
                self._send_away(member, error)

    def _settled(self, member: _Member, _: object) -> None:
        del self._proving[member]

    def trust(self) -> None:
        """Believe all that is still in doubt: it is not much."""
        for member in self._members:
            member.watch.connected()

    def _send_away(self, member: _Member, error: PortClosedError | LostError) -> None:
        self._members = [one for one in self._members if one is not member]
        self._hopeless = error if isinstance(error, PortClosedError | UnfitError) else None
        # Of the last one it is told anyway.
        if (self._members or self.may_come) and not self._is_over:
            self.remark(f"{member.looker.name} {_FATES[type(error)]}: {error}")
        # Of one that died while it waited for a proof there will be none.
        for number, doubt in list(self._doubts.items()):
            if doubt.member is member and not member.watch.is_proved(doubt.began):
                del self._doubts[number]
                self._void.add(number)
