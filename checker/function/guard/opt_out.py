"""Mail servers whose owners want no checks: a list, and a TXT record beside the mail server."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

from dns.rdtypes.ANY.TXT import TXT

from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Seen
from checker.function.guard.client import Networks
from checker.function.guard.store import Store
from checker.function.guard.unasked import unasked
from checker.network import Resolver
from checker.network.addresses import is_ip_address
from checker.problems import Cause

LABEL = "_zustellbar"
CONTENT = "opt-out"
"""``_zustellbar.mx.example.org. TXT "opt-out"`` speaks for mx.example.org and for no other host."""

_PATIENCE = 3.0
"""Seconds to wait for that record; who has none must not wait longer for an answer."""

_NAME = re.compile(r"\.?([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")


@dataclass(frozen=True, slots=True)
class OptOuts:
    """The list.

    Attributes:
        names: Domains and hosts in A-labels; one with a leading dot stands for all below it.
        networks: Networks of mail servers.
    """

    names: frozenset[str] = frozenset()
    networks: Networks = ()

    def name(self, name: str) -> bool:
        """Whether a domain or a host is on the list."""
        labels = name.split(".")
        above = (f".{'.'.join(labels[start:])}" for start in range(1, len(labels)))
        return name in self.names or not self.names.isdisjoint(above)

    def address(self, address: str) -> bool:
        """Whether an IP address is on the list."""
        return any(ip_address(address) in network for network in self.networks)


def read(lines: Iterable[str]) -> OptOuts:
    """Read a list: a name, an IP address or a network (CIDR) on each line, comments after #.

    Raises:
        ValueError: A line is none of these.
    """
    names, networks = set(), []
    for number, line in enumerate(lines, 1):
        entry = line.partition("#")[0].strip().lower().removesuffix(".")
        try:
            networks.append(ip_network(entry))
        except ValueError as error:
            if entry and not (_NAME.fullmatch(entry) and "/" not in entry):
                message = f"line {number}: {entry!r} is no name, IP address or network"
                raise ValueError(message) from error
            names.add(entry)
    return OptOuts(frozenset(names - {""}), tuple(networks))


def read_file(path: Path) -> OptOuts:
    """Read a list from a file.

    Raises:
        ValueError: The file cannot be read, or a line of it.
    """
    try:
        return read(path.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise ValueError(error.strerror) from error


class Respectful:
    """A prober that leaves those alone who want no checks."""

    def __init__(
        self, prober: Probing, opt_outs: OptOuts, resolver: Resolver, store: Store, lifetime: int
    ) -> None:
        """Take the prober and who knows of opt-outs.

        Args:
            prober: Looks at an address.
            opt_outs: The list.
            resolver: Asks for the record.
            store: Keeps that there is a record. That there is none is kept as the result.
            lifetime: Seconds for which that counts.
        """
        self._prober = prober
        self._opt_outs = opt_outs
        self._resolver = resolver
        self._store = store
        self._lifetime = lifetime

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Look at one address, unless its owner wants no checks; that holds for this one alone."""
        listed = self._opt_outs.name(probe.host) or self._opt_outs.address(probe.address)
        if listed or await self._says_so(probe.host):
            return unasked(Cause.OPTED_OUT, datetime.now(UTC)), None
        return await self._prober.probe(probe, watch)

    async def _says_so(self, host: str) -> bool:
        if is_ip_address(host):
            return False
        key = f"opt-out:{host}"
        if self._lifetime and await self._store.get(key) == CONTENT:
            return True
        says_so = await self._ask(host)
        if says_so and self._lifetime:
            await self._store.put(key, CONTENT, self._lifetime)
        return says_so

    async def _ask(self, host: str) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._resolver.resolve(f"{LABEL}.{host}", "TXT")
        except TimeoutError:
            return False
        texts = [b"".join(record.strings) for record in answer.records if isinstance(record, TXT)]
        return any(text.strip().lower() == CONTENT.encode() for text in texts)
