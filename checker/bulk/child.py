"""A process beside the one that was started: it checks domains, and takes looks.

It ends as soon as that one is gone, whatever became of it.
"""

import asyncio
import os
import pickle
import socket
from typing import TYPE_CHECKING, Any

from checker.bulk.domains import Domains, World
from checker.bulk.garbage import look_rarely
from checker.bulk.link import Link
from checker.bulk.looks import Job, Looked, RestingError
from checker.function.descriptors import room

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.bulk.looker import Here

PROVE = "prove"
"""The question whether port 25 is open; any other one is a look, or a domain to be checked."""

REFUSALS = (RestingError,)


class _Child:
    """What one process of a run does."""

    def __init__(self, world: World, link: "Callable[[], Link]") -> None:
        self._link = link
        self._domains = Domains(world, self)
        self._here: Here = world.looker("this process")

    async def look(self, job: Job) -> Looked:
        """Have the first process have a look taken."""
        looked: Looked = await self._link().ask(job)
        return looked

    async def answer(self, question: Any) -> object:  # noqa: ANN401 - see PROVE
        """Do what the first process asks for."""
        if question == PROVE:
            return await self._here.prove()
        if isinstance(question, Job):
            return await self._here.take(question)
        return await self._domains.check(question)


async def _run(number: int) -> None:
    made: Callable[[], World]
    with socket.socket(fileno=number) as connection:
        connection.setblocking(False)  # noqa: FBT003 - its only argument
        reader, writer = await asyncio.open_connection(sock=connection)
        made, connections = pickle.loads(await reader.readexactly(await _length(reader)))  # noqa: S301 - of our own process
        room(connections)
        child = _Child(made(), lambda: link)
        link = Link(reader, writer, child.answer, REFUSALS)
        await link.serve()
        # Nobody waits for anything any more, and threads that judge need not come to an end.
        os._exit(0)


async def _length(reader: asyncio.StreamReader) -> int:
    return int.from_bytes(await reader.readexactly(4))


def main(number: int) -> None:
    """Serve at a socket that was inherited."""
    look_rarely()
    asyncio.run(_run(number))
