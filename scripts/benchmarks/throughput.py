"""How many checks one process does on one core, and what becomes of its memory.

    python -m scripts.benchmarks.throughput CORE SERVERS-CORE SECONDS CHECKS

Ends after so many seconds, but not before 1,000 checks, and never does more than CHECKS.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from checker import operators
from checker.check import Checker
from checker.domain import parse
from scripts.benchmarks.many_domains import ZONE, serving

_AT_ONCE = 32
_FEWEST = 1_000
_RESOURCES = Path("/proc/self/statm")


@dataclass(slots=True)
class Throughput:
    """What was measured.

    Attributes:
        checks: How many were done, all of distinct domains.
        wrong: How many did not find their domain healthy.
        wall: Seconds that passed.
        cpu: Seconds of processor time.
        memory: Bytes in memory after so many checks.
    """

    checks: int = 0
    wrong: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    memory: dict[int, int] = field(default_factory=dict)


async def _measure(checker: Checker, seconds: float, most: int) -> Throughput:
    operator = operators.load("careful")
    numbers = itertools.count()
    found = Throughput()
    await checker.check(parse(f"first.{ZONE}"), operator)
    began, cpu = time.perf_counter(), time.process_time()

    async def work() -> None:
        while found.checks < _FEWEST or time.perf_counter() < began + seconds:
            number = next(numbers)
            if number >= most:
                return
            answer = await checker.check(parse(f"d{number}.{ZONE}"), operator)
            found.checks += 1
            found.wrong += answer.verdict.troubles[0].id != "no-problem-found"
            if found.checks % _FEWEST == 0:
                found.memory[found.checks] = _resident()

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    found.memory[found.checks] = _resident()
    await checker.close()
    found.wall, found.cpu = time.perf_counter() - began, time.process_time() - cpu
    return found


def _resident() -> int:
    return int(_RESOURCES.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main(core: int, servers_core: int, seconds: float, most: int) -> None:
    """Measure, and print the result as JSON."""
    os.sched_setaffinity(0, {core})
    with serving(servers_core) as place:

        async def run() -> Throughput:
            return await _measure(place.checker(), seconds, most)

        found = asyncio.run(run())
    sys.stdout.write(json.dumps(asdict(found)) + "\n")


def measure(*, seconds: float, most: int) -> Throughput:
    """Measure in a process of its own, on the first core, against servers on the last one."""
    cores = sorted(os.sched_getaffinity(0))
    done = subprocess.run(  # noqa: S603 - this module
        [
            *(sys.executable, "-m", "scripts.benchmarks.throughput"),
            *map(str, (cores[0], cores[-1], seconds, most)),
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    found = Throughput(**json.loads(done.stdout))
    found.memory = {int(checks): size for checks, size in found.memory.items()}
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
