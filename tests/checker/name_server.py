"""A name server that says whatever a test wants it to say, at once or late, or nothing at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

Say = Callable[[dns.message.Message, str], Awaitable[bytes | None]]
"""What a server answers to a query that came over "udp" or "tcp"; nothing for silence."""


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, say: Say, tasks: asyncio.TaskGroup) -> None:
        self._say = say
        self._tasks = tasks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._tasks.create_task(self._answer(data, addr))

    async def _answer(self, data: bytes, addr: tuple[str, int]) -> None:
        said = await self._say(dns.message.from_wire(data), "udp")
        if said is not None:
            self._transport.sendto(said, addr)


@asynccontextmanager
async def name_server(say: Say) -> AsyncIterator[int]:
    """Serve at 127.0.0.1; yields the port of UDP and TCP."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            length = int.from_bytes(await reader.readexactly(2))
        except asyncio.IncompleteReadError:
            writer.close()
            return
        said = await say(dns.message.from_wire(await reader.readexactly(length)), "tcp")
        if said is not None:
            writer.write(len(said).to_bytes(2) + said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, asyncio.TaskGroup() as tasks:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Datagrams(say, tasks), local_addr=("127.0.0.1", port)
        )
        try:
            yield port
        finally:
            transport.close()
            for task in tasks._tasks:  # noqa: SLF001 - what still holds its answer back
                task.cancel()


def answer(query: dns.message.Message, *records: str) -> dns.message.Message:
    """An answer with these records, such as ``example.org. MX 10 mx.example.org.``."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    for record in records:
        owner, record_type, data = record.split(" ", 2)
        response.answer.append(dns.rrset.from_text(owner, 60, "IN", record_type, data))
    return response


def asked(query: dns.message.Message) -> str:
    """The question, such as ``example.org. MX``."""
    (question,) = query.question
    return f"{question.name} {dns.rdatatype.to_text(question.rdtype)}"
