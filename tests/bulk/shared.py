"""A small world that several processes make, and where each writes down whom it connects to."""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from checker.bulk.domains import World
from checker.bulk.turns import Caps
from checker.canary import Canary
from checker.network import Stream
from tests.bulk.world import Counted, Opens, Servers, dead, mail_of, world

CANARY = "192.0.2.250"


@dataclass(frozen=True)
class Shared:
    """Makes that world.

    Attributes:
        log: Where connections are written down.
        domains: Of which each has one of the servers.
        servers: How many.
        dead: Of these, so many at the beginning give no connection.
        other_dies_at: Any process but the first is killed at so many connections.
        other_closes_at: Its port is closed from so many on.
        first: The process whose port stays open.
    """

    log: Path
    domains: int = 120
    servers: int = 60
    dead: int = 0
    other_dies_at: int | None = None
    other_closes_at: int | None = None
    first: int = field(default_factory=os.getpid)

    @property
    def names(self) -> list[str]:
        """The domains."""
        return [f"d{number}.example" for number in range(self.domains)]

    @property
    def addresses(self) -> list[str]:
        """The servers' addresses, each in a network of its own."""
        return [str(ip_address("203.0.0.1") + 256 * number) for number in range(self.servers)]

    def __call__(self) -> World:
        """Make it."""
        hosts = [f"mx{n}.example.org A {address}" for n, address in enumerate(self.addresses)]
        mail = [
            record
            for n, name in enumerate(self.names)
            for record in mail_of(name, f"mx{n % self.servers}.example.org")
        ]
        shows: dict[str, Sequence[Opens]] = {
            address: [dead] for address in self.addresses[: self.dead]
        }
        caps = Caps(connections=8, per_second=10_000.0, rest=0.05)
        made = world(_Written(self, shows), *mail, *hosts, caps=caps)
        return World(
            made.network,
            made.trust,
            made.operators,
            canary=Canary(CANARY, made.network),
            caps=caps,
        )

    def seen(self) -> "Seen":
        """What the processes wrote down."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        open_, most = Counter[str](), Counter[str]()
        for _, what, address in lines:
            for one in (address, "all"):
                open_[one] += 1 if what == "+" else -1
                most[one] = max(most[one], open_[one])
        begun = [(int(pid), address) for pid, what, address in lines if what == "+"]
        return Seen(begun, most)


@dataclass(frozen=True)
class Seen:
    """What several processes did.

    Attributes:
        begun: Which process connected to which address, in order.
        most: The most connections that were open at a time, by address, and in all.
    """

    begun: Sequence[tuple[int, str]]
    most: Counter[str]

    @property
    def processes(self) -> set[int]:
        """Who connected to anybody but the canary."""
        return {pid for pid, address in self.begun if address != CANARY}

    @property
    def connections(self) -> Counter[str]:
        """How often each address was connected to, but the canary."""
        return Counter(address for _, address in self.begun if address != CANARY)


class _Written(Servers):
    """Servers that every process writes into the same file about."""

    def __init__(self, shared: Shared, shows: dict[str, Sequence[Opens]]) -> None:
        super().__init__(shows)
        self._shared = shared
        self._count = 0

    async def connect(self, address: str, port: int) -> Stream:
        self._count += 1
        if os.getpid() != self._shared.first:
            if self._count == self._shared.other_dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if self._count >= (self._shared.other_closes_at or self._count + 1):
                self._write("+", address)
                self._write("-", address)
                return dead()
        self._write("+", address)
        try:
            stream = await super().connect(address, port)
        except OSError:
            self._write("-", address)
            raise
        return Counted(stream, lambda: self._write("-", address))

    def _write(self, what: str, address: str) -> None:
        file = os.open(self._shared.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{os.getpid()} {what} {address}\n".encode())
        finally:
            os.close(file)
