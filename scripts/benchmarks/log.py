"""``checker log`` beside pflogsumm, on the same Postfix log, by turns."""

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.benchmarks.maillog import write
from scripts.benchmarks.watched import Measured, watch

_MEGABYTE = 1_000_000
_TIMES = 3
MEMORY = 150
"""Megabytes at most."""

_TOTAL = re.compile(
    r"^\s*(\d+)(k?)\s+(delivered|bounced|deferred)(?:\s+\((\d+)(k?)\s+deferrals\))?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to run.

    Attributes:
        name: What it does.
        arguments: Of the checker; none for pflogsumm.
        times: How many times pflogsumm's bytes per second it is to read at least.
    """

    name: str
    arguments: tuple[str, ...] | None
    times: float


JOBS = (
    Job("pflogsumm", None, 0),
    Job("checker log", (), 10),
    Job("checker log --under", ("--under", "mediafinanz"), 5),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print what was found as Markdown, and say whether the targets are reached."""
    parser = argparse.ArgumentParser(prog="scripts/bench log")
    parser.add_argument("--pflogsumm", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--megabytes", type=int, default=1_000, help="of the log; default 1000")
    parser.add_argument("--without-tls", action="store_true", help="it says nothing of TLS")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "mail.log"
        with log.open("wb") as file:
            write(file, options.megabytes * _MEGABYTE, tells_tls=not options.without_tls)
        runs: dict[Job, list[Measured]] = {job: [] for job in JOBS}
        for _ in range(_TIMES):
            for job in JOBS:
                runs[job].append(watch(_command(job, options.pflogsumm, log)))
        size = log.stat().st_size / _MEGABYTE
    sys.stdout.write("\n".join(_told(runs, size)) + "\n")
    return 0 if reached(runs) and same_counts(runs) else 1


def _command(job: Job, pflogsumm: Path, log: Path) -> list[str]:
    if job.arguments is None:
        return ["perl", str(pflogsumm), str(log)]
    return [sys.executable, "-m", "checker", "log", "--json", *job.arguments, str(log)]


def _told(runs: dict[Job, list[Measured]], size: float) -> list[str]:
    lines = [
        f"A log of {size:.0f} MB; the median of {_TIMES} runs by turns, {os.cpu_count()} cores",
        "",
        "| program | time | MB/s | times pflogsumm | processor time | memory |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for job, measured in runs.items():
        seconds = median(one.seconds for one in measured)
        lines.append(
            f"| {job.name} | {seconds:.1f} s | {size / seconds:.0f} | {_times(runs, job):.1f} "
            f"| {median(one.cpu for one in measured):.1f} s | {_memory(measured):.0f} MB |"
        )
    return [
        *lines,
        "",
        f"All targets are reached: {'yes' if reached(runs) else 'no'}",
        f"The same numbers of deliveries: {'yes' if same_counts(runs) else 'no'}",
    ]


def _times(runs: dict[Job, list[Measured]], job: Job) -> float:
    """How many times as fast as pflogsumm: each turn by itself, for a machine has its moods."""
    return median(
        peer.seconds / own.seconds for peer, own in zip(runs[JOBS[0]], runs[job], strict=True)
    )


def _memory(measured: Sequence[Measured]) -> float:
    return max(one.memory for one in measured)


def reached(runs: dict[Job, list[Measured]]) -> bool:
    """Whether all targets are reached."""
    return all(
        _times(runs, job) >= job.times and _memory(measured) < MEMORY
        for job, measured in runs.items()
        if job.arguments is not None
    )


def same_counts(runs: dict[Job, list[Measured]]) -> bool:
    """Whether each counts the same attempts; pflogsumm tells large numbers in units of 1,024."""
    own = json.loads(runs[JOBS[1]][0].output)["attempts"]
    own["delivered"] = own.pop("sent")
    totals: dict[str, int] = {}
    for number, unit, name, deferrals, unit_of_these in _TOTAL.findall(runs[JOBS[0]][0].output):
        totals[name] = int(deferrals or number)
        if unit_of_these if deferrals else unit:
            own[name] //= 1024
    return bool(totals == own)


if __name__ == "__main__":
    sys.exit(main())
