"""Operator, route and attempts -> what would become of a mail. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from checker.facts import Attempt, Evidence, Finding, Route
from checker.operators import Operator, ReportTo, Server, TemporaryTlsFailure
from checker.policy import Consequence, Weight, is_permanent, judge, weigh_routing

_AT_ONCE = "PT0S"


class Outcome(StrEnum):
    """What the operator's server would do."""

    DELIVERS = "delivers"
    DELIVERS_WITH_WARNINGS = "delivers-with-warnings"
    FAILS = "fails"
    UNKNOWN = "unknown"


class Disposition(StrEnum):
    """What would become of the mail now."""

    ACCEPTED = "accepted"
    RETRIED = "retried"
    BOUNCED = "bounced"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem, and where it was met.

    Attributes:
        id: Of the table of problems.
        host: The mail server, where one was involved.
        address: Its IP address, where one was involved.
        decisive: This is what decided the outcome.
        evidence: Facts that show it.
    """

    id: str
    host: str | None
    address: str | None
    decisive: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a mail.

    Attributes:
        outcome: Whether it would arrive.
        disposition: What would become of it now.
        when: ISO 8601 duration until it comes back; none where it does not, or nobody knows.
        report_to: Who gets the report; none where there is none, or nobody knows.
        troubles: The decisive one first.
    """

    outcome: Outcome
    disposition: Disposition
    when: str | None
    report_to: ReportTo | None
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A finding, and what it means to the operator."""

    finding: Finding
    weight: Weight
    host: str | None = None
    address: str | None = None

    def trouble(self, *, decisive: bool) -> Trouble:
        return Trouble(
            self.finding.id, self.host, self.address, decisive, dict(self.finding.evidence)
        )


def decide(operator: Operator, route: Route, attempts: Sequence[Attempt]) -> Verdict:
    """Decide what would become of a mail.

    Args:
        operator: Whose server sends.
        route: The domain's mail servers.
        attempts: What came of the addresses in the order in which that server tries them; what
            stands behind the one that takes the mail, or ends the delivery, does not count.
    """
    routing = [_Weighed(finding, weigh_routing(operator, finding)) for finding in route.findings]
    if any(weighed.weight is not Weight.WARNING for weighed in routing):
        weight = Weight.FATAL
        if any(weighed.weight is Weight.PASSING for weighed in routing):
            weight = Weight.PASSING
        permanent = all(
            is_permanent(operator, weighed.finding)
            for weighed in routing
            if weighed.weight is not Weight.WARNING
        )
        return _undelivered(operator, routing, {weight}, permanent=permanent)
    walked = list(routing)
    weights = set()
    end: Attempt | None = None
    for attempt in _reachable_from_here(attempts):
        if end is not None and attempt.preference != end.preference:
            break
        judgement = judge(operator, attempt)
        walked += [
            _Weighed(finding, weight, attempt.host, attempt.address)
            for finding, weight in zip(attempt.findings, judgement.weights, strict=True)
            if weight is not Weight.NOTHING
        ]
        if judgement.consequence is Consequence.TAKES:
            if end is None:
                return _delivered(attempt, [*_beside(route, walked), *walked])
            # Of two servers that may be asked in any order one takes the mail, one ends it.
            weights.add(Weight.NOT_STATED)
            walked = [_with_equal(weighed, end) for weighed in walked]
        if end is None:
            weights.add(judgement.weight)
        if judgement.consequence is Consequence.ENDS:
            end = end or attempt
    permanent = end is not None
    if not attempts:
        untried = _untried(operator, route)
        walked.append(untried)
        weights = {untried.weight}
        permanent = untried.weight is Weight.FATAL
    walked += _beside(route, walked)
    return _undelivered(operator, walked, weights, permanent=permanent)


def _with_equal(weighed: _Weighed, end: Attempt) -> _Weighed:
    """Note that the outcome depends on which server of this preference is picked."""
    if weighed.address != end.address:
        return weighed
    evidence = {**weighed.finding.evidence, "equal_preference": end.preference}
    return replace(weighed, finding=Finding(weighed.finding.id, evidence))


def _untried(operator: Operator, route: Route) -> _Weighed:
    """Why no address was tried although the route has some."""
    invalid = [finding for server in route.mail_servers for finding in server.findings]
    if invalid and operator.delivery.server is Server.EXIM:
        return _Weighed(invalid[0], Weight.FATAL)
    if not operator.delivery.ipv6:
        finding = Finding("no-mail-server", {"name": route.domain, "cause": "no-ipv4-address"})
        return _Weighed(finding, Weight.FATAL)
    return _Weighed(Finding("connection-timeout", {"cause": "deadline"}), Weight.PASSING)


def _reachable_from_here(attempts: Sequence[Attempt]) -> Sequence[Attempt]:
    """Leave out what only we cannot reach (IPv6 from a host without), where something is left."""
    reachable = [
        attempt
        for attempt in attempts
        if all(finding.id != "checker-unreachable" for finding in attempt.findings)
    ]
    return reachable or attempts


def _beside(route: Route, walked: Sequence[_Weighed]) -> list[_Weighed]:
    """What is wrong with the mail servers themselves, as far as it is not told yet."""
    told = {(weighed.finding.id, weighed.host) for weighed in walked}
    return [
        _Weighed(finding, Weight.WARNING, server.host)
        for server in route.mail_servers
        for finding in server.findings
        if (finding.id, server.host) not in told
    ]


def _delivered(attempt: Attempt, warnings: Sequence[_Weighed]) -> Verdict:
    if warnings:
        outcome = Outcome.DELIVERS_WITH_WARNINGS
        troubles = tuple(weighed.trouble(decisive=False) for weighed in warnings)
    else:
        outcome = Outcome.DELIVERS
        fine = _Weighed(Finding("no-problem-found"), Weight.WARNING, attempt.host, attempt.address)
        troubles = (fine.trouble(decisive=True),)
    return Verdict(outcome, Disposition.ACCEPTED, None, None, troubles)


def _undelivered(
    operator: Operator, walked: Sequence[_Weighed], weights: set[Weight], *, permanent: bool
) -> Verdict:
    ranked = sorted(walked, key=lambda weighed: weighed.weight is Weight.WARNING)
    troubles = tuple(weighed.trouble(decisive=number == 0) for number, weighed in enumerate(ranked))
    outcome = Outcome.FAILS if weights == {Weight.FATAL} else Outcome.UNKNOWN
    if Weight.NOT_STATED in weights or ranked[0].finding.id == "checker-unreachable":
        return Verdict(outcome, Disposition.UNDETERMINED, None, None, troubles)
    bounces = operator.delivery.temporary_tls_failure is TemporaryTlsFailure.BOUNCE
    at_once = permanent or (outcome is Outcome.FAILS and bounces)
    if at_once or operator.delivery.tries_once:
        disposition, when = Disposition.BOUNCED, _AT_ONCE
    else:
        disposition, when = Disposition.RETRIED, operator.delivery.retry_for
    return Verdict(outcome, disposition, when, operator.delivery.report_to, troubles)
