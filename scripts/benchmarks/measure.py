"""Runs something and takes its time."""

import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

_QUICK = 2.0
"""Seconds; what takes longer is not repeated."""

_TIMES = 5
_MAXIMUM_OUTPUT = 500_000
"""Bytes kept of the beginning, and of the end."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run.

    Attributes:
        wall: Seconds that passed.
        cpu: Seconds of processor time, of all its processes and in the kernel as well.
        output: What it wrote.
        timed_out: Whether it had to be ended.
    """

    wall: float
    cpu: float
    output: str = ""
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Runner:
    """Starts processes and ends those that take longer than ``limit`` seconds."""

    limit: float

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> Run:
        """Run a command to its end. Its input is empty."""
        with tempfile.TemporaryFile() as output:
            before, began = _children(), time.perf_counter()
            process = subprocess.Popen(  # noqa: S603 - commands of the benchmark's own table
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
            timed_out = False
            try:
                process.wait(timeout=self.limit)
            except subprocess.TimeoutExpired:
                timed_out = True
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            wall, cpu = time.perf_counter() - began, _children() - before
            return Run(wall, cpu, _ends(output), timed_out)


def repeat(once: Callable[[], Run]) -> list[Run]:
    """Run something several times, if it is quick."""
    runs = [once()]
    while runs[0].wall < _QUICK and len(runs) < _TIMES:
        runs.append(once())
    return runs


def _ends(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(0)
    kept = output.read(_MAXIMUM_OUTPUT)
    output.seek(max(len(kept), size - _MAXIMUM_OUTPUT))
    return (kept + output.read()).decode(errors="replace")


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
