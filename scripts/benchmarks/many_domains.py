"""Any number of domains under load: DNS, SMTP and TLS from one process.

    python -m scripts.benchmarks.many_domains CORE

All are healthy but those whose name begins with MUTE, of which the DNS says nothing, those with
SILENT, whose mail server says nothing, and those with FLOOD, whose mail server is another
process's, by the number behind it. Prints where it is as JSON, and ends when its input closes. It
costs as little as it can, so that it is not what is measured.
"""

import asyncio
import datetime as dt
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
from asyncio import DatagramTransport, StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path

from checker.function.descriptors import room
from scripts.benchmarks.place import Place
from tests.lab.certificates import Certificates
from tests.lab.conversation import Conversation
from tests.lab.model import Certificate
from tests.lab.scripts import SCRIPTS
from tests.lab.wire import Wire

ZONE = "load.test"
NETWORK = "127.27.0.0/16"
MUTE, SILENT, FLOOD = "mute", "silent", "flood"
_NAME_SERVER = "127.27.0.1"
_SILENT = IPv4Address("127.27.2.0")
_FIRST = IPv4Address("127.27.1.0")
FLOODING = IPv4Address("127.27.3.0")

# More than one, because an address and a port have only some 28,000 connections a minute.
_ADDRESSES = 64

_AT_ONCE = 4_000
"""Connections."""

_HEADER = struct.Struct("!HHHHHH")
_RESPONSE = 0x8180
_MX, _A = 15, 1


class NameServer(asyncio.DatagramProtocol):
    """Answers for every name: ``d7`` has the mail server ``mx-d7``, which has an address."""

    def __init__(
        self,
        address: Callable[[str], IPv4Address],
        shared: Callable[[str], str] = lambda label: label,
    ) -> None:
        """Know the answers.

        Args:
            address: Of the mail server of a domain that begins with a label.
            shared: By which label that mail server is called.
        """
        self._address = address
        self._shared = shared
        self._transport: DatagramTransport

    def connection_made(self, transport: DatagramTransport) -> None:  # type: ignore[override]
        """Answer from there."""
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer a question."""
        name_end = data.index(b"\0", _HEADER.size) + 1
        kind = struct.unpack_from("!H", data, name_end)[0]
        first = data[_HEADER.size + 1 : _HEADER.size + 1 + data[_HEADER.size]]
        if first.startswith(MUTE.encode()):
            return
        content = b""
        if kind == _MX:
            label = f"mx-{self._shared(first.decode())}".encode()
            parent = 0xC000 | (_HEADER.size + 1 + len(first))
            content = struct.pack("!HB", 10, len(label)) + label + struct.pack("!H", parent)
        elif kind == _A:
            content = self._address(first.removeprefix(b"mx-").decode()).packed
        answer = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(content)) + content
        header = _HEADER.pack(*_HEADER.unpack_from(data)[:1], _RESPONSE, 1, bool(content), 0, 0)
        question = data[_HEADER.size : name_end + 4]
        self._transport.sendto(header + question + (answer if content else b""), address)


def _address(label: str) -> IPv4Address:
    """Of the mail server of a domain that begins with a label."""
    if label.startswith(SILENT):
        return _SILENT
    if label.startswith(FLOOD):
        return FLOODING + int(label.removeprefix(FLOOD))
    return _FIRST + sum(label.encode()) % _ADDRESSES


@dataclass(frozen=True, slots=True)
class SharedContext(Conversation):
    """A conversation whose settings of TLS are those of all."""

    shared: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """A faultless server's TLS settings."""
        assert self.shared  # noqa: S101 - given below
        return self.shared


async def _say_nothing(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        await reader.read()
    writer.close()


async def _serve(folder: Path) -> None:
    certificates = Certificates(dt.datetime.now(dt.UTC).replace(microsecond=0))
    chain, authority = folder / "chain.pem", folder / "ca.pem"
    chain.write_text(certificates.identity(ZONE, Certificate(names=(f"*.{ZONE}",))).pem)
    authority.write_text(certificates.root)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        wire = Wire(reader, writer)
        conversation = SharedContext(
            ZONE, wire, chain, authority, lambda _: None, None, 0, shared=context
        )
        with suppress(OSError, EOFError):
            await SCRIPTS["healthy"](conversation)
            await wire.close()

    servers = [await asyncio.start_server(answer, str(_FIRST), 0, backlog=1024)]
    port = servers[0].sockets[0].getsockname()[1]
    servers += [
        await asyncio.start_server(answer, str(_FIRST + number), port, backlog=1024)
        for number in range(1, _ADDRESSES)
    ]
    servers.append(await asyncio.start_server(_say_nothing, str(_SILENT), port, backlog=1024))
    loop = asyncio.get_running_loop()
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    names.bind((_NAME_SERVER, 0))
    await loop.create_datagram_endpoint(partial(NameServer, _address), sock=names)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    ready = {
        "resolver": f"{_NAME_SERVER}:{names.getsockname()[1]}",
        "smtp_port": port,
        "ca_file": str(authority),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await ended.wait()


@contextmanager
def serving(core: int) -> Iterator[Place]:
    """Let a process of its own serve from one core."""
    with subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-m", "scripts.benchmarks.many_domains", str(core)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as servers:
        assert servers.stdin  # noqa: S101 - asked for above
        assert servers.stdout  # noqa: S101 - likewise
        ready = json.loads(servers.stdout.readline())
        yield Place(ready["resolver"], ready["smtp_port"], Path(ready["ca_file"]), (NETWORK,))
        servers.stdin.close()


def main(core: int) -> None:
    """Serve from one core."""
    room(_AT_ONCE)
    os.sched_setaffinity(0, {core})
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_serve(Path(folder)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
