"""The process of the scripted mail servers: ``python -m tests.lab.scripted FOLDER PORT DNS HOLD``.

It ends when its standard input closes, so that it never outlives the lab.
"""

import asyncio
import json
import socket
import sys
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.lab.conversation import Conversation
from tests.lab.model import DENYING_AUTHORITY, LAME_AUTHORITY, SILENT_AUTHORITY, Scripted
from tests.lab.scripts import SCRIPTS
from tests.lab.servers import MAIL_SERVERS, RUNNING, MailServer
from tests.lab.wire import Wire


@dataclass(frozen=True, slots=True)
class _Servers:
    folder: Path
    port: int
    hold: float
    log: TextIO

    async def answer(
        self, host: MailServer, script: str, reader: StreamReader, writer: StreamWriter
    ) -> None:
        """Hold one conversation, whatever the client does."""
        self.note(host.id, "connect")
        behind = MAIL_SERVERS.get(f"behind.{host.domain.domain}")
        wire = Wire(reader, writer)
        conversation = Conversation(
            host.name,
            wire,
            self.folder / "certificates" / f"{host.id}.pem",
            self.folder / "ca.pem",
            lambda verb: self.note(host.id, verb),
            (behind.address, self.port) if behind else None,
            self.hold,
        )
        with suppress(OSError, EOFError):
            await SCRIPTS[script](conversation)
        with suppress(OSError):
            await wire.close()

    def note(self, name: str, event: str) -> None:
        """Write down what a client did."""
        self.log.write(json.dumps([name, event]) + "\n")

    async def serve(self, host: MailServer, script: str) -> asyncio.Server:
        """Listen at a host's address."""
        return await asyncio.start_server(
            lambda reader, writer: self.answer(host, script, reader, writer),
            str(host.address),
            self.port,
        )


def _never_answer(port: int) -> list[socket.socket]:
    """Take DNS questions and leave them unread."""
    address = (str(SILENT_AUTHORITY), port)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(address)
    return [datagrams, socket.create_server(address)]


class _Denying(asyncio.DatagramProtocol):
    """A name server that denies each name when it is asked for MX records, and knows addresses."""

    _transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep what answers are sent with."""
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer as such a server does."""
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.AA
        (asked,) = question.question
        host = MAIL_SERVERS.get(asked.name.to_text(omit_final_dot=True))
        if asked.rdtype == dns.rdatatype.MX or host is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.A:
            answer.answer.append(dns.rrset.from_text(asked.name, 300, "IN", "A", str(host.address)))
        self._transport.sendto(answer.to_wire(), address)


class _RefuseAll(asyncio.DatagramProtocol):
    """A name server that knows no zone."""

    _transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep what answers are sent with."""
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer REFUSED."""
        answer = dns.message.make_response(dns.message.from_wire(data))
        answer.set_rcode(dns.rcode.REFUSED)
        self._transport.sendto(answer.to_wire(), address)


async def _run(folder: Path, port: int, dns_port: int, hold: float) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    for authority, protocol in ((LAME_AUTHORITY, _RefuseAll), (DENYING_AUTHORITY, _Denying)):
        place = (str(authority), dns_port)
        await asyncio.get_running_loop().create_datagram_endpoint(protocol, place)
    with (folder / "scripted.log").open("a", buffering=1) as log:
        servers = _Servers(folder, port, hold, log)
        # Their own farewell would wait for clients that are still connected: the end of the
        # process is their end.
        listening = [
            *_never_answer(dns_port),
            *[
                await servers.serve(host, host.server.script)
                for host in RUNNING
                if isinstance(host.server, Scripted)
            ],
        ]
        await ended.wait()
        del listening


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
