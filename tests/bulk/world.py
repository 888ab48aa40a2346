"""A small world for runs: many domains, few mail servers, and every connection is counted."""

import asyncio
import atexit
import errno
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509

from checker.bulk.domains import World
from checker.bulk.engine import Engine
from checker.bulk.lists import Entry
from checker.bulk.store import Run, Store
from checker.bulk.turns import Caps
from checker.conversation.trust import Trust
from checker.domain import Domain
from checker.network import Limits, Network, Stream
from checker.operators import Operator, load
from tests.checker.certificates import KEY, NOW, certificate, der_of, name, pem_of
from tests.checker.handmade import HandmadeDns, ScriptedStream, network
from tests.checker.tls_server import TlsMailServer, context

ROOT_NAME = name("Example Root CA")
ROOT = certificate(
    subject=ROOT_NAME,
    issuer=ROOT_NAME,
    ends=datetime.now(UTC) - NOW + timedelta(days=365),
    extensions=(x509.BasicConstraints(ca=True, path_length=None),),
)
SHOWN = context(
    [
        der_of(
            certificate(
                "mx.example.org",
                "*.example.org",
                issuer=ROOT_NAME,
                ends=datetime.now(UTC) - NOW + timedelta(days=300),
            )
        )
    ],
    KEY,
)
PROFIHOST = load("profihost")
"""Takes any certificate."""

Opens = Callable[[], Stream]


def healthy() -> Stream:
    """A server that offers TLS."""
    return TlsMailServer(SHOWN)


def busy() -> Stream:
    """One that has too many connections."""
    return ScriptedStream(b"421 too many\r\n")


def silent() -> Stream:
    """One that says nothing."""
    return ScriptedStream(None)


def dead() -> Stream:
    """Nobody listens."""
    raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")


@cache
def trust() -> Trust:
    """The authority of the servers' certificate alone is believed."""
    # It is read when it is needed first.
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    file = Path(folder.name) / "root.pem"
    file.write_text(pem_of(der_of(ROOT)))
    return Trust([file], places=[])


class Counted:
    """A stream that tells when it is closed, and lets others have their turn."""

    def __init__(self, stream: Stream, closed: Callable[[], None]) -> None:
        """Take the stream, and whom to tell."""
        self._stream = stream
        self._closed: Callable[[], None] | None = closed

    async def read(self, size: int) -> bytes:
        """See :class:`checker.network.Stream`."""
        await asyncio.sleep(0.001)
        return await self._stream.read(size)

    async def write(self, data: bytes) -> None:
        """See :class:`checker.network.Stream`."""
        await self._stream.write(data)

    def close(self) -> None:
        """See :class:`checker.network.Stream`."""
        self._stream.close()
        if self._closed is not None:
            self._closed()
            self._closed = None


@dataclass
class Servers:
    """A connector that counts.

    Attributes:
        shows: What opens each address, one after another, the last one for ever; any other is
            healthy.
        connections: By address, how many there were.
        most: The most that were open at a time, by address, and in all under ``all``.
    """

    shows: dict[str, Sequence[Opens]] = field(default_factory=dict)
    connections: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    _open: Counter[str] = field(default_factory=Counter)

    async def connect(self, address: str, _port: int) -> Stream:
        """Connect to an IP address."""
        shows = self.shows.get(address, [healthy])
        number = min(self.connections[address], len(shows) - 1)
        self.connections[address] += 1
        self.order.append(address)
        stream = shows[number]()
        for one in (address, "all"):
            self._open[one] += 1
            self.most[one] = max(self.most[one], self._open[one])
        return Counted(stream, lambda: self._open.subtract([address, "all"]))


def mail_of(domain: str, *hosts: str) -> list[str]:
    """The MX records of a domain."""
    return [f"{domain} MX {10 * n} {host}." for n, host in enumerate(hosts, 1)]


def world(
    servers: Servers,
    *records: str,
    operators: Sequence[Operator] = (PROFIHOST,),
    total: float = 60.0,
    caps: Caps | None = None,
) -> World:
    """The world with these records."""
    limits = Limits(total=total, connect=30.0, reply=300.0)
    made: Network = replace(network(HandmadeDns(*records), limits=limits), connector=servers)
    return World(made, trust(), operators, caps=caps or Caps(per_second=10_000.0, rest=0.05))


def began(store: Store, world: World, *domains: str) -> Run:
    """A run over these domains."""
    names = [operator.name for operator in world.operators]
    entries = [Entry(line, Domain(name, name)) for line, name in enumerate(domains, 1)]
    return store.begin("2026-11-30T12:00:00Z", "list.txt", "f", names, entries)


async def outcomes(folder: Path, world: World, *domains: str) -> dict[str, tuple[str, str]]:
    """Outcome and problem of each domain after a run of its own."""
    with closing(Store(folder / "bulk.sqlite")) as store:
        run = began(store, world, *domains)
        told: list[object] = []
        assert await Engine(world, store, run, told.append).run() == 0
        found = {one.domain: (one.outcome, one.problem) for one in store.answers(run)}
    assert len(told) == len(found)
    return found
