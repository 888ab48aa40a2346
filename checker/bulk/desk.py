"""What a run leaves at a worker of a cluster: looks that go on from one task to the next.

A task that waited for the slowest of its hosts would hold the others' results back for a minute. So
each one brings looks, takes along what is ready by then, and leaves the rest to the next one.
"""

import asyncio
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import checker
from checker.bulk.domains import World
from checker.bulk.looks import Job, Looked
from checker.faults import in_short

if TYPE_CHECKING:
    from checker.bulk.looker import Here

_WAIT = 0.3
"""Seconds for which a task waits for the first result."""

_LINGER = 0.05
"""Seconds more for others."""

_FORGOTTEN = 300.0
"""Seconds after which looks end for which nobody comes any more."""

_desks: dict[str, "_Desk"] = {}


class Parcel:
    """What a task is given and what it gives back, without a word of it in anybody's log."""

    def __init__(self, content: object) -> None:
        """Pack something."""
        self._data = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)

    def open(self) -> object:
        """What is inside."""
        return pickle.loads(self._data)  # noqa: S301 - from our own program, as the task itself


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do.

    Attributes:
        run: Tells one run from another.
        make: Makes what is looked with.
        jobs: Looks to be begun, with their numbers.
        begun: The numbers of others that are awaited.
        prove: See whether port 25 is open, and nothing else.
    """

    run: str
    make: Callable[[], World]
    jobs: tuple[tuple[int, Job], ...] = ()
    begun: frozenset[int] = frozenset()
    prove: bool = False


@dataclass(frozen=True, slots=True)
class Proved:
    """What a worker says of itself.

    Attributes:
        version: Of this program.
        is_open: Whether its port 25 is open; none where there is no canary.
    """

    version: str
    is_open: bool | None


@dataclass(frozen=True, slots=True)
class Broken:
    """What a worker could not do by a fault of ours, or of how it is set up."""

    why: str


Outcome = tuple[tuple[int, Looked | Broken], ...]


async def serve(parcel: Parcel) -> Parcel:
    """Do what an order says; runs on the worker's event loop.

    Whatever goes wrong is part of the answer: the worker would log an exception with its arguments.
    """
    try:
        order = parcel.open()
        assert isinstance(order, Order)  # noqa: S101 - as the client packs it
        desk = _desks.get(order.run)
        if desk is None:
            desk = _desks[order.run] = _Desk(order)
        return Parcel(await desk.serve(order))
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is to know
        return Parcel(Broken(in_short(error)))


class _Desk:
    """The looks of one run at this worker."""

    def __init__(self, order: Order) -> None:
        self._here: Here = order.make().looker("this worker")
        self._run = order.run
        self._looks: dict[int, asyncio.Task[Looked]] = {}
        self._forgetting = asyncio.get_running_loop().call_later(_FORGOTTEN, self._forget)

    async def serve(self, order: Order) -> Proved | Outcome | Broken:
        loop = asyncio.get_running_loop()
        self._forgetting.cancel()
        self._forgetting = loop.call_later(_FORGOTTEN, self._forget)
        if order.prove:
            return Proved(checker.__version__, await self._here.prove())
        if not order.begun <= self._looks.keys():
            return Broken("it has begun anew")
        for number, job in order.jobs:
            self._looks[number] = loop.create_task(self._here.take(job))
        if self._looks:
            first = asyncio.FIRST_COMPLETED
            done, rest = await asyncio.wait(self._looks.values(), timeout=_WAIT, return_when=first)
            if done and rest:
                await asyncio.wait(rest, timeout=_LINGER)
        ready = [number for number, look in self._looks.items() if look.done()]
        return tuple((number, _outcome(self._looks.pop(number))) for number in ready)

    def _forget(self) -> None:
        for look in self._looks.values():
            look.cancel()
        _desks.pop(self._run, None)


def _outcome(look: asyncio.Task[Looked]) -> Looked | Broken:
    if look.cancelled():
        return Broken("cancelled")
    error = look.exception()
    return look.result() if error is None else Broken(in_short(error))
