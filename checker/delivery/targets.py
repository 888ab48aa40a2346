"""The addresses that a sender's server would try, and what it would want of each."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from checker.certificate.tlsa import demand, is_for_mail
from checker.conversation.probe import Probe
from checker.delivery.habits import level_at
from checker.delivery.loops import before_itself, met_itself
from checker.facts import Attempt, Dane, Finding, MailServer, Route, StsMode
from checker.operators import DANE_LEVELS, Level, Operator
from checker.problems import Cause, Stage
from checker.senders import Server
from checker.senders.hello import Checking

_TWICE = 2


@dataclass(frozen=True, slots=True)
class Target:
    """One address of one mail server, and what the sender wants there.

    Attributes:
        probe: What is to be looked at.
        server: Whose address it is.
        names: Any of them may stand in a certificate under a trust anchor named by TLSA.
        sts_enforced: The domain's MTA-STS policy is to be enforced.
        refused: The sender's server would not even connect; the findings say why.
        best: No other mail server of the domain is preferred to it.
        findings: What is wrong with the mail server before anything is said to it.
    """

    probe: Probe
    server: MailServer
    names: tuple[str, ...] = ()
    sts_enforced: bool = False
    refused: bool = False
    best: bool = True
    findings: tuple[Finding, ...] = ()


def targets(operator: Operator, route: Route) -> tuple[Target, ...]:
    """The addresses that the sender's server would try, in its order (RFC 5321 section 5.1)."""
    policy = route.sts_policy
    enforced = policy is not None and policy.mode is StsMode.ENFORCE
    best = min((server.preference for server in route.mail_servers), default=0)
    found = [
        Target(
            _probe(operator, route, server, address, sts_enforced=enforced),
            server,
            tuple(dict.fromkeys((server.host, server.canonical_name, route.domain))),
            enforced,
            bool(own) or _is_refused(operator, route, server),
            server.preference == best,
            (*_demands(operator, route, server), *_tlsa_findings(operator, server), *own),
        )
        for server in before_itself(route, operator.delivery.server)
        if not _is_skipped(operator, server)
        for address, own in _addresses(operator, route, server, best=server.preference == best)
        if operator.delivery.ipv6 or ipaddress.ip_address(address).version != 6  # noqa: PLR2004
    ]
    limit, taken = operator.delivery.address_limit, list[Target]()
    for _, group in groupby(found, key=lambda target: target.server.preference):
        # Which ones of a group that is too large are tried is chance, so more of it is looked at.
        # Exim's hosts_max_try counts anew at each preference.
        if len(taken) < limit or operator.delivery.server is Server.EXIM:
            taken += islice(group, _TWICE * limit)
    return tuple(taken)


def _addresses(
    operator: Operator, route: Route, server: MailServer, *, best: bool
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """The addresses that are tried, and why one that nobody looks at takes no mail."""
    yield from ((address, ()) for address in server.addresses)
    if itself := met_itself(server, operator.delivery.server, best=best):
        # Who does not even connect meets nobody.
        met = () if _is_refused(operator, route, server) else (itself,)
        yield from ((address, met) for address in server.leading_back)


def _probe(
    operator: Operator, route: Route, server: MailServer, address: str, *, sts_enforced: bool
) -> Probe:
    tls = operator.tls
    dane = demand(server.tlsa)
    level = level_at(operator, dane, sts_enforced=sts_enforced)
    # Postfix drops a record of another usage at once, but finds only later that one cannot be used
    # for its selector, its matching type or its length.
    heeds_tlsa = tls.level in DANE_LEVELS and is_for_mail(server.tlsa)
    # At Postfix's level "secure" the domain, or a name below it.
    secure = tls.level is Level.SECURE
    return Probe(
        server.host,
        address,
        expected=(route.domain, f".{route.domain}") if secure else (server.host,),
        minimum=tls.minimum,
        maximum=tls.maximum,
        # Whoever heeds TLSA, or a policy, says which server it wants (RFC 7672 section 8.1, RFC
        # 8461 section 4).
        sni=tls.sni or heeds_tlsa or (tls.mta_sts and sts_enforced),
        server=operator.delivery.server,
        system=operator.delivery.system,
        checking=_checking(level, unusable=heeds_tlsa and dane is Dane.UNUSABLE),
    )


def _checking(level: Level, *, unusable: bool) -> Checking:
    if unusable:
        return Checking.UNUSABLE_DANE
    return Checking.NONE if level in {Level.MAY, Level.ENCRYPT} else Checking.CERTIFICATE


def _is_skipped(operator: Operator, server: MailServer) -> bool:
    """Exim refuses an MX record that names an address; Postfix connects to it."""
    by_address = any(finding.cause is Cause.IP_ADDRESS for finding in server.findings)
    return by_address and operator.delivery.server is Server.EXIM


def _is_refused(operator: Operator, route: Route, server: MailServer) -> bool:
    """Whether the operator's server would not even connect, for want of DANE."""
    without = not _has_dane(route, server) or bool(server.tlsa_findings)
    return operator.tls.level is Level.DANE_ONLY and without


def _has_dane(route: Route, server: MailServer) -> bool:
    """Whether a server has all that Postfix's "dane-only" wants.

    At that level the MX record must be signed, too: smtp_tls_dane_insecure_mx_policy is for "dane".
    """
    return route.authenticated and demand(server.tlsa) is Dane.USABLE


def _tlsa_findings(operator: Operator, server: MailServer) -> list[Finding]:
    """What is wrong with the look-up of TLSA records; one that may pass concerns who heeds them."""
    heeds = operator.tls.level in DANE_LEVELS
    return [one for one in server.tlsa_findings if heeds or one.id == "dnssec-invalid"]


def _demands(operator: Operator, route: Route, server: MailServer) -> list[Finding]:
    """What an operator minds of a mail server before anything is said to it."""
    findings = [finding for finding in server.findings if finding.id == "sts-policy-invalid"]
    lacks = not server.tlsa_findings and not _has_dane(route, server)
    if operator.tls.level is Level.DANE_ONLY and lacks:
        findings.append(Finding("dane-required", {"host": server.host}))
    return findings


def untried(target: Target, stage: Stage, findings: tuple[Finding, ...], at: datetime) -> Attempt:
    """What is told of an address where nothing was seen.

    Args:
        target: The address.
        stage: How far it came.
        findings: Why.
        at: When it began.
    """
    return Attempt(
        host=target.probe.host,
        address=target.probe.address,
        preference=target.server.preference,
        stage=stage,
        findings=findings,
        dane=demand(target.server.tlsa),
        sts_enforced=target.sts_enforced,
        checked_at=at,
    )
