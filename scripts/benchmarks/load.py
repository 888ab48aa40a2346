"""A thousand visitors at once, some of whom ask for domains that never answer."""

import asyncio
import itertools
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import median, quantiles
from zlib import crc32

from checker.function.descriptors import room
from scripts.benchmarks.flooding import KINDS, flooding
from scripts.benchmarks.many_domains import FLOOD, MUTE, SILENT, ZONE, serving
from scripts.benchmarks.running import Function, Held, running
from scripts.benchmarks.table import seconds
from scripts.benchmarks.visitors import Accept, Visit, Visitor, visit

GREEDY = "198.18.0.1"
"""One address of many visitors."""

_WARM_UP = 2
_ROUNDS = 3
_SLOWER = 2.0
_GROWTH = 1.1
_GRACE = 30.0
_FLOODED = 0.5
_BESIDE = 1.0
_AT_ONCE = 10
_OTHERS = 200
_EVERY = 0.05
_WAVE = 1.0
_MEGABYTE = 1_000_000
_OK, _TOO_MANY = 200, 429


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many visitors come at once.

    Attributes:
        healthy: Who ask for a healthy domain, each from an address of its own.
        greedy: Who do so, all from one address.
        hanging: Who ask for a domain whose DNS or mail server says nothing.
    """

    healthy: int
    greedy: int
    hanging: int

    def visitors(self, *, hanging: bool = True) -> list[Visitor]:
        """They, mixed, and the same ones each time; those who hang perhaps left out."""
        ways, kinds = cycle(Accept), cycle((MUTE, SILENT))
        one_each = [
            Visitor(_address(number), f"d{number}.{ZONE}", next(ways))
            for number in range(self.healthy)
        ]
        greedy = [Visitor(GREEDY, f"g{number}.{ZONE}") for number in range(self.greedy)]
        hung = [
            Visitor(_address(self.healthy + number), f"{next(kinds)}{number}.{ZONE}", next(ways))
            for number in range(self.hanging if hanging else 0)
        ]
        return sorted([*one_each, *greedy, *hung], key=lambda one: crc32(one.domain.encode()))


@dataclass(frozen=True, slots=True)
class Stop:
    """What came of a stop while checks went on.

    Attributes:
        visits: Of those who were waiting.
        seconds: Until the process had ended.
        status: Its exit status; none where it had to be killed.
        said: What it wrote until then.
    """

    visits: Sequence[Visit]
    seconds: float
    status: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Floods:
    """What came of mail servers that flood.

    Attributes:
        work: Seconds of processor time that a check of each kind took, by its name.
        beside: Visits of others, who ask for healthy domains one after the other, while ten such
            checks begin together each second.
    """

    work: Mapping[str, float]
    beside: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured.

    Attributes:
        alone: Rounds without visitors who hang.
        crowded: The same, with them.
        before: What the process held after some rounds.
        after: What it held after the last one.
        floods: What came of floods.
        stop: How it stopped.
    """

    alone: Sequence[Sequence[Visit]]
    crowded: Sequence[Sequence[Visit]]
    before: Held
    after: Held
    floods: Floods
    stop: Stop


def late(rounds: Sequence[Sequence[Visit]]) -> float:
    """Seconds after which 95 of 100 who asked for a healthy domain had their answer."""
    return median(
        quantiles((one.seconds for one in visits if _is_healthy(one)), n=20)[-1]
        for visits in rounds
    )


def targets(load: Load) -> list[tuple[bool, str]]:
    """Which targets are reached, and what was measured."""
    visits = [one for visits in (*load.alone, *load.crowded) for one in visits]
    codes = Counter(one.status for one in visits)
    others = codes.total() - codes[_OK] - codes[_TOO_MANY]
    refused = {one.visitor.address for one in visits if one.status == _TOO_MANY}
    wrong = sum(not one.healthy for one in visits if _is_healthy(one) and one.status == _OK)
    alone, crowded = late(load.alone), late(load.crowded)
    growth = load.after.memory / load.before.memory
    told = sum(one.status is not None for one in load.stop.visits)
    many, rounds = len(load.crowded[0]), len(load.alone) + len(load.crowded)
    waiting = len(load.stop.visits)
    answered = (
        f"{many:,} visitors at once: {codes[_OK]:,} answers and {codes[_TOO_MANY]:,} times 429 in "
        f"{rounds} rounds, {others} other errors (target: none), {len(refused - {GREEDY})} refused "
        "who had not asked too often (target: none)"
    )
    diagnosed = f"Healthy domains of which something else was said: {wrong} (target: none)"
    punctual = (
        f"Of 100 who ask for a healthy domain 95 have their answer after {seconds(alone)}; while "
        f"others hang, after {seconds(crowded)}, {crowded / alone:.2f} times as long (target: at "
        f"most {_SLOWER:.3g})"
    )
    flat = (
        f"Memory: {load.before.memory / _MEGABYTE:.1f} MB before, "
        f"{load.after.memory / _MEGABYTE:.1f} MB after, {growth:.2f} times (target: at most "
        f"{_GROWTH})"
    )
    tidy = (
        f"Open files and connections: {load.before.files} before, {load.after.files} after; "
        f"threads: {load.before.threads} before, {load.after.threads} after (target: no more)"
    )
    stopped = (
        f"Told to stop while {waiting:,} waited, it ended after {seconds(load.stop.seconds)} "
        f"(target: at most {_GRACE:.0f} s) with {told:,} whole answers (target: all), and "
        f"complained of: {load.stop.said or 'nothing'} (target: nothing)"
    )
    worst = max(load.floods.work, key=lambda kind: load.floods.work[kind])
    work, beside = load.floods.work[worst], late([load.floods.beside])
    served = sum(one.healthy for one in load.floods.beside)
    flooded = (
        f"Processor time of a check that is flooded: at most {seconds(work)}, by {worst} (target: "
        f"at most {seconds(_FLOODED)})"
    )
    others_served = (
        f"While {_AT_ONCE} floods at once begin each second, {served} of {len(load.floods.beside)} "
        f"others are told that their domain is healthy (target: all), 95 of 100 after "
        f"{seconds(beside)} (target: at most {seconds(_BESIDE)})"
    )
    in_order = load.stop.status == -signal.SIGTERM and not load.stop.said
    return [
        (others == 0 and refused <= {GREEDY}, answered),
        (wrong == 0, diagnosed),
        (crowded <= _SLOWER * alone, punctual),
        (growth <= _GROWTH, flat),
        (load.after.files <= load.before.files and load.after.threads <= load.before.threads, tidy),
        (work <= _FLOODED, flooded),
        (served == len(load.floods.beside) and beside <= _BESIDE, others_served),
        (told == waiting and in_order and load.stop.seconds <= _GRACE, stopped),
    ]


def _is_healthy(one: Visit) -> bool:
    return one.visitor.address != GREEDY and one.visitor.domain.startswith("d")


def _address(number: int) -> str:
    return f"198.19.{number // 256}.{number % 256}"


async def _stop(function: Function, visitors: Sequence[Visitor]) -> Stop:
    tasks = [asyncio.create_task(visit(function.port, [visitor])) for visitor in visitors]
    # Once the first has its answer, the checks of all have begun.
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    began = time.perf_counter()
    function.stop()
    status = await asyncio.to_thread(function.wait)
    took = time.perf_counter() - began
    visits = [one for visits in await asyncio.gather(*tasks) for one in visits]
    return Stop(visits, took, status, function.said())


async def _floods(function: Function) -> Floods:
    addresses = map(_address, itertools.count())
    work = {}

    async def flood(number: int) -> None:
        visitor = Visitor(next(addresses), f"{FLOOD}{number % len(KINDS)}.{ZONE}")
        await visit(function.port, [visitor])

    for number, kind in enumerate(KINDS):
        before = function.worked()
        await flood(number)
        work[kind] = function.worked() - before

    async def again() -> None:
        while True:
            # Where they have ended before, the benchmark's own servers have a rest.
            await asyncio.gather(asyncio.sleep(_WAVE), *map(flood, range(_AT_ONCE)))

    going_on = asyncio.create_task(again())
    visits = []
    for number in range(_OTHERS):
        visitor = Visitor(next(addresses), f"d{number}.{ZONE}")
        visits.append(asyncio.create_task(visit(function.port, [visitor])))
        await asyncio.sleep(_EVERY)
    beside = [one for visits in await asyncio.gather(*visits) for one in visits]
    going_on.cancel()
    await asyncio.wait({going_on})
    return Floods(work, beside)


async def _measure(function: Function, crowd: Crowd, rounds: int) -> Load:
    with_hanging, without = crowd.visitors(), crowd.visitors(hanging=False)
    for _ in range(_WARM_UP):
        await visit(function.port, with_hanging)
    before = await asyncio.to_thread(function.settled, Held(0, 0, 0))
    alone, crowded = [], []
    for _ in range(rounds):
        alone.append(await visit(function.port, without))
        crowded.append(await visit(function.port, with_hanging))
    after = await asyncio.to_thread(function.settled, before)
    floods = await _floods(function)
    return Load(alone, crowded, before, after, floods, await _stop(function, with_hanging))


def measure(crowd: Crowd, rounds: int = _ROUNDS) -> Load:
    """Measure: the function on the first core, servers and visitors on the last one."""
    cores = sorted(os.sched_getaffinity(0))
    room(crowd.healthy + crowd.greedy + crowd.hanging)
    with (
        serving(cores[-1]) as place,
        # Each look is to be a look, and the same domains again and again are no fresh load.
        running(place, cores[0], RESULT_LIFETIME="off", ADDRESS_LIMIT="off") as function,
        flooding(cores[-1], place.smtp_port),
    ):
        os.sched_setaffinity(0, {cores[-1]})
        return asyncio.run(_measure(function, crowd, rounds))


def run() -> int:
    """Measure and print the targets; 1 where one is missed."""
    found = targets(measure(Crowd(healthy=760, greedy=40, hanging=200)))
    for reached, line in found:
        sys.stdout.write(f"- {'yes' if reached else '**no**'}: {line}\n")
    return 0 if all(reached for reached, _ in found) else 1
