"""Processes of our own beside this one, as this one sees them."""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import checker
from checker.bulk import child
from checker.bulk.domains import Checked, World
from checker.bulk.link import Link
from checker.bulk.looker import LostError
from checker.bulk.looks import Job, Looked

_CODE = "import sys; from checker.bulk.child import main; main(int(sys.argv[1]))"
_ENDING = 5.0
"""Seconds for a process to end of its own accord."""


class Process:
    """Another process, which checks domains and takes looks.

    Attributes:
        name: As people are told of it.
    """

    def __init__(self, number: int, process: "subprocess.Popen[bytes]", link: Link) -> None:
        """Take what :meth:`start` made.

        Args:
            number: Tells it from the others.
            process: The process.
            link: The way to it.
        """
        self.name = f"process {number} (PID {process.pid})"
        self._process = process
        self._link = link
        self._serving = asyncio.create_task(link.serve())

    @classmethod
    async def start(
        cls,
        number: int,
        make: Callable[[], World],
        connections: int,
        look: Callable[[Job], Awaitable[Looked]],
    ) -> "Process":
        """Start one.

        Args:
            number: Tells it from the others.
            make: Makes what it checks with; is pickled.
            connections: That it may have open at a time.
            look: Has a look taken that it needs.

        Raises:
            OSError: It cannot be started.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            # Not a fork: that would copy a running event loop. Nor does the terminal's Ctrl-C reach
            # a session of its own; it ends when its socket is closed.
            process = subprocess.Popen(  # noqa: ASYNC220, S603 - takes no time worth the name
                [sys.executable, "-c", _CODE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        begin = pickle.dumps((make, connections))
        writer.write(len(begin).to_bytes(4) + begin)
        return cls(number, process, Link(reader, writer, look, child.REFUSALS))

    async def prove(self) -> bool | None:
        """Whether its port 25 is open; none where it has no canary to ask."""
        return cast("bool | None", await self._ask(child.PROVE))

    async def take(self, job: Job) -> Looked:
        """Take a look."""
        return cast("Looked", await self._ask(job))

    async def check(self, domain: str) -> Checked | None:
        """What comes of a domain; none where it is to be checked later."""
        return cast("Checked | None", await self._ask(domain))

    async def close(self) -> None:
        """End it."""
        self._link.close()
        await asyncio.wait({self._serving})
        await self._ended()

    async def _ask(self, question: object) -> object:
        try:
            return await self._link.ask(question)
        except LostError:
            raise LostError(await self._ended()) from None

    async def _ended(self) -> str:
        """How it ended; it is killed if it does not."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _ENDING
        while (status := self._process.poll()) is None:
            if loop.time() > until:
                self._process.kill()
            await asyncio.sleep(0.01)
        if status < 0:
            with contextlib.suppress(ValueError):
                return f"it was ended by {signal.Signals(-status).name}"
        return f"it ended with status {status}"


def _environment() -> dict[str, str]:
    """Ours; and where this program is, wherever it was started from."""
    here = str(Path(checker.__file__).parents[1])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (here, known)))}
