"""A DNS forwarder that holds every answer for a while."""

import asyncio
import struct
from asyncio import DatagramTransport, StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_HERE = "127.0.0.1"


@asynccontextmanager
async def slow_dns(resolver: str, hold: float) -> AsyncIterator[str]:
    """Stand in front of a resolver, over UDP and TCP; gives ``address:port``."""
    host, port = resolver.split(":")
    forwarder = _Forwarder((host, int(port)), hold)
    server = await asyncio.start_server(forwarder.over_tcp, _HERE, 0)
    here = server.sockets[0].getsockname()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: forwarder, here
    )
    try:
        yield f"{here[0]}:{here[1]}"
    finally:
        transport.close()
        server.close()


class _Forwarder(asyncio.DatagramProtocol):
    def __init__(self, resolver: tuple[str, int], hold: float) -> None:
        self._resolver = resolver
        self._hold = hold
        self._transport: DatagramTransport
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        task = asyncio.create_task(self._over_udp(data, address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def over_tcp(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while True:
                size = await reader.readexactly(2)
                question = await reader.readexactly(struct.unpack("!H", size)[0])
                there, back = await asyncio.open_connection(*self._resolver)
                back.write(size + question)
                size = await there.readexactly(2)
                answer = await there.readexactly(struct.unpack("!H", size)[0])
                back.close()
                await asyncio.sleep(self._hold)
                writer.write(size + answer)
        except asyncio.IncompleteReadError:
            writer.close()

    async def _over_udp(self, question: bytes, address: tuple[str, int]) -> None:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        # The hold counts from the question, as it would on a long way; the resolver's own time
        # is part of it.
        due = asyncio.get_running_loop().time() + self._hold
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Asker(answer), remote_addr=self._resolver
        )
        transport.sendto(question)
        data = await answer
        transport.close()
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        self._transport.sendto(data, address)


class _Asker(asyncio.DatagramProtocol):
    def __init__(self, answer: asyncio.Future[bytes]) -> None:
        self._answer = answer

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        if not self._answer.done():
            self._answer.set_result(data)
