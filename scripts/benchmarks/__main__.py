"""The benchmarks' command line; ``scripts/bench`` sets up what they need."""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from scripts.benchmarks import load, peers, throughput
from scripts.benchmarks.cases import CASES, Case, Fault
from scripts.benchmarks.inside import FLIGHTS, Inside
from scripts.benchmarks.measure import Run, Runner, repeat
from scripts.benchmarks.peers import CHECKER, PEERS, Tool
from scripts.benchmarks.place import Place
from scripts.benchmarks.table import Cell, Row, markdown, seconds, targets
from tests.lab import Lab, LabError

_HOLD = 0.05
_SETTLE = 0.3
_FLOOR_TARGET = 1.25
_RATE_TARGET = 100
_COLD_TARGET = 0.35
_IMPORT = "import checker.function.asgi"
_MEGABYTE = 1_000_000


def main() -> int:
    """Run a benchmark."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="the checker, against other tools on the mail lab")
    check.add_argument("--long", action="store_true", help="do 10,000 checks for the memory")
    check.add_argument("--limit", type=float, default=60, help="seconds for one run of a tool")
    commands.add_parser("load", help="the function, with a thousand visitors at once")
    arguments = parser.parse_args()
    if arguments.command == "load":
        return load.run()
    peers.prepare()
    try:
        with Lab(smtp_port=0, dns_port=0, hold=_HOLD) as lab, asyncio.Runner() as loop:
            _compare(lab, Runner(arguments.limit), loop)
    except LabError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _cold_start(Runner(arguments.limit))
    _rate(long=arguments.long)
    return 0


def _compare(lab: Lab, runner: Runner, loop: asyncio.Runner) -> None:
    place = Place.of(lab)
    inside = Inside(place, loop)
    rows = [_row(tool, lab, place, runner) for tool in (CHECKER, *PEERS)]
    own = Row(
        inside.name,
        None,
        {
            case.fault: _cell(lab, case, partial(inside.run, case), inside.diagnosis)
            for case in CASES
        },
    )
    _say("Each cell: diagnosis, time, processor time, connections.\n")
    _say(markdown([own, *rows]) + "\n")
    for line in targets(rows[0], own, rows[1:]):
        _say(f"- {line}")
    floor = inside.floor(_HOLD)
    _say(
        f"- Floor: {statistics.median(floor):.2f} times the {FLIGHTS} flights in a row that are "
        f"unavoidable, each held for {seconds(_HOLD)}; at best {min(floor):.2f}, at worst "
        f"{max(floor):.2f} (target: at most {_FLOOR_TARGET})"
    )


def _row(tool: Tool, lab: Lab, place: Place, runner: Runner) -> Row:
    start = None
    if tool.start:
        nothing = repeat(partial(tool.run_nothing, place, runner))
        start = statistics.median(run.wall for run in nothing)
    cells = {}
    for case in CASES:
        sys.stderr.write(f"{tool.name}: {case.domain}\n")
        cells[case.fault] = _cell(lab, case, partial(tool.run, case, place, runner), tool.diagnosis)
    return Row(tool.name, start, cells)


def _cell(
    lab: Lab, case: Case, once: Callable[[], Run], diagnosis: Callable[[Run], Fault | None]
) -> Cell:
    before = _connections(lab, case)
    runs: Sequence[Run] = repeat(once)
    return Cell(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        (_connections(lab, case) - before) / len(runs),
        all(diagnosis(run) is case.fault for run in runs),
        any(run.timed_out for run in runs),
    )


def _connections(lab: Lab, case: Case) -> int:
    # The servers write their logs in their own time.
    count, before = lab.traffic(case.host).connections, -1
    while count != before:
        time.sleep(_SETTLE)
        count, before = lab.traffic(case.host).connections, count
    return count


def _cold_start(runner: Runner) -> None:
    imported, loaded = (
        statistics.median(
            run.cpu for run in repeat(partial(runner.run, [sys.executable, "-c", code], {}))
        )
        for code in (_IMPORT, f"{_IMPORT} as function; function.load()")
    )
    _say(
        f"- Cold start: importing the function takes {seconds(imported)} of processor time "
        f"(target: less than {seconds(_COLD_TARGET)}); until it can answer, {seconds(loaded)}"
    )


def _rate(*, long: bool) -> None:
    most = 10_000
    found = throughput.measure(seconds=600 if long else 10, most=most)
    _say(
        f"- Rate: {found.checks / found.wall:.0f} checks of distinct domains a second, "
        f"{found.checks / found.cpu:.0f} a second of processor time, in one process on one core "
        f"({found.checks} checks, {found.wrong} wrong; target: at least {_RATE_TARGET})"
    )
    sizes = {checks: size / _MEGABYTE for checks, size in found.memory.items()}
    first, last = min(sizes), max(sizes)
    _say(
        f"- Memory: {sizes[first]:.1f} MB after {first:,} checks, {sizes[last]:.1f} MB after "
        f"{last:,} ({sizes[last] / sizes[first]:.2f} times)"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
