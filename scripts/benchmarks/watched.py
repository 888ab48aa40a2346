"""Runs a program to its end, and tells what it and all that it starts took."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.1
_SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took.

    Attributes:
        seconds: That passed.
        cpu: Of processor time, of all its processes.
        memory: Megabytes at most, of all its processes; what they share counts once.
        output: What it wrote.
    """

    seconds: float
    cpu: float
    memory: float
    output: str


def watch(
    command: Sequence[str], environment: Mapping[str, str] | None = None, entered: str = ""
) -> Measured:
    """Run a program.

    Args:
        command: The program.
        environment: Variables besides our own.
        entered: What it reads.

    Raises:
        SystemExit: It fails.
    """
    before, began = _cpu(), time.perf_counter()
    memory = 0.0
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output:
        given.write(entered.encode())
        given.seek(0)
        with subprocess.Popen(  # noqa: S603 - of our own tables
            command, stdin=given, stdout=output, env={**os.environ, **(environment or {})}
        ) as process:
            while process.poll() is None:
                memory = max(memory, sum(map(_share, _family(process.pid))))
                time.sleep(_PAUSE)
        seconds = time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        return Measured(seconds, _cpu() - before, memory, output.read().decode())


def _cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _family(process: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        children = []
    return [process, *(one for child in children for one in _family(int(child)))]


def _share(process: int) -> float:
    """Megabytes of a process; of what it shares with others its part."""
    try:
        found = _SHARE.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    except OSError:
        found = None
    return int(found[1]) / 1000 if found else 0
