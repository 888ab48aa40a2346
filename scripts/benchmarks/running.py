"""The function in a process of its own, started as on a server, and what that process holds."""

import contextlib
import os
import resource
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.benchmarks.place import Place

_UNIT = Path("checker/deploy/systemd/zustellbar-checker.service")
_PATIENCE = 30.0
_FILES = 1_024
"""What most systems grant a process that asks for no more."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds.

    Attributes:
        memory: Bytes in memory.
        files: Open files and connections.
        threads: Threads.
    """

    memory: int
    files: int
    threads: int


@dataclass(frozen=True, slots=True)
class Function:
    """The running function.

    Attributes:
        port: Where it listens on this machine.
        process: The process.
        complaints: What it wrote.
    """

    port: int
    process: "subprocess.Popen[bytes]"
    complaints: IO[bytes]

    def held(self) -> Held:
        """What it holds now."""
        folder = Path("/proc") / str(self.process.pid)
        pages = int((folder / "statm").read_text().split()[1])
        return Held(
            pages * os.sysconf("SC_PAGE_SIZE"),
            len(list((folder / "fd").iterdir())),
            len(list((folder / "task").iterdir())),
        )

    def worked(self) -> float:
        """Seconds of processor time until now, of all its threads."""
        # The name in brackets may hold blanks.
        fields = (Path("/proc") / str(self.process.pid) / "stat").read_text().rpartition(")")[2]
        return sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def settled(self, before: Held) -> Held:
        """What it holds once all that is to end has ended; waits for what it held before."""
        end = time.monotonic() + _PATIENCE
        while (held := self.held()).files > before.files and time.monotonic() < end:
            time.sleep(0.1)
        return held

    def stop(self) -> None:
        """Tell it to stop, as an administrator would."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int | None:
        """Its exit status once it has stopped; none where it does not."""
        try:
            return self.process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            return None

    def said(self) -> str:
        """What it complained about; that it starts and stops is no complaint."""
        self.complaints.seek(0)
        lines = self.complaints.read().decode(errors="replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith("INFO:"))


@contextlib.contextmanager
def running(place: Place, core: int, **settings: str) -> Iterator[Function]:
    """Start the function with the systemd unit's own command line; it is ended at the end.

    Args:
        place: What it looks at.
        core: The one core that it has.
        settings: Further settings, without their prefix.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    environment = {
        "CHECKER_RESOLVER": place.resolver,
        "CHECKER_SMTP_PORT": str(place.smtp_port),
        "CHECKER_CA_FILE": str(place.ca_file),
        "CHECKER_ALLOW_NETWORK": " ".join(place.networks),
        "CHECKER_EHLO_NAME": "bench.test",
        "CHECKER_TRUSTED_PROXIES": "127.0.0.1",
        **{f"CHECKER_{name}": text for name, text in settings.items()},
    }
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(  # noqa: S603 - the unit's own command
            [sys.executable, "-m", *_command(port)],
            env={**_inherited(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=lambda: _confine(core),  # noqa: PLW1509 - there are no threads here
        ) as process,
    ):
        function = Function(port, process, output)
        try:
            _await_start(function)
            yield function
        finally:
            process.kill()


def _command(port: int) -> list[str]:
    """The unit's command line, at another port."""
    (start,) = [line for line in _UNIT.read_text().splitlines() if line.startswith("ExecStart=")]
    _, *arguments = shlex.split(start)
    arguments[arguments.index("--port") + 1] = str(port)
    return ["uvicorn", *arguments]


def _inherited() -> Mapping[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("CHECKER_")}


def _confine(core: int) -> None:
    os.sched_setaffinity(0, {core})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_FILES, hard), hard))


def _await_start(function: Function) -> None:
    end = time.monotonic() + _PATIENCE
    while function.process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", function.port), 1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"the function does not start: {function.said()}")
