"""Operator, route and attempts -> what would become of a mail. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from checker.delivery.habits import (
    Consequence,
    Reaction,
    Weight,
    is_permanent,
    react,
    weigh_routing,
)
from checker.delivery.loops import loops_back
from checker.facts import Attempt, Evidence, Finding, Route
from checker.operators import Operator, ReportTo, TemporaryTlsFailure
from checker.problems import Cause
from checker.senders import Server

_AT_ONCE = "PT0S"
_RECORDS_OF_POSTFIX = 100
"""MX records of one answer that Postfix reads (seen in 3.7.11 and 3.10.13); which is chance."""

_SPARED = {Cause.RATIONED, Cause.OPTED_OUT}
_Reacted = tuple[Attempt, Reaction]


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
        return Trouble(self.finding.id, self.host, self.address, decisive, self.finding.told)


def decide(operator: Operator, route: Route, attempts: Sequence[Attempt]) -> Verdict:
    """Decide what would become of a mail.

    Args:
        operator: Whose server sends.
        route: The domain's mail servers.
        attempts: What came of the addresses in the order in which that server tries them. What
            stands behind the one that decides counts where it has the same preference, for it
            might have been asked first; behind one that takes the mail it is at least a warning.
    """
    routing = [
        _Weighed(finding, weight)
        for finding in route.findings
        if (weight := weigh_routing(operator, finding, route.kind)) is not Weight.NOTHING
    ]
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
    if not attempts or loops_back(route, operator.delivery.server):
        untried = _untried(operator, route)
        walked = [*routing, untried, *_beside(route, [untried])]
        permanent = is_permanent(operator, untried.finding)
        return _undelivered(operator, walked, {untried.weight}, permanent=permanent)
    return _walk(operator, route, routing, _reachable_from_here(attempts))


def _walk(
    operator: Operator, route: Route, routing: list[_Weighed], attempts: Sequence[Attempt]
) -> Verdict:
    reacted = [(attempt, react(operator, attempt)) for attempt in attempts]
    asked = _asked(reacted)
    taken = _first(asked, Consequence.TAKES)
    reads_all = not _drops_records(operator, route)
    end = _first(asked, Consequence.ENDS)
    missing = _first(asked, Consequence.NEXT) if _may_miss(operator, asked) else None
    chance = end if end is not None and not _comes_again(operator, end[1]) else missing
    if taken is not None and chance is None and reads_all:
        walked = [*routing, *_weighed(pair for pair in reacted if not _is_cut_off(pair[0]))]
        return _delivered(taken[0], [*_beside(route, walked), *walked])
    walked = [*routing, *_weighed(asked)]
    weights = {
        reaction.weight for _, reaction in asked if reaction.consequence is not Consequence.TAKES
    }
    if not reads_all:
        weights.add(Weight.NOT_STATED)
    if taken is not None and chance is not None:
        # Which of the addresses are asked, and in which order, is chance.
        weights.add(Weight.NOT_STATED)
        walked = [_with_equal(weighed, chance[0]) for weighed in walked]
        walked.sort(key=lambda weighed: weighed.address != chance[0].address)
    walked += _beside(route, walked)
    permanent = (end or asked[-1])[1].permanent
    return _undelivered(operator, walked, weights, permanent=permanent)


def _drops_records(operator: Operator, route: Route) -> bool:
    """Whether it is chance which mail servers the operator's server knows, and one is of no use."""
    is_postfix = operator.delivery.server is Server.POSTFIX
    useless = any(not server.addresses for server in route.mail_servers)
    return is_postfix and route.records > _RECORDS_OF_POSTFIX and useless


def _asked(reacted: Sequence[_Reacted]) -> Sequence[_Reacted]:
    """What the operator's server might ask: up to the preference that decides, and all of that."""
    for number, (decider, reaction) in enumerate(reacted, 1):
        if reaction.consequence is not Consequence.NEXT:
            behind = reacted[number:]
            equal = [pair for pair in behind if pair[0].preference == decider.preference]
            return (*reacted[:number], *equal)
    return reacted


def _first(asked: Sequence[_Reacted], consequence: Consequence) -> _Reacted | None:
    return next((pair for pair in asked if pair[1].consequence is consequence), None)


def _may_miss(operator: Operator, asked: Sequence[_Reacted]) -> bool:
    """Whether all addresses that are tried may be ones that do not take the mail."""
    last = asked[-1][0].preference
    each = operator.delivery.server is Server.EXIM
    bad = sum(
        reaction.consequence is Consequence.NEXT and (not each or attempt.preference == last)
        for attempt, reaction in asked
    )
    return bad >= operator.delivery.address_limit


def _comes_again(operator: Operator, end: Reaction) -> bool:
    """Whether a later attempt may begin with the address that takes the mail."""
    return not end.permanent and not operator.delivery.tries_once


def _is_cut_off(attempt: Attempt) -> bool:
    """Whether our own time was up; that says nothing of the mail server."""
    return any(finding.cause is Cause.DEADLINE for finding in attempt.findings)


def _weighed(reacted: Iterable[_Reacted]) -> list[_Weighed]:
    return [
        _Weighed(finding, weight, attempt.host, attempt.address)
        for attempt, reaction in reacted
        for finding, weight in zip(attempt.findings, reaction.weights, strict=True)
        if weight is not Weight.NOTHING
    ]


def _with_equal(weighed: _Weighed, end: Attempt) -> _Weighed:
    """Note that the outcome depends on which server of this preference is picked."""
    if weighed.address != end.address:
        return weighed
    evidence = {**weighed.finding.evidence, "equal_preference": end.preference}
    return replace(weighed, finding=replace(weighed.finding, evidence=evidence))


def _untried(operator: Operator, route: Route) -> _Weighed:
    """Why no address was tried although the route has some."""
    if loop := loops_back(route, operator.delivery.server):
        return _Weighed(loop, Weight.FATAL)
    invalid = [finding for server in route.mail_servers for finding in server.findings]
    if invalid and operator.delivery.server is Server.EXIM:
        return _Weighed(invalid[0], Weight.FATAL)
    if not operator.delivery.ipv6:
        finding = Finding("no-mail-server", {"name": route.domain, "cause": "no-ipv4-address"})
        return _Weighed(finding, Weight.FATAL)
    return _Weighed(Finding("connection-timeout", cause=Cause.DEADLINE), Weight.PASSING)


def _reachable_from_here(attempts: Sequence[Attempt]) -> Sequence[Attempt]:
    """Leave out what only we cannot reach (IPv6 from a host without), where something is left.

    What we did not ask, for the sake of its owner, the operator's server would ask.
    """
    reachable = [
        attempt
        for attempt in attempts
        if all(
            finding.id != "checker-unreachable" or finding.cause in _SPARED
            for finding in attempt.findings
        )
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
