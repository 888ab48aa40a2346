"""An outside world made by hand: a DNS of a few lines and mail servers of a few replies."""

import asyncio
import errno
from collections.abc import Callable, Mapping

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from checker.network import (
    DnsAnswer,
    DnsStatus,
    Limits,
    Network,
    Permits,
    Stream,
    StsFetchError,
    always,
)

ADDRESS = "192.0.2.1"

SILENCE = None
"""Said by a server that says nothing, and keeps the connection."""

Turn = bytes | OSError | None


class HandmadeDns:
    """A resolver that knows a few records; every other name does not exist."""

    def __init__(
        self,
        *records: str,
        failures: Mapping[str, DnsStatus] | None = None,
        bogus: tuple[str, ...] = (),
        signed: bool = False,
        unsigned: tuple[str, ...] = (),
    ) -> None:
        """Take records and what goes wrong.

        Args:
            records: Such as ``example.org MX 10 mx.example.org.``.
            failures: Such as ``{"example.org MX": DnsStatus.TIMEOUT}``.
            bogus: Names whose signatures do not fit.
            signed: Answers are validated.
            unsigned: Names whose answers are not, all the same.
        """
        self.asked: list[str] = []
        self._records = [record.split(" ", 2) for record in records]
        self._failures = failures or {}
        self._bogus = bogus
        self._signed = signed
        self._unsigned = unsigned

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question."""
        self.asked.append(f"{name} {record_type}")
        if failure := self._failures.get(f"{name} {record_type}"):
            return DnsAnswer(failure)
        if name in self._bogus and not checking_disabled:
            return DnsAnswer(DnsStatus.SERVER_FAILURE)
        while record_type != "CNAME" and (alias := self._data(name, "CNAME")):
            name = alias[0].rstrip(".")
        known = any(owner == name for owner, _, _ in self._records)
        found = tuple(
            dns.rdata.from_text(
                dns.rdataclass.IN, dns.rdatatype.from_text(record_type), text, dns.name.root
            )
            for text in self._data(name, record_type)
        )
        if found:
            signed = self._signed and name not in self._unsigned
            return DnsAnswer(DnsStatus.ANSWER, found, signed, name)
        return DnsAnswer(DnsStatus.NO_DATA if known else DnsStatus.NAME_ERROR)

    def _data(self, name: str, record_type: str) -> list[str]:
        return [text for owner, kind, text in self._records if (owner, kind) == (name, record_type)]


class ScriptedStream:
    """A server that says its first turn at once, and the next one after each command."""

    def __init__(self, *turns: Turn, chunk: int = 65_536) -> None:
        """Take the turns; behind the last one the server closes the connection.

        Args:
            turns: What it says, how the connection breaks, or silence.
            chunk: Bytes that one read returns at the most.
        """
        self.written = b""
        self.closed = False
        self.handed_out = 0
        self._turns = list(turns)
        self._chunk = chunk
        self._saying: Turn = b""
        self._next()

    def _next(self) -> None:
        self._saying = self._turns.pop(0) if self._turns else b""

    async def read(self, size: int) -> bytes:
        """Up to ``size`` bytes."""
        await asyncio.sleep(0)
        if self._saying is SILENCE:
            await asyncio.Event().wait()
        if isinstance(self._saying, OSError):
            raise self._saying
        assert self._saying is not None
        size = min(size, self._chunk)
        data, self._saying = self._saying[:size], self._saying[size:]
        if not data and self._turns:
            await asyncio.Event().wait()
        self.handed_out += len(data)
        return data

    async def write(self, data: bytes) -> None:
        """Take a command."""
        self.written += data
        if not self._saying:
            self._next()

    def close(self) -> None:
        """Close at once."""
        self.closed = True

    @property
    def commands(self) -> list[str]:
        """What the client said, line by line."""
        return self.written.decode("ascii", "replace").splitlines()


class Flood:
    """A server that says the same again and again, for as long as somebody reads."""

    def __init__(self, start: bytes, again: bytes) -> None:
        """Take what it says at first, and what it repeats."""
        self.handed_out = 0
        self.closed = False
        self._ready = start
        self._again = again

    async def read(self, size: int) -> bytes:
        """As much as is asked for."""
        await asyncio.sleep(0)
        missing = max(size - len(self._ready), 0)
        self._ready += self._again * (missing // len(self._again) + 1)
        data, self._ready = self._ready[:size], self._ready[size:]
        self.handed_out += len(data)
        return data

    async def write(self, data: bytes) -> None:
        """Take a command."""

    def close(self) -> None:
        """Close at once."""
        self.closed = True


class HandmadeConnector:
    """Mail servers by their addresses; nothing listens anywhere else."""

    def __init__(self, servers: Mapping[str, Callable[[], Stream] | OSError]) -> None:
        """Take what opens a connection, or how that fails."""
        self.connected: list[tuple[str, int]] = []
        self._servers = servers

    async def connect(self, address: str, port: int) -> Stream:
        """Connect to an IP address."""
        self.connected.append((address, port))
        server = self._servers.get(address)
        if server is None:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        if isinstance(server, OSError):
            raise server
        return server()


class HandmadeStsPolicies:
    """MTA-STS policies by their domains."""

    def __init__(self, policies: Mapping[str, bytes | StsFetchError]) -> None:
        """Take the policy files, or why they cannot be had."""
        self._policies = policies

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        """The policy file of a domain."""
        del permits
        policy = self._policies.get(domain, StsFetchError("connection"))
        if isinstance(policy, StsFetchError):
            raise policy
        return policy


def network(
    dns: HandmadeDns | None = None,
    servers: Mapping[str, Callable[[], Stream] | OSError] | None = None,
    policies: Mapping[str, bytes | StsFetchError] | None = None,
    limits: Limits | None = None,
) -> Network:
    """An outside world that is as empty as is not said otherwise."""
    return Network(
        resolver=dns or HandmadeDns(),
        connector=HandmadeConnector(servers or {}),
        sts_fetcher=HandmadeStsPolicies(policies or {}),
        permits=lambda address: not address.startswith(("10.", "127.")),
        client_name="client.example",
        limits=limits or Limits(total=5.0, connect=0.2, reply=0.2),
    )
