"""A real Redis server of one's own, on a port of its own, that can be killed and started again."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.serving import ROOT

_PATIENCE = 20.0


class RedisServer:
    """Runs until it is ended; keeps nothing on the disk.

    Attributes:
        address: Its address, as the function's setting.
        port: Its port.
    """

    def __init__(self, program: str, folder: Path) -> None:
        """Start it.

        Args:
            program: Path of the program.
            folder: Its working folder.
        """
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.address = f"redis://127.0.0.1:{self.port}"
        self._program = program
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start it, with nothing in it, and wait until it answers."""
        line = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self._process = subprocess.Popen(  # noqa: S603 - Debian's program
            # By its first word the program knows what it is.
            ["redis-server", *line],  # noqa: S607 - the path stands below
            executable=self._program,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self.command(b"PING") == b"+PONG\r\n":
                    return
            time.sleep(0.01)
        self.kill()
        raise TimeoutError("the Redis server does not start")

    def command(self, *words: bytes) -> bytes:
        """What it answers to a command (RESP)."""
        with socket.create_connection(("127.0.0.1", self.port), _PATIENCE) as connection:
            lines = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
            connection.sendall(b"*%d\r\n" % len(words) + lines)
            return connection.recv(65_536)

    def kill(self) -> None:
        """Let it die without a word."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Let it hang: connections are taken, nothing is answered."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after it hung."""
        self._process.send_signal(signal.SIGCONT)


def program() -> str:
    """The path of Redis's program; Debian's is installed where there is none."""
    found = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    if found is None:
        # The package redis-server holds only a link to it, and would start a service.
        subprocess.run([ROOT / "scripts" / "debian", "redis-tools"], check=True)  # noqa: S603 - ours
        found = "/usr/bin/redis-check-rdb"
    return found
