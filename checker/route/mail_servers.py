"""A domain's mail servers and their addresses, as the DNS tells them (RFC 5321 section 5.1)."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TLSA import TLSA
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from checker.facts import Evidence, Finding, MailServer, Route, RouteKind, TlsaRecord
from checker.network import DnsAnswer, DnsStatus, Network, Resolver
from checker.network.addresses import (
    block_of,
    is_ip_address,
    is_loopback,
    is_this_host,
    leads_back,
)
from checker.problems import Cause
from checker.route.alike import alike

_SMTP_PORT = 25

_QUESTIONS_AT_ONCE = 100
"""A domain may have hundreds of mail servers: a resolver that is asked more loses some of it."""

_Tlsa = tuple[tuple[TlsaRecord, ...], tuple[Finding, ...]]
_NO_TLSA: _Tlsa = ((), ())
_NULL = {"", ".", "@"}
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
        return await _denied(domain, answer, questions, network)
    if answer.status is DnsStatus.NO_DATA:
        return await _implicit(domain, answer, questions, network)
    if answer.status is not DnsStatus.ANSWER:
        return Route(domain, RouteKind.FAILED, findings=(_failure(answer, domain, "MX"),))
    records = sorted(
        (record.preference, record.exchange.to_text(omit_final_dot=True).lower())
        for record in answer.records
        if isinstance(record, MX)
    )
    named = [(preference, host) for preference, host in records if host not in _NULL]
    nulls = []
    if not named:
        finding = Finding("null-mx", {"name": domain})
        return Route(domain, RouteKind.NULL_MX, findings=(finding,))
    if len(named) < len(records):
        # RFC 7505 section 3 wants a null MX to stand alone; what one beside others means is each
        # sender's own affair.
        nulls.append(Finding("null-mx", {"name": domain, "beside": len(named)}))
    records = named[: network.limits.mail_servers]
    servers = await asyncio.gather(
        *(_mail_server(host, preference, questions, network) for preference, host in records)
    )
    return Route(
        domain,
        RouteKind.MX,
        tuple(servers),
        answer.authenticated,
        (*questions.bogus, *nulls, *_unroutable(servers)),
        records=len(named),
    )


class _Questions:
    """Asks with validation; where that fails, asks what the domain says all the same."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._places = asyncio.Semaphore(_QUESTIONS_AT_ONCE)
        self.bogus: list[Finding] = []

    async def ask_validated(self, name: str, record_type: str) -> DnsAnswer:
        return await self._resolve(name, record_type)

    async def ask(self, name: str, record_type: str) -> DnsAnswer:
        answer = await self._resolve(name, record_type)
        if answer.status is not DnsStatus.SERVER_FAILURE:
            return answer
        unchecked = await self._resolve(name, record_type, checking_disabled=True)
        if unchecked.status in {DnsStatus.ANSWER, *_ABSENT}:
            # A failure of a moment is no false signature.
            again = await self._resolve(name, record_type)
            if again.status is not DnsStatus.SERVER_FAILURE:
                return again
            evidence: Evidence = {"name": name, "record_type": record_type}
            self.bogus.append(Finding("dnssec-invalid", evidence))
            return unchecked
        return answer

    async def _resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        async with self._places:
            return await self._resolver.resolve(
                name, record_type, checking_disabled=checking_disabled
            )


async def _denied(domain: str, answer: DnsAnswer, questions: _Questions, network: Network) -> Route:
    """Where a name is said not to exist; some senders ask for its address all the same."""
    meant = alike(domain)
    finding = Finding("domain-not-found", {"name": domain} | ({"alike": meant} if meant else {}))
    implicit = await _implicit(domain, answer, questions, network)
    if implicit.kind is RouteKind.IMPLICIT_MX:
        return replace(implicit, findings=(finding, *implicit.findings))
    return Route(domain, RouteKind.NO_ROUTE, findings=(finding,))


async def _implicit(
    domain: str, answer: DnsAnswer, questions: _Questions, network: Network
) -> Route:
    server = await _mail_server(domain, 0, questions, network)
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
    host: str, preference: int, questions: _Questions, network: Network
) -> MailServer:
    if is_ip_address(host):
        # RFC 5321 section 5.1 wants a domain name there; some senders connect all the same.
        finding = Finding("mail-server-address-invalid", {"host": host}, Cause.IP_ADDRESS)
        usable = (host,) if network.permits(host) else ()
        return MailServer(host, preference, usable, (finding,), canonical_name=host)
    # Asked side by side; whether the TLSA records count shows only when the addresses are known.
    *answers, tlsa = await asyncio.gather(
        questions.ask(host, "A"),
        questions.ask(host, "AAAA"),
        _find_tlsa(host, questions, network.smtp_port),
    )
    found = [
        record.address
        for answer in answers
        for record in answer.records[: network.limits.addresses]
        if isinstance(record, A | AAAA)
    ]
    if not found:
        return MailServer(host, preference, findings=(_no_address(host, *answers),))
    usable = tuple(address for address in found if network.permits(address))
    findings = []
    if refused := [address for address in found if address not in usable]:
        # A resolver may know a network from inside, and who asks may be anybody.
        told = [one if is_loopback(one) else block_of(one) for one in refused]
        evidence: Evidence = {"host": host, "addresses": list(dict.fromkeys(told))}
        findings.append(Finding("mail-server-address-invalid", evidence, _why_refused(refused)))
    positive = [answer for answer in answers if answer.records]
    server = MailServer(
        host,
        preference,
        usable,
        tuple(findings),
        canonical_name=positive[0].canonical_name,
        leading_back=tuple(filter(leads_back, refused)),
    )
    # Without a validated way to the addresses nobody may rely on TLSA (RFC 7672 section 2.2); that
    # the MX record was not validated is no matter to Postfix (smtp_tls_dane_insecure_mx_policy).
    if not all(answer.authenticated for answer in positive):
        is_alias = server.canonical_name != host
        if tlsa == _NO_TLSA or not is_alias or not await _is_secure_alias(host, questions):
            return server
        # What an alias leads to may be insecure; the records at the alias itself count then, and
        # its name alone (RFC 7672 section 2.2.2).
        records, failures = tlsa
        return replace(server, tlsa=records, tlsa_findings=failures, canonical_name=host)
    if server.canonical_name != host:
        # The end of the aliases comes before the name itself (RFC 7672 section 2.2.2).
        aliased = await _find_tlsa(server.canonical_name, questions, network.smtp_port)
        tlsa = aliased if aliased != _NO_TLSA else tlsa
    records, failures = tlsa
    return replace(server, tlsa=records, tlsa_findings=failures)


def _why_refused(addresses: Collection[str]) -> Cause:
    if any(map(is_loopback, addresses)):
        return Cause.LOOPBACK
    if any(map(is_this_host, addresses)):
        return Cause.THIS_HOST
    return Cause.LEADS_BACK if any(map(leads_back, addresses)) else Cause.NOT_PUBLIC


def _no_address(host: str, ipv4: DnsAnswer, ipv6: DnsAnswer) -> Finding:
    for record_type, answer in (("A", ipv4), ("AAAA", ipv6)):
        if answer.status not in _ABSENT:
            return _failure(answer, host, record_type)
    cause = "not-found" if ipv4.status is DnsStatus.NAME_ERROR else "no-address"
    return Finding("no-mail-server", {"name": host, "cause": cause})


async def _is_secure_alias(host: str, questions: _Questions) -> bool:
    alias = await questions.ask(host, "CNAME")
    return alias.status is DnsStatus.ANSWER and alias.authenticated


async def _find_tlsa(host: str, questions: _Questions, port: int) -> _Tlsa:
    names = [f"_{number}._tcp.{host}" for number in dict.fromkeys((port, _SMTP_PORT))]
    answers = await asyncio.gather(*(questions.ask_validated(name, "TLSA") for name in names))
    for name, answer in zip(names, answers, strict=True):
        if answer.status is DnsStatus.SERVER_FAILURE:
            return (), (Finding("dnssec-invalid", {"name": name, "record_type": "TLSA"}),)
        if answer.status not in {DnsStatus.ANSWER, *_ABSENT}:
            return (), (_failure(answer, name, "TLSA"),)
        if answer.authenticated and answer.records:
            return _tlsa_records(answer), ()
    return _NO_TLSA


def _tlsa_records(answer: DnsAnswer) -> tuple[TlsaRecord, ...]:
    return tuple(
        TlsaRecord(record.usage, record.selector, record.mtype, record.cert.hex())
        for record in answer.records
        if isinstance(record, TLSA)
    )


def _unroutable(servers: list[MailServer]) -> list[Finding]:
    """What stands in the way of the whole route when no mail server has a usable address."""
    if any(server.addresses for server in servers):
        return []
    findings = [finding for server in servers for finding in server.findings]
    # One look-up that failed may have hidden a usable address: then nothing is final.
    return sorted(findings, key=lambda finding: finding.id != "dns-failure")


def _failure(answer: DnsAnswer, name: str, record_type: str) -> Finding:
    if answer.status is DnsStatus.UNREACHABLE:
        return Finding("checker-unreachable", cause=Cause.RESOLVER)
    return Finding(
        "dns-failure", {"name": name, "record_type": record_type, "cause": str(answer.status)}
    )
