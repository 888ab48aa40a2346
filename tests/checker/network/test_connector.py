"""Whatever a server's way of sending is, one connection takes only its share of the event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from checker.network import Stream
from checker.network.connector import TcpConnector

Serve = Callable[[asyncio.StreamWriter], Awaitable[None]]
SINGLE_BYTES = 5_000


@asynccontextmanager
async def connected(serve: Serve) -> AsyncIterator[Stream]:
    """A connection to a server on this machine."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(writer)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    connector = TcpConnector(lambda _: True, lambda _: False)
    stream = await connector.connect("127.0.0.1", server.sockets[0].getsockname()[1])
    try:
        yield stream
    finally:
        stream.close()
        server.close()


async def test_single_bytes_are_put_together_before_they_cost_a_turn_each() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        for number in range(SINGLE_BYTES):
            writer.write(b"%d" % (number % 10))
            await asyncio.sleep(0)

    async with connected(drip) as stream:
        pieces = [await stream.read(4_096)]
        while data := await stream.read(4_096):
            pieces.append(data)
    assert b"".join(pieces) == b"0123456789" * (SINGLE_BYTES // 10)
    assert len(pieces) < SINGLE_BYTES / 10


async def test_others_have_their_turn_while_much_is_read() -> None:
    turns = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 60_000)
        await writer.drain()

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with connected(pour) as stream:
        await stream.read(1)
        await asyncio.sleep(0.1)
        counting = asyncio.create_task(count())
        read = 1
        while data := await stream.read(1_000):
            read += len(data)
        counting.cancel()
    assert read == 60_000
    assert turns >= 59
