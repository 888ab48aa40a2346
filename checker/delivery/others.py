"""The same facts, judged for other senders than the one that was simulated. Pure.

Where an operator does not state what its mail server is, another one might deliver what the assumed
one refuses; and what any careful sender takes, others may refuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from checker.certificate.reading import key_of
from checker.certificate.shown import read
from checker.conversation.probe import Probe
from checker.conversation.refusals import is_offered, refusal
from checker.delivery.habits import Consequence, react
from checker.delivery.joining import Organizations, join
from checker.delivery.targets import Target, targets, untried
from checker.delivery.verdict import Disposition, Outcome, Verdict, decide
from checker.facts import Attempt, Route, Seen
from checker.operators import QMAIL_LEVELS, Operator
from checker.problems import Stage
from checker.senders import PROFILES, Server, System

_SERVER, _SYSTEM = "delivery.server", "delivery.system"
_ANY_ADDRESS = 100
"""A qmail has no limit of addresses."""

_POSTFIX_ADDRESSES = 5

_NEVER = datetime.min.replace(tzinfo=UTC)

Looks = Mapping[tuple[str, str], Seen]
"""What was seen, by host and address."""

Asked = Mapping[tuple[str, str], Probe]
"""What was asked for there."""


@dataclass(frozen=True, slots=True)
class Also:
    """Another sender that would not deliver.

    Attributes:
        server: Its software.
        system: What that runs on.
        problem: The problem that stops it.
    """

    server: Server
    system: System
    problem: str


def all_others(operator: Operator) -> tuple[Operator, ...]:
    """The operator with every other mail server that was measured at its level."""
    delivery, tls = operator.delivery, operator.tls
    verifies = tls.level not in QMAIL_LEVELS or tls.mta_sts
    return tuple(
        _with(operator, server, system)
        for server, system in PROFILES
        if (server, system) != (delivery.server, delivery.system)
        and not (server is Server.QMAIL and verifies)
    )


def alternatives(operator: Operator) -> tuple[Operator, ...]:
    """The operator with each mail server that it may have as well, as far as it states nothing."""
    delivery = operator.delivery
    return tuple(
        other
        for other in all_others(operator)
        if (_SERVER in operator.assumed or other.delivery.server is delivery.server)
        and (_SYSTEM in operator.assumed or other.delivery.system is delivery.system)
    )


def _with(operator: Operator, server: Server, system: System) -> Operator:
    delivery = replace(operator.delivery, server=server, system=system)
    if server is Server.QMAIL:
        delivery = replace(delivery, ipv6=False, address_limit=_ANY_ADDRESS)
    elif operator.delivery.server is Server.QMAIL:
        delivery = replace(delivery, ipv6=True, address_limit=_POSTFIX_ADDRESSES)
    return replace(operator, delivery=delivery)


def with_doubt(
    operator: Operator, route: Route, verdict: Verdict, looks: Looks, organizations: Organizations
) -> Verdict:
    """A verdict that an assumed server or system does not decide alone.

    Args:
        operator: Whose server was simulated.
        route: The domain's mail servers.
        verdict: What would become of a mail, as far as the assumption holds.
        looks: What was seen.
        organizations: Tells the organizations whose authorities are trusted.

    Returns:
        The verdict; where the mail would fail and another server that the operator may have would
        deliver it, or would ask where nobody looked, that it is not known.
    """
    if verdict.outcome is not Outcome.FAILS:
        return verdict
    asked = _asked(operator, route)
    again = (judge(other, route, looks, organizations, asked) for other in alternatives(operator))
    if all(other is not None and not _delivers(other) for other in again):
        return verdict
    depends = [key for key in (_SERVER, _SYSTEM) if key in operator.assumed]
    first, *rest = verdict.troubles
    doubtful = replace(first, evidence={**first.evidence, "depends_on": depends})
    return Verdict(Outcome.UNKNOWN, Disposition.UNDETERMINED, None, None, (doubtful, *rest))


def refused_by_others(
    operator: Operator, route: Route, looks: Looks, organizations: Organizations
) -> tuple[Also, ...]:
    """The senders that would not deliver, of those whose walk goes where somebody looked."""
    found = []
    asked = _asked(operator, route)
    for other in all_others(operator):
        verdict = judge(other, route, looks, organizations, asked)
        if verdict is not None and verdict.outcome is Outcome.FAILS:
            delivery = other.delivery
            found.append(Also(delivery.server, delivery.system, verdict.troubles[0].id))
    return tuple(found)


def _asked(operator: Operator, route: Route) -> Asked:
    return {(one.probe.host, one.probe.address): one.probe for one in targets(operator, route)}


def judge(
    operator: Operator, route: Route, looks: Looks, organizations: Organizations, asked: Asked
) -> Verdict | None:
    """What would become of a mail that another sender sends.

    Args:
        operator: The sender.
        route: The domain's mail servers.
        looks: What was seen, for whomever.
        organizations: Tells the organizations whose authorities are trusted.
        asked: What whoever it was seen for had asked.

    Returns:
        The verdict; none where that sender would ask an address at which nobody looked.
    """
    attempts = list[Attempt]()
    decided: int | None = None
    for target in targets(operator, route):
        if decided is not None and target.server.preference != decided:
            break
        attempt = _attempt(operator, target, looks, organizations, asked)
        if attempt is None:
            if decided is not None:
                continue
            return None
        attempts.append(attempt)
        if react(operator, attempt).consequence is not Consequence.NEXT and decided is None:
            decided = target.server.preference
    return decide(operator, route, attempts)


def _attempt(
    operator: Operator, target: Target, looks: Looks, organizations: Organizations, asked: Asked
) -> Attempt | None:
    place = (target.probe.host, target.probe.address)
    if target.refused:
        # Nobody looks there, so that it does not matter when.
        return untried(target, Stage.CONNECT, target.findings, _NEVER)
    if place not in looks:
        return None
    seen = _as_met_by(target.probe, looks[place], asked.get(place))
    return join(operator, target, seen, organizations)


def _as_met_by(probe: Probe, seen: Seen, asked: Probe | None) -> Seen:
    """What this sender would have met where another one's hello was said.

    Where that hello failed, and of the one that offered everything the server chose what this
    sender offers and takes, that is what it would have got.
    """
    first, widened = seen.first, seen.widened
    if first.handshake is None or first.handshake.version is not None or widened is None:
        return seen
    if widened.handshake is None or _hello(probe) == _hello(asked):
        return seen
    rules, met = probe.rules, widened.handshake
    if "legacy renegotiation" in first.handshake.reason and not rules.limits.unsafe_renegotiation:
        return seen
    chain = read(met).chain
    if not is_offered(rules, met, key_of(chain[0]) if chain else None):
        return seen
    refused = refusal(rules, probe.minimum, probe.maximum, met)
    return seen if refused is not None else replace(seen, first=widened, widened=None)


def _hello(probe: Probe | None) -> object:
    """What makes a hello the one it is; nothing where nobody asked."""
    if probe is None:
        return None
    return probe.rules.hello, probe.minimum, probe.maximum, probe.sni


def _delivers(verdict: Verdict) -> bool:
    return verdict.outcome in {Outcome.DELIVERS, Outcome.DELIVERS_WITH_WARNINGS}
