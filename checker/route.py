"""A domain's mail servers and their addresses, as the DNS tells them (RFC 5321 section 5.1)."""

import asyncio
import ipaddress
from collections.abc import Callable

from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from checker.facts import Evidence, Finding, MailServer, Route, RouteKind
from checker.network import DnsAnswer, DnsStatus, Network, Resolver

_ABSENT = {DnsStatus.NO_DATA, DnsStatus.NAME_ERROR}


async def find_route(domain: str, network: Network) -> Route:
    """Find the mail servers of a domain.

    Args:
        domain: A-labels.
        network: Asks the DNS, and knows which IP addresses may be connected to.

    Returns:
        The route; where there is none, or it could not be learnt, its findings say why.
    """
    questions = _Questions(network.resolver)
    answer = await questions.ask(domain, "MX")
    if answer.status is DnsStatus.NAME_ERROR:
        finding = Finding("domain-not-found", {"name": domain})
        return Route(domain, RouteKind.NO_ROUTE, findings=(finding,))
    if answer.status is DnsStatus.NO_DATA:
        return await _implicit(domain, answer, questions, network.permits)
    if answer.status is not DnsStatus.ANSWER:
        return Route(domain, RouteKind.FAILED, findings=(_failure(answer, domain, "MX"),))
    records = sorted(
        (record.preference, record.exchange.to_text(omit_final_dot=True).lower())
        for record in answer.records
        if isinstance(record, MX)
    )
    # A server that finds a null MX sends nothing, whatever stands beside it (RFC 7505 section 3).
    if any(host in {"", ".", "@"} for _, host in records):
        finding = Finding("null-mx", {"name": domain})
        return Route(domain, RouteKind.NULL_MX, findings=(finding,))
    records = records[: network.limits.mail_servers]
    servers = await asyncio.gather(
        *(
            _mail_server(host, preference, questions, network.permits)
            for preference, host in records
        )
    )
    return Route(
        domain,
        RouteKind.MX,
        tuple(servers),
        answer.authenticated,
        (*questions.bogus, *_unroutable(servers)),
    )


class _Questions:
    """Asks with validation; where that fails, asks what the domain says all the same."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.bogus: list[Finding] = []

    async def ask(self, name: str, record_type: str) -> DnsAnswer:
        answer = await self._resolver.resolve(name, record_type)
        if answer.status is not DnsStatus.SERVER_FAILURE:
            return answer
        unchecked = await self._resolver.resolve(name, record_type, checking_disabled=True)
        if unchecked.status in {DnsStatus.ANSWER, *_ABSENT}:
            evidence: Evidence = {"name": name, "record_type": record_type}
            self.bogus.append(Finding("dnssec-invalid", evidence))
            return unchecked
        return answer


async def _implicit(
    domain: str, answer: DnsAnswer, questions: _Questions, permits: Callable[[str], bool]
) -> Route:
    server = await _mail_server(domain, 0, questions, permits)
    if any(finding.id == "no-mail-server" for finding in server.findings):
        findings = (*questions.bogus, *server.findings)
        return Route(domain, RouteKind.NO_ROUTE, findings=findings)
    return Route(
        domain,
        RouteKind.IMPLICIT_MX,
        (server,),
        answer.authenticated,
        (*questions.bogus, *_unroutable([server])),
    )


async def _mail_server(
    host: str, preference: int, questions: _Questions, permits: Callable[[str], bool]
) -> MailServer:
    if _is_ip_address(host):
        # RFC 5321 section 5.1 wants a domain name there; senders look the digits up and find none.
        finding = Finding("mail-server-address-invalid", {"host": host, "cause": "ip-address"})
        return MailServer(host, preference, findings=(finding,))
    ipv4, ipv6 = await asyncio.gather(questions.ask(host, "A"), questions.ask(host, "AAAA"))
    found = [
        record.address
        for answer in (ipv4, ipv6)
        for record in answer.records
        if isinstance(record, A | AAAA)
    ]
    usable = tuple(address for address in found if permits(address))
    refused = [address for address in found if address not in usable]
    if refused:
        evidence: Evidence = {"host": host, "cause": "not-public", "addresses": refused}
        return MailServer(
            host, preference, usable, (Finding("mail-server-address-invalid", evidence),)
        )
    if found:
        return MailServer(host, preference, usable)
    for record_type, answer in (("A", ipv4), ("AAAA", ipv6)):
        if answer.status not in _ABSENT:
            return MailServer(host, preference, findings=(_failure(answer, host, record_type),))
    cause = "not-found" if ipv4.status is DnsStatus.NAME_ERROR else "no-address"
    finding = Finding("no-mail-server", {"name": host, "cause": cause})
    return MailServer(host, preference, findings=(finding,))


def _unroutable(servers: list[MailServer]) -> list[Finding]:
    """What stands in the way of the whole route when no mail server has a usable address."""
    if any(server.addresses for server in servers):
        return []
    findings = [finding for server in servers for finding in server.findings]
    # One look-up that failed may have hidden a usable address: then nothing is final.
    return sorted(findings, key=lambda finding: finding.id != "dns-failure")


def _failure(answer: DnsAnswer, name: str, record_type: str) -> Finding:
    if answer.status is DnsStatus.UNREACHABLE:
        return Finding("checker-unreachable", {"cause": "resolver"})
    return Finding(
        "dns-failure", {"name": name, "record_type": record_type, "cause": str(answer.status)}
    )


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
