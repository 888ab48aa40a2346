"""The resolver for production and the lab: dnspython over UDP, and TCP where that is truncated."""

import ipaddress
import socket

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.name
import dns.rdatatype
import dns.resolver
from dns.rdtypes.tlsabase import TLSABase

from checker.network import DnsAnswer, DnsStatus

_PAYLOAD = 1232
"""Bytes of a UDP answer that pass every path unfragmented (DNS flag day 2020)."""

# A TLSA record whose digest has a wrong length binds nobody (RFC 7671 section 4) and harms no other
# one; dnspython would throw away the whole answer and wait for a better one.
TLSABase._cert_length_by_mtype = {}  # noqa: SLF001 - there is no setting for it

_LIFETIME = 8.0
_TRY = 3.0


class ResolverError(Exception):
    """No resolver could be found or its address is no address; the message says which."""


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
        # The AD bit is worth no more than the path to the resolver (RFC 4035 section 4.9.3).
        self._believed = server is not None or all(
            isinstance(address, str) and ipaddress.ip_address(address).is_loopback
            for address in self._checking.nameservers
        )

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question; see :class:`checker.network.Resolver`."""
        resolver = self._not_checking if checking_disabled else self._checking
        try:
            answer = await resolver.resolve(
                dns.name.from_text(name), record_type, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return DnsAnswer(DnsStatus.NAME_ERROR)
        except dns.resolver.NoNameservers as failure:
            answered = any(response is not None for *_, response in failure.kwargs["errors"])
            return DnsAnswer(DnsStatus.SERVER_FAILURE if answered else DnsStatus.UNREACHABLE)
        except dns.exception.Timeout:
            return DnsAnswer(DnsStatus.TIMEOUT)
        except (dns.exception.DNSException, OSError, ValueError):
            return DnsAnswer(DnsStatus.UNREACHABLE)
        authenticated = self._believed and bool(answer.response.flags & dns.flags.AD)
        if answer.rrset is None:
            return DnsAnswer(DnsStatus.NO_DATA, authenticated=authenticated)
        return DnsAnswer(
            DnsStatus.ANSWER,
            tuple(answer.rrset),
            authenticated,
            answer.canonical_name.to_text(omit_final_dot=True).lower(),
        )


def _configured(server: str | None, port: int, flags: int) -> dns.asyncresolver.Resolver:
    try:
        resolver = dns.asyncresolver.Resolver(configure=server is None)
    except dns.resolver.NoResolverConfiguration as error:
        raise ResolverError("the system names no DNS resolver (/etc/resolv.conf)") from error
    if server is not None:
        resolver.nameservers = [_address(server)]
        resolver.port = port
    resolver.lifetime = _LIFETIME
    resolver.timeout = _TRY
    resolver.flags = flags
    # The AD bit is asked for by itself (RFC 6840 section 5.7); nobody here reads signatures.
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
