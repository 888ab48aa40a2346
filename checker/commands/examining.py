"""What ``doctor`` looks at, and how it is told."""

import asyncio
import ctypes
import json
import logging
import platform
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from itertools import compress
from typing import TYPE_CHECKING, Protocol, TypeVar

import dns.reversename
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from checker import moment, operators
from checker.commands.diagnosis import Named, Seen, diagnose, fails, lines, to_json
from checker.commands.shared import UNAVAILABLE, say
from checker.conversation.trust import Trust
from checker.facts import Port, Validation
from checker.function.guard.options import GuardOptions
from checker.network import DnsAnswer, DnsStatus, Network, Resolver, Signatures, Validity
from checker.network.addresses import is_public, sources
from checker.operators import DANE_LEVELS, Operator
from checker.production import (
    NoResolverError,
    build_canary,
    build_network,
    find_resolver,
    find_trust,
)
from checker.route.validation import find_validation
from checker.senders import PROFILES, profile
from checker.settings import Settings, SettingsError
from checker.text import printable

if TYPE_CHECKING:
    from checker.canary import Canary

_PATIENCE = 30.0
"""Seconds for each subject; all are looked at at once."""

_MOST_NAMES = 16
"""PTR records of an address that are heeded."""

_ROOT = "."
_NO_ANSWER = "the DNS resolver does not answer"
_SILENT_STORE = "no answer"
_DEFINITE = {DnsStatus.ANSWER, DnsStatus.NO_DATA, DnsStatus.NAME_ERROR}
_SILENT = {DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE}

_UNSYNCHRONIZED = 5
"""What adjtimex(2) returns where nothing keeps the clock right, TIME_ERROR."""

_LARGEST_TIMEX = 1_024
"""Bytes, some hundred more than the structure has anywhere; all zero, it changes nothing."""

T = TypeVar("T")


class Asked(Resolver, Signatures, Protocol):
    """Asks the DNS for records and for signatures."""


def tell(
    settings: Settings,
    environment: Mapping[str, str],
    addresses: Sequence[str] | None,
    *,
    as_json: bool,
) -> int:
    """Look at everything, print what was found, and return the exit status.

    Args:
        settings: How the world is reached.
        environment: Names the store.
        addresses: Where mail servers see this machine; its own addresses unless given.
        as_json: Print JSON.

    Raises:
        SettingsError: A setting cannot be used.
    """
    # What is lost is told below, and not in a log as well.
    logging.getLogger("checker").addHandler(logging.NullHandler())
    store = GuardOptions.from_environment(environment).store
    resolver: Asked
    try:
        resolver, missing = find_resolver(settings), ""
    except NoResolverError as error:
        resolver, missing = NoResolver(), str(error)
    trust = find_trust(settings)
    network = build_network(settings, resolver, trust)
    examination = Examination(
        network=network,
        resolver=resolver,
        missing=missing,
        trust=trust,
        canary=build_canary(settings, network),
        canary_name=settings.canary,
        addresses=sources() if addresses is None else addresses,
        store=store,
        synchronized=_synchronized(),
    )
    findings = diagnose(asyncio.run(examination.look()))
    if as_json:
        say(json.dumps(to_json(findings), indent=2))
    else:
        say(*lines(findings))
    return UNAVAILABLE if fails(findings) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What is looked at.

    Attributes:
        network: The outside world.
        resolver: Its resolver, which also knows signatures.
        missing: Why there is none; empty where there is one.
        trust: The certificate authorities.
        canary: Tells whether port 25 is open here.
        canary_name: The mail server that it asks.
        addresses: Where mail servers see this machine.
        store: Address of the store.
        synchronized: Whether the system says that something keeps its clock right.
        now: Tells the time.
    """

    network: Network
    resolver: Asked
    missing: str = ""
    trust: Trust
    canary: "Canary | None" = None
    canary_name: str | None = None
    addresses: Sequence[str] = ()
    store: str | None = None
    synchronized: bool | None = None
    now: Callable[[], datetime] = moment.now

    async def look(self) -> Seen:
        """Look at everything at once; what does not answer in time stays unknown."""
        known = operators.load_all().values()
        openssl, unsaid = _imitations()
        async with asyncio.TaskGroup() as tasks:
            silence = tasks.create_task(_in_time(self._silence(), _NO_ANSWER))
            validation = tasks.create_task(
                _in_time(find_validation(self.resolver), Validation.UNKNOWN)
            )
            port = tasks.create_task(_in_time(self._port(), Port.UNKNOWN))
            named = [
                tasks.create_task(_in_time(self._named(address), Named(address)))
                for address in self.addresses
            ]
            store = tasks.create_task(_in_time(self._store(), _SILENT_STORE))
            validity = tasks.create_task(_in_time(self.resolver.validity(_ROOT, "SOA"), None))
        return Seen(
            python=platform.python_version(),
            openssl=openssl,
            unsaid=unsaid,
            imitated=[one.name for one in PROFILES.values() if one.name not in unsaid],
            simulated=frozenset(_profile_name(one) for one in known),
            places=self.trust.places,
            has_authorities=not self.trust.is_empty(),
            resolver=silence.result(),
            validation=validation.result(),
            needs_validation=[one.title for one in known if one.tls.level in DANE_LEVELS],
            canary=self.canary_name,
            port=port.result(),
            ehlo_name=self.network.client_name,
            named=[one.result() for one in named],
            store=store.result(),
            now=self.now(),
            validity=validity.result(),
            synchronized=self.synchronized,
        )

    async def _silence(self) -> str:
        """Why the resolver is of no use."""
        if self.missing:
            return self.missing
        # Every recursive resolver knows the root, and whatever else it says is an answer.
        answer = await self.resolver.resolve(_ROOT, "NS")
        return _NO_ANSWER if answer.status in _SILENT else ""

    async def _port(self) -> Port:
        if self.canary is None:
            return Port.UNKNOWN
        try:
            return await self.canary.look(_PATIENCE)
        finally:
            await self.canary.close()

    async def _named(self, address: str) -> Named:
        if not is_public(address):
            return Named(address)
        reverse = dns.reversename.from_address(address).to_text(omit_final_dot=True)
        answer = await self.resolver.resolve(reverse, "PTR")
        if answer.status not in _DEFINITE:
            return Named(address)
        names = tuple(
            record.target.to_text(omit_final_dot=True).lower()
            for record in answer.records
            if isinstance(record, PTR)
        )[:_MOST_NAMES]
        leads_back = await asyncio.gather(*(self._leads_to(name, address) for name in names))
        return Named(address, names, tuple(compress(names, leads_back)))

    async def _leads_to(self, name: str, address: str) -> bool:
        record_type = "AAAA" if ":" in address else "A"
        answer = await self.resolver.resolve(name, record_type)
        return any(
            isinstance(record, A | AAAA) and ip_address(record.address) == ip_address(address)
            for record in answer.records
        )

    async def _store(self) -> str | None:
        """Why the store is of no use."""
        if self.store is None:
            return None
        # Only who has such a server has what speaks to it.
        from checker.function.guard.shared import LostError, SharedServer  # noqa: PLC0415

        try:
            server = SharedServer(self.store)
        except SettingsError as error:
            return str(error)
        try:
            await server.ask(server.write)
        except LostError as lost:
            return printable(str(lost.__cause__ or "")) or _SILENT_STORE
        finally:
            await server.close()
        return ""


async def _in_time(question: Awaitable[T], otherwise: T) -> T:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await question
    except TimeoutError:
        return otherwise


def _imitations() -> tuple[str | None, dict[str, str]]:
    """The version of OpenSSL, and the mail servers that cannot be imitated with it, and why."""
    try:
        from OpenSSL import SSL  # noqa: PLC0415 - where it is broken, that is told

        from checker.conversation.imitation import (  # noqa: PLC0415 - as above
            ImitationError,
            check_imitation,
        )
    except ImportError as error:
        return None, {one.name: str(error) for one in PROFILES.values()}
    unsaid = {}
    for one in PROFILES.values():
        try:
            check_imitation(one)
        except ImitationError as error:
            unsaid[one.name] = str(error)
    return SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode(), unsaid


def _profile_name(operator: Operator) -> str:
    return profile(operator.delivery.server, operator.delivery.system).name


def _synchronized() -> bool | None:
    """Whether something keeps the clock right, where the system tells (Linux)."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_LARGEST_TIMEX))
    except (AttributeError, OSError, TypeError):
        return None
    return None if state < 0 else state != _UNSYNCHRONIZED


class NoResolver:
    """In place of a resolver where there is none."""

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Nobody answers."""
        del name, record_type, checking_disabled
        return DnsAnswer(DnsStatus.UNREACHABLE)

    async def validity(self, name: str, record_type: str) -> Validity | None:
        """Nobody answers."""
        del name, record_type
        return None
