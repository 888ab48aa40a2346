"""Walks a route the way an operator's server would, until one address takes the mail."""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING

from checker.certificate.dane import demand
from checker.conversation.probe import Probing, Target
from checker.delivery.habits import Consequence, Reaction, react
from checker.facts import Attempt, Dane, Finding, MailServer, Route, StsMode
from checker.operators import Level, Operator, Server
from checker.problems import Stage

if TYPE_CHECKING:
    from checker.conversation.smtp import Conversation


@dataclass(frozen=True, slots=True)
class Step:
    """Something that began just now.

    Attributes:
        stage: What began.
        target: With which address; none before the route is known.
    """

    stage: Stage
    target: Target | None = None


def ignore(_step: Step) -> None:
    """Nobody watches."""


def walk(operator: Operator, route: Route) -> tuple[Target, ...]:
    """The addresses that the operator's server would try, in its order (RFC 5321 section 5.1)."""
    policy = route.sts_policy
    enforced = policy is not None and policy.mode is StsMode.ENFORCE
    targets = [
        Target(
            server.host,
            address,
            server.preference,
            _expected(operator, route, server),
            names=tuple(dict.fromkeys((server.host, server.canonical_name, route.domain))),
            tlsa=server.tlsa,
            sts_enforced=enforced,
            refused=_is_refused(operator, server),
            findings=(*_demands(operator, server), *_tlsa_findings(operator, server)),
        )
        for server in route.mail_servers
        if not _is_skipped(operator, server)
        for address in server.addresses
        if operator.delivery.ipv6 or ipaddress.ip_address(address).version != 6  # noqa: PLR2004
    ]
    if operator.delivery.server is Server.EXIM:
        # Exim's hosts_max_try counts anew at each preference.
        ranked = groupby(targets, key=lambda target: target.preference)
        limited = (islice(group, operator.delivery.address_limit) for _, group in ranked)
        return tuple(chain.from_iterable(limited))
    return tuple(targets[: operator.delivery.address_limit])


def _is_skipped(operator: Operator, server: MailServer) -> bool:
    """Exim refuses an MX record that names an address; Postfix connects to it."""
    by_address = any(one.evidence.get("cause") == "ip-address" for one in server.findings)
    return by_address and operator.delivery.server is Server.EXIM


def _expected(operator: Operator, route: Route, server: MailServer) -> tuple[str, ...]:
    """The name in the MX record; at Postfix's level "secure" the domain, or one below it."""
    if operator.tls.level is Level.SECURE:
        return (route.domain, f".{route.domain}")
    return (server.host,)


def _is_refused(operator: Operator, server: MailServer) -> bool:
    """Whether the operator's server would not even connect, for want of TLSA records."""
    without = demand(server.tlsa) is not Dane.USABLE or bool(server.tlsa_findings)
    return operator.tls.level is Level.DANE_ONLY and without


def _tlsa_findings(operator: Operator, server: MailServer) -> list[Finding]:
    """What is wrong with the look-up of TLSA records; one that may pass concerns who heeds them."""
    heeds = operator.tls.level in {Level.DANE, Level.DANE_ONLY}
    return [one for one in server.tlsa_findings if heeds or one.id == "dnssec-invalid"]


def _demands(operator: Operator, server: MailServer) -> list[Finding]:
    """What an operator minds of a mail server before anything is said to it."""
    findings = [finding for finding in server.findings if finding.id == "sts-policy-invalid"]
    usable = demand(server.tlsa) is Dane.USABLE
    if operator.tls.level is Level.DANE_ONLY and not server.tlsa_findings and not usable:
        findings.append(Finding("dane-required", {"host": server.host}))
    return findings


class Delivery:
    """One walk; readable at any moment, also when time has run out.

    Attributes:
        attempts: What came of each address tried, in order.
    """

    def __init__(self, operator: Operator, prober: Probing, watch: Callable[[Step], None]) -> None:
        """Prepare a walk.

        Args:
            operator: Whose server sends.
            prober: Tries each address.
            watch: Is told each step as it begins.
        """
        self.attempts: list[Attempt] = []
        self._operator = operator
        self._prober = prober
        self._watch = watch
        self._open: list[Conversation] = []

    async def run(self, targets: Sequence[Target], *, every: bool = False) -> None:
        """Try the addresses in turn until one takes the mail, or the server would give up.

        Mail servers of the same preference are picked in any order: another one might have been
        asked instead of the one that decides, so each of them is asked, too.

        Args:
            targets: The addresses in order.
            every: Look at the remaining addresses as well.
        """
        decided: int | None = None
        taken = set[str]()
        for target in targets:
            if decided is not None and not every:
                if target.preference != decided:
                    return
                if target.host in taken:
                    continue
            # Never two connections at once to one host, which may have several addresses.
            await self.take_leave()
            reaction = await self._try(target)
            if reaction.consequence is not Consequence.NEXT and decided is None:
                decided = target.preference
            if reaction.consequence is Consequence.TAKES:
                taken.add(target.host)

    async def take_leave(self) -> None:
        """End the conversations that are still open; an answer need not wait for this."""
        leaving, self._open = self._open, []
        await asyncio.gather(*(conversation.quit() for conversation in leaving))

    async def _try(self, target: Target) -> Reaction:
        stage, began = Stage.CONNECT, datetime.now(UTC)

        def note(begun: Stage) -> None:
            nonlocal stage
            stage = begun
            self._watch(Step(begun, target))

        try:
            attempt, conversation = await self._prober.probe(target, note)
        except asyncio.CancelledError:
            self.attempts.append(_cut_off(target, stage, began))
            raise
        if conversation is not None:
            self._open.append(conversation)
        reaction = react(self._operator, attempt)
        self.attempts.append(replace(attempt, stage=reaction.stage))
        return reaction


def _cut_off(target: Target, stage: Stage, began: datetime) -> Attempt:
    finding = Finding("connection-timeout", {"stage": str(stage), "cause": "deadline"})
    return Attempt(
        target.host,
        target.address,
        target.preference,
        stage,
        findings=(finding,),
        checked_at=began,
    )
