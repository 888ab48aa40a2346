"""A way to a Redis server on which things go wrong."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.function.redis_server import RedisServer

_CHUNK = 65_536


@dataclass(slots=True)
class Fault:
    """What goes wrong with each answer, from now on.

    Attributes:
        delay: Seconds by which it is late.
        lie: What comes in its place, where anything does.
    """

    delay: float = 0.0
    lie: bytes | None = None


@asynccontextmanager
async def faulty(redis: RedisServer, fault: Fault) -> AsyncIterator[str]:
    """The address of such a way."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            writer.write(data)
        writer.close()

    async def carry_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            await asyncio.sleep(fault.delay)
            writer.write(data if fault.lie is None else fault.lie)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            theirs, back = await asyncio.open_connection("127.0.0.1", redis.port)
            await asyncio.gather(carry(reader, back), carry_back(theirs, writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
