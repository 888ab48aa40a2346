"""A run: domains go in, at most so many at a time, and what came of them is committed."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.bulk.broker import Broker
from checker.bulk.domains import Checked, Checks, Domains, World
from checker.bulk.looker import Looker, LostError, UnfitError
from checker.bulk.lookers import Lookers, Proof
from checker.bulk.looks import Looked
from checker.bulk.port import PortClosedError
from checker.bulk.process import Process
from checker.bulk.store import Pending, Row, Run, Store, StoreError
from checker.bulk.turns import Turns
from checker.faults import note

if TYPE_CHECKING:
    from checker.bulk.cluster import Cluster

_AT_ONCE = 1_000
"""Domains whose check has begun, of each process; most of them wait for a look."""

_OFTEN = 0.5
"""Seconds after which is committed what has come."""

_TRIES = 2
"""Processes that may end while they check a domain, before it is left alone."""


def _ignore(_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Help:
    """Who does a run's work besides this process.

    Attributes:
        make: Makes the same world in another process; is pickled.
        processes: How many there are in all, with this one.
        cluster: Whose workers take all looks.
    """

    make: Callable[[], World] | None = None
    processes: int = 1
    cluster: "Cluster | None" = None


@dataclass(slots=True, eq=False)
class _Checking:
    """Somebody who checks domains.

    Attributes:
        who: That one.
        domains: That it is checking.
    """

    who: Checks
    domains: int = 0


@dataclass(frozen=True, slots=True)
class _Done:
    """A domain with what came of it."""

    pending: Pending
    checked: Checked


class Engine:
    """Does one run, or what is left of it."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a run is made of
        self,
        world: World,
        store: Store,
        run: Run,
        tell: Callable[[Sequence[Row]], None] = _ignore,
        remark: Callable[[str], None] = _ignore,
        help_: Help = Help(),
    ) -> None:
        """Prepare.

        Args:
            world: What it is done with.
            store: Where it is kept.
            run: Which one.
            tell: Is told the rows of each domain that was committed.
            remark: Is told what people should know of who takes part.
            help_: Who does the work besides this process.
        """
        self._world = world
        self._store = store
        self._run = run
        self._tell = tell
        self._remarked: set[str] = set()
        self._tell_people = remark
        self._help = help_
        self._turns = Turns(world.caps)
        self._lookers = Lookers(self._remark, may_come=help_.cluster is not None)
        self._memory = _Memory(store, run, self._lookers)
        self._broker = Broker(self._turns, self._memory, self._lookers)
        self._checking: list[_Checking] = []
        self._ready: deque[Pending] = deque()
        self._last: Pending | None = None
        self._changed = asyncio.Condition()
        self._done: list[_Done] = []
        self._deferred: list[Pending] = []
        self._ends: Counter[int] = Counter()
        self._failed = 0

    async def run(self) -> int:
        """Do it.

        Returns:
            How many domains have no answer by a fault of ours; the run has not ended, then.

        Raises:
            PortClosedError: Port 25 is closed to all who could look. What depends on that was not
                committed.
            StoreError: The file cannot be written.
            UnfitError: No worker of the cluster can take looks, or ever will.
            ClusterError: The cluster cannot be used.
        """
        try:
            async with AsyncExitStack() as stack:
                await self._call_together(stack)
                async with asyncio.TaskGroup() as tasks:
                    committing = tasks.create_task(self._commit_often())
                    await self._feed(tasks)
                    committing.cancel()
        except* (StoreError, PortClosedError, UnfitError) as group:
            raise _first(group) from None
        finally:
            self._commit()
        return self._failed

    def _remark(self, text: str) -> None:
        """Say something once, whoever notices it."""
        if text not in self._remarked:
            self._remarked.add(text)
            self._tell_people(text)

    async def _call_together(self, stack: AsyncExitStack) -> None:
        """See who checks domains, and who looks."""
        own = Domains(self._world, self._broker)
        stack.push_async_callback(own.close)
        self._checking.append(_Checking(own))
        lookers: list[Looker] = [self._world.looker("this process")]
        for number in range(2, self._help.processes + 1):
            assert self._help.make is not None  # noqa: S101 - else there is one process
            share = self._world.caps.connections
            try:
                process = await Process.start(number, self._help.make, share, self._broker.look)
            except OSError as error:
                self._remark(f"no further process can be started: {error.strerror}")
                break
            stack.push_async_callback(process.close)
            self._checking.append(_Checking(process))
            lookers.append(process)
        # Whose looks end first is not missed by anybody then.
        stack.push_async_callback(self._lookers.close)
        stack.push_async_callback(self._broker.close)
        if self._help.cluster is None:
            await asyncio.gather(*map(self._lookers.add, lookers))
        else:
            await stack.enter_async_context(self._help.cluster.joined(self._lookers))
        self._lookers.settle()

    async def _feed(self, tasks: asyncio.TaskGroup) -> None:
        await self._check_all(tasks)
        # Who answered 421 comes last.
        if self._deferred:
            await self._turns.last_call()
            self._ready.extend(self._deferred)
            self._deferred.clear()
            await self._check_all(tasks)

    async def _check_all(self, tasks: asyncio.TaskGroup) -> None:
        """Check what there is, until nothing of it is in doubt."""
        while True:
            while (pending := self._next()) is not None:
                checking = await self._free()
                checking.domains += 1
                tasks.create_task(self._check(checking, pending))
            async with self._changed:
                await self._changed.wait_for(lambda: self._ready or not self._busy())
            if self._ready:
                continue
            # What is still in doubt now is not much.
            await self._lookers.settled()
            self._lookers.trust()
            self._sort_out()
            if not self._ready:
                return

    def _next(self) -> Pending | None:
        if not self._ready:
            self._ready.extend(self._store.pending(self._run, self._last))
            if not self._ready:
                return None
            self._last = self._ready[-1]
        return self._ready.popleft()

    async def _free(self) -> _Checking:
        """Who has the least to do, once anybody has room."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._least().domains < _AT_ONCE)
            return self._least()

    def _least(self) -> _Checking:
        return min(self._checking, key=lambda one: one.domains)

    def _busy(self) -> int:
        return sum(one.domains for one in self._checking)

    async def _check(self, checking: _Checking, pending: Pending) -> None:
        try:
            checked = await checking.who.check(pending.domain)
        except LostError as error:
            self._lose(checking, pending, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, other domains are no worse
            note("a domain could not be checked", error)
            self._failed += 1
        else:
            if checked is None:
                self._deferred.append(pending)
            else:
                self._done.append(_Done(pending, checked))
        finally:
            checking.domains -= 1
            async with self._changed:
                self._changed.notify_all()

    def _lose(self, checking: _Checking, pending: Pending, error: LostError) -> None:
        """Let others check what a process did that is gone."""
        if checking in self._checking:
            self._checking = [one for one in self._checking if one is not checking]
            self._remark(f"{checking.who.name} is gone, and others do its work: {error}")
        self._ends[pending.id] += 1
        if self._ends[pending.id] < _TRIES:
            self._ready.append(pending)
        else:
            self._failed += 1

    async def _commit_often(self) -> None:
        while True:
            await asyncio.sleep(_OFTEN)
            self._lookers.settle()
            if self._sort_out():
                async with self._changed:
                    self._changed.notify_all()
            self._commit()

    def _sort_out(self) -> bool:
        """Let be checked again what rests on a look that is void; whether there was any."""
        void = [one for one in self._done if Proof.VOID in self._proofs(one)]
        self._done = [one for one in self._done if one not in void]
        self._ready.extend(one.pending for one in void)
        return bool(void)

    def _proofs(self, done: _Done) -> set[Proof]:
        return {self._lookers.proof(number) for number in done.checked.doubts}

    def _commit(self) -> None:
        """Commit what can be relied on."""
        ready, waiting = list[_Done](), list[_Done]()
        for one in self._done:
            (ready if self._proofs(one) <= {Proof.OPEN} else waiting).append(one)
        looks = self._memory.take()
        if not ready and not looks:
            return
        with self._store.transaction():
            for key, looked in looks:
                self._store.keep_look(self._run, key, looked.dump())
            for one in ready:
                self._store.keep_answers(one.pending.id, one.checked.rows)
        self._done = waiting
        for one in ready:
            self._tell(one.checked.rows)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


class _Memory:
    """The looks of a run; those that cannot be relied on are not committed."""

    def __init__(self, store: Store, run: Run, lookers: Lookers) -> None:
        self._store = store
        self._run = run
        self._lookers = lookers
        self._new: dict[str, Looked] = {}

    def find(self, key: str) -> Looked | None:
        looked = self._new.get(key)
        if looked is not None:
            if self._lookers.proof(looked.doubt) is not Proof.VOID:
                return looked
            del self._new[key]
        text = self._store.look(self._run, key)
        try:
            return None if text is None else Looked.load(text)
        except (TypeError, ValueError):
            return None

    def keep(self, key: str, looked: Looked) -> None:
        self._new[key] = looked

    def take(self) -> list[tuple[str, Looked]]:
        """Those that are to be committed now."""
        proofs = {key: self._lookers.proof(looked.doubt) for key, looked in self._new.items()}
        taken = [(key, self._new[key]) for key, proof in proofs.items() if proof is Proof.OPEN]
        self._new = {key: self._new[key] for key, proof in proofs.items() if proof is Proof.WAITING}
        return taken
