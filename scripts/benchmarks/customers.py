"""Domains as a sender's list has them: many, on fewer mail servers, some of which hang.

    python -m scripts.benchmarks.customers names '{"domains": 20000, "servers": 2000, ...}'
    python -m scripts.benchmarks.customers mail '{"domains": 20000, "servers": 2000, ...}'

The one answers for the DNS, the other for all mail servers: a handshake is to delay no question.
Each prints where it is as JSON and ends when its input closes; for each line that comes in, the
other prints how often each address was connected to since the last one.
"""

import asyncio
import datetime as dt
import json
import socket
import ssl
import subprocess
import sys
import tempfile
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import IO, Any

from checker.function.descriptors import room
from scripts.benchmarks.many_domains import NameServer, SharedContext
from scripts.benchmarks.place import Place
from tests.lab.certificates import Certificates
from tests.lab.model import Certificate
from tests.lab.scripts import SCRIPTS
from tests.lab.wire import Wire

ZONE = "customers.test"
NETWORK = "127.28.0.0/14"
_NAME_SERVER = "127.28.0.1"
_CANARY = IPv4Address("127.28.0.2")
_FIRST = IPv4Address("127.29.0.0")
_SPREAD = 32
"""Addresses of one network: providers have more than one server."""

_AT_ONCE = 4_000
"""Connections."""


@dataclass(frozen=True, slots=True)
class Customers:
    """What there is.

    Attributes:
        domains: How many.
        servers: Addresses of mail servers.
        own_names: The mail server of each domain has a name of its own.
        hold: Seconds for which each reply is held.
        hanging: Of 100 addresses, so many say nothing.
    """

    domains: int = 20_000
    servers: int = 2_000
    own_names: bool = False
    hold: float = 0.05
    hanging: int = 2

    @property
    def names(self) -> list[str]:
        """The domains."""
        return [f"d{number}.{ZONE}" for number in range(self.domains)]

    def host(self, number: int) -> str:
        """The name of a domain's mail server."""
        return f"mx-{self.label(f'd{number}')}.{ZONE}"

    def label(self, label: str) -> str:
        """How the mail server of a domain with a label is called."""
        return label if self.own_names else f"s{int(label[1:]) % self.servers}"

    def address(self, label: str) -> IPv4Address:
        """The address of the mail server that is called like this."""
        number = int(label[1:]) % self.servers if label[1:].isdecimal() else 0
        return _FIRST + number // _SPREAD * 256 + number % _SPREAD + 1

    def addresses(self) -> list[IPv4Address]:
        """All addresses."""
        return [self.address(f"s{number}") for number in range(self.servers)]

    def hangs(self, number: int) -> bool:
        """Whether the mail server of a domain says nothing."""
        return number % self.servers * self.hanging % 100 < self.hanging > 0

    @property
    def healthy(self) -> set[str]:
        """The addresses that answer."""
        numbers = range(self.servers)
        return {str(self.address(f"s{one}")) for one in numbers if not self.hangs(one)}


class _Slow(Wire):
    """A connection whose every reply is held."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, hold: float) -> None:
        super().__init__(reader, writer)
        self._hold = hold

    async def send(self, data: bytes) -> None:
        await asyncio.sleep(self._hold)
        await super().send(data)


@dataclass(slots=True)
class Serving:
    """A running world.

    Attributes:
        place: Where it is.
        canary: An address that answers at once.
    """

    place: Place
    canary: str
    _into: IO[bytes]
    _out_of: IO[bytes]

    def connections(self) -> Mapping[str, int]:
        """How often each address was connected to since this was asked last."""
        self._into.write(b"\n")
        self._into.flush()
        counted: dict[str, int] = json.loads(self._out_of.readline())
        return counted


@contextmanager
def serving(customers: Customers) -> Iterator[Serving]:
    """Let processes of their own serve."""
    with _started("names", customers) as names, _started("mail", customers) as mail:
        assert mail.stdin  # noqa: S101 - as below
        assert mail.stdout  # noqa: S101 - as below
        at, ready = _heard(names), _heard(mail)
        place = Place(at["resolver"], ready["smtp_port"], Path(ready["ca_file"]), (NETWORK,))
        yield Serving(place, str(_CANARY), mail.stdin, mail.stdout)


@contextmanager
def _started(what: str, customers: Customers) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-m", "scripts.benchmarks.customers", what, json.dumps(asdict(customers))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin  # noqa: S101 - asked for above
        try:
            yield process
        finally:
            process.stdin.close()


def _heard(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert process.stdout  # noqa: S101 - asked for above
    heard: dict[str, Any] = json.loads(process.stdout.readline())
    return heard


async def _serve_names(customers: Customers) -> None:
    loop = asyncio.get_running_loop()
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    names.bind((_NAME_SERVER, 0))
    await loop.create_datagram_endpoint(
        partial(NameServer, customers.address, customers.label), sock=names
    )
    _say({"resolver": f"{_NAME_SERVER}:{names.getsockname()[1]}"})
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()


async def _serve_mail(folder: Path, customers: Customers) -> None:
    certificates = Certificates(dt.datetime.now(dt.UTC).replace(microsecond=0))
    chain, authority = folder / "chain.pem", folder / "ca.pem"
    chain.write_text(certificates.identity(ZONE, Certificate(names=(f"*.{ZONE}",))).pem)
    authority.write_text(certificates.root)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    counted: Counter[str] = Counter()

    async def answer(reader: StreamReader, writer: StreamWriter, hold: float) -> None:
        counted[writer.get_extra_info("sockname")[0]] += 1
        wire = _Slow(reader, writer, hold)
        conversation = SharedContext(
            ZONE, wire, chain, authority, lambda _: None, None, 0, shared=context
        )
        with suppress(OSError, EOFError):
            await SCRIPTS["healthy"](conversation)
            await wire.close()

    async def hang(reader: StreamReader, writer: StreamWriter) -> None:
        counted[writer.get_extra_info("sockname")[0]] += 1
        with suppress(OSError):
            await reader.read()
        writer.close()

    slowly, at_once = partial(answer, hold=customers.hold), partial(answer, hold=0)
    servers = [await asyncio.start_server(at_once, str(_CANARY), 0)]
    port = servers[0].sockets[0].getsockname()[1]
    for number, address in enumerate(customers.addresses()):
        says = hang if customers.hangs(number) else slowly
        servers.append(await asyncio.start_server(says, str(address), port, backlog=256))
    _say({"smtp_port": port, "ca_file": str(authority)})
    loop = asyncio.get_running_loop()
    lines = StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        _say(counted)
        counted.clear()


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(what: str, customers: Customers) -> None:
    """Serve."""
    if what == "names":
        asyncio.run(_serve_names(customers))
        return
    room(_AT_ONCE)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_serve_mail(Path(folder), customers))


if __name__ == "__main__":
    main(sys.argv[1], Customers(**json.loads(sys.argv[2])))
