"""The resolver for production and the lab: dnspython over UDP, and TCP where that is truncated."""

import asyncio
import copy
import ipaddress
import socket
from datetime import UTC, datetime

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.nameserver
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.RRSIG import RRSIG

from checker.network import DnsAnswer, DnsStatus, Validity
from checker.network.answers import told
from checker.network.dnspython_internals import (
    ConnectedBackend,
    follow_aliases,
    read_digests_of_any_length,
)

_PAYLOAD = 1232
"""Bytes of a UDP answer that pass every path unfragmented (DNS flag day 2020)."""

_LONG = 8_192
"""Bytes of an answer over TCP that are read at once: to read 64 kilobytes takes 0.2 s of CPU."""

_LIFETIME = 8.0
"""Seconds for one question, however slow the resolver is."""

_KNOWS_NO_EDNS = {dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS}

_MOST_ALIASES = 100
"""In one answer; resolvers themselves give up long before."""

_TRY = 3.0
"""Seconds of silence after which a question is asked once more: its packet may be lost."""

read_digests_of_any_length()
follow_aliases(_MOST_ALIASES)


class ResolverError(Exception):
    """No resolver could be found or its address is no address; the message says which."""


class _Nameserver(dns.nameserver.Do53Nameserver):
    """One resolver; what it says over TCP is read with a cap."""

    async def async_query(  # noqa: PLR0913, PLR0917 - as it is called
        self,
        request: dns.message.QueryMessage,
        timeout: float,  # noqa: ASYNC109 - as it is called
        source: str | None,
        source_port: int,
        max_size: bool,  # noqa: FBT001 - as it is called
        backend: ConnectedBackend,
        one_rr_per_rrset: bool = False,  # noqa: FBT001, FBT002 - as it is called
        ignore_trailing: bool = False,  # noqa: FBT001, FBT002 - as it is called
    ) -> dns.message.Message:
        if not max_size:
            return await super().async_query(
                request,
                timeout,
                source,
                source_port,
                max_size,
                backend,
                one_rr_per_rrset,
                ignore_trailing,
            )
        try:
            async with asyncio.timeout(timeout):
                wire = await self._over_tcp(request.to_wire())
        except TimeoutError as error:
            raise dns.exception.Timeout from error
        if len(wire) > _LONG:
            # Others need not wait meanwhile.
            response = await asyncio.to_thread(dns.message.from_wire, wire)
        else:
            response = dns.message.from_wire(wire)
        if not request.is_response(response):
            raise dns.query.BadResponse
        return response

    async def _over_tcp(self, query: bytes) -> bytes:
        """Ask, with the length before each message (RFC 1035 section 4.2.2)."""
        reader, writer = await asyncio.open_connection(self.address, self.port)
        try:
            writer.write(len(query).to_bytes(2) + query)
            length = int.from_bytes(await reader.readexactly(2))
            return await reader.readexactly(length)
        finally:
            writer.close()


class DnspythonResolver:
    """Asks recursive resolvers: the system's, or one that is named."""

    def __init__(self, server: str | None = None, port: int = 53) -> None:
        """Choose the resolver.

        Args:
            server: Its IP address or host name; the system's resolvers unless given.
            port: Its UDP and TCP port.

        Raises:
            ResolverError: The system names no resolver, or the named one is not known.
        """
        self._checking = _configured(server, port, dns.flags.RD | dns.flags.AD)
        self._not_checking = _configured(server, port, dns.flags.RD | dns.flags.CD)
        self._backend = ConnectedBackend()
        self._knock: asyncio.Task[bool] | None = None
        # The AD bit is worth no more than the path to the resolver (RFC 4035 section 4.9.3).
        self._believed = server is not None or all(
            isinstance(one, _Nameserver) and ipaddress.ip_address(one.address).is_loopback
            for one in self._checking.nameservers
        )

    @property
    def local(self) -> tuple[str, int] | None:
        """Address and port of the first name server, where that is on loopback."""
        first = self._checking.nameservers[0]
        if isinstance(first, _Nameserver) and ipaddress.ip_address(first.address).is_loopback:
            return first.address, first.port
        return None

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question; see :class:`checker.network.Resolver`."""
        resolver = self._not_checking if checking_disabled else self._checking
        asked = [asyncio.create_task(self._ask(resolver, name, record_type, _LIFETIME))]
        try:
            await asyncio.wait(asked, timeout=_TRY)
            if asked[0].done():
                return asked[0].result()
            remaining = _LIFETIME - _TRY
            asked.append(asyncio.create_task(self._ask(resolver, name, record_type, remaining)))
            # Meanwhile: are those silent who were asked, or those whom they ask in turn?
            alive = self._knocking(remaining)
            for answered in asyncio.as_completed(asked):
                answer = await answered
                if answer.status is not DnsStatus.TIMEOUT:
                    return answer
            return DnsAnswer(
                DnsStatus.TIMEOUT if await asyncio.shield(alive) else DnsStatus.UNREACHABLE
            )
        finally:
            for task in asked:
                task.cancel()

    async def validity(self, name: str, record_type: str) -> Validity | None:
        """When a signature is valid; see :class:`checker.network.Signatures`."""
        # With checking disabled: one who checks by a wrong clock would give no answer.
        resolver = _with_edns(self._not_checking, dns.flags.DO)
        try:
            answer = await resolver.resolve(
                dns.name.from_text(name),
                record_type,
                search=False,
                raise_on_no_answer=False,
                lifetime=_LIFETIME,
                backend=self._backend,
            )
        except (dns.exception.DNSException, OSError, ValueError):
            return None
        covered = dns.rdatatype.from_text(record_type)
        found = [
            record
            for rrset in answer.response.answer
            for record in rrset
            if isinstance(record, RRSIG) and record.type_covered == covered
        ]
        if not found:
            return None
        # No server has a signature of the future; while keys change, there is more than one.
        return Validity(
            datetime.fromtimestamp(max(one.inception for one in found), UTC),
            datetime.fromtimestamp(max(one.expiration for one in found), UTC),
        )

    async def _ask(
        self,
        resolver: dns.asyncresolver.Resolver,
        name: str,
        record_type: str,
        seconds: float,
    ) -> DnsAnswer:
        try:
            owner = dns.name.from_text(name)
        except (dns.exception.DNSException, ValueError):
            # What the DNS cannot hold does not exist, such as a long name with a prefix.
            return DnsAnswer(DnsStatus.NAME_ERROR)
        try:
            answer = await resolver.resolve(
                owner,
                record_type,
                search=False,
                raise_on_no_answer=False,
                lifetime=seconds,
                backend=self._backend,
            )
        except (dns.exception.DNSException, OSError, ValueError) as failure:
            if resolver.edns >= 0 and _minds_edns(failure):
                # RFC 6891 section 7: the same question as before there was EDNS.
                return await self._ask(_with_edns(resolver, None), name, record_type, seconds)
            return DnsAnswer(_status(failure))
        return told(answer, believed=self._believed)

    def _knocking(self, seconds: float) -> asyncio.Task[bool]:
        """Finds out whether the resolver says anything; all who want to know share one question."""
        if self._knock is None or self._knock.done():
            self._knock = asyncio.create_task(self._answers(seconds))
        return self._knock

    async def _answers(self, seconds: float) -> bool:
        # Every recursive resolver knows the root, whatever becomes of other people's servers.
        answer = await self._ask(self._checking, ".", "NS", seconds)
        return answer.status not in {DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE}


def _status(failure: Exception) -> DnsStatus:
    match failure:
        case dns.resolver.NXDOMAIN():
            return DnsStatus.NAME_ERROR
        case dns.resolver.YXDOMAIN():
            return DnsStatus.SERVER_FAILURE
        case dns.resolver.NoNameservers():
            answered = any(response is not None for *_, response in failure.kwargs["errors"])
            return DnsStatus.SERVER_FAILURE if answered else DnsStatus.UNREACHABLE
        case dns.exception.Timeout():
            return DnsStatus.TIMEOUT
    return DnsStatus.UNREACHABLE


def _minds_edns(failure: Exception) -> bool:
    """Whether the resolvers say that they know nothing of EDNS (RFC 6891 section 7)."""
    if not isinstance(failure, dns.resolver.NoNameservers):
        return False
    responses = [response for *_, response in failure.kwargs["errors"] if response is not None]
    return any(response.rcode() in _KNOWS_NO_EDNS for response in responses)


def _with_edns(
    resolver: dns.asyncresolver.Resolver, flags: int | None
) -> dns.asyncresolver.Resolver:
    """The same resolver with these flags of EDNS, or without EDNS."""
    other = copy.copy(resolver)
    other.use_edns(None if flags is None else 0, flags or 0, _PAYLOAD)
    return other


def _configured(server: str | None, port: int, flags: int) -> dns.asyncresolver.Resolver:
    try:
        resolver = dns.asyncresolver.Resolver(configure=server is None)
    except dns.resolver.NoResolverConfiguration as error:
        raise ResolverError("the system names no DNS resolver (/etc/resolv.conf)") from error
    if server is not None:
        resolver.nameservers = [_address(server)]
        resolver.port = port
    resolver.nameservers = [
        _Nameserver(address, resolver.port) if isinstance(address, str) else address
        for address in resolver.nameservers
    ]
    resolver.lifetime = _LIFETIME
    # One that is alone is listened to for the whole time: it may be slow.
    resolver.timeout = _TRY if len(resolver.nameservers) > 1 else _LIFETIME
    resolver.flags = flags
    # The AD bit is asked for by itself (RFC 6840 section 5.7); a check reads no signatures.
    resolver.use_edns(0, 0, _PAYLOAD)
    return resolver


def _address(server: str) -> str:
    try:
        return str(ipaddress.ip_address(server))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(server, None, type=socket.SOCK_DGRAM)[0][4][0])
    except (OSError, UnicodeError) as error:
        raise ResolverError(f"the resolver {server!r} has no address") from error
