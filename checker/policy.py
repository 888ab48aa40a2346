"""What one operator's server makes of one attempt: take it, try the next address, or give up.

Pure. The habits are measured ones of Postfix and Exim, at the levels of Postfix's
smtp_tls_security_level.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from checker.facts import Attempt, Finding
from checker.operators import Level, Operator, Server, WithoutStarttls
from checker.problems import PROBLEMS, Family, Stage

_ENCRYPTING = set(Level) - {Level.MAY}
_VERIFYING = {Level.VERIFY, Level.SECURE}

_WARNINGS = {"certificate-expires-soon", "no-problem-found"}

_FIRST_PERMANENT = 500


class Weight(StrEnum):
    """What a finding means to one operator, the heavier the later.

    A warning stops nothing; what passes may be about this minute or about us; of what is not
    stated nobody knows what the operator's server makes; what is fatal stops the mail for good.
    """

    WARNING = "warning"
    PASSING = "passing"
    NOT_STATED = "not-stated"
    FATAL = "fatal"


class Consequence(StrEnum):
    """What the operator's server does after an attempt."""

    TAKES = "takes"
    NEXT = "next"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Judgement:
    """An operator's view of an attempt.

    Attributes:
        consequence: What its server does next.
        weight: What the attempt as a whole means.
        weights: What each finding of the attempt means, in the same order.
        stage: Where its server stopped.
    """

    consequence: Consequence
    weight: Weight
    weights: tuple[Weight, ...]
    stage: Stage


def judge(operator: Operator, attempt: Attempt) -> Judgement:
    """What an operator's server makes of an attempt."""
    weights = tuple(weigh(operator, finding, attempt.stage) for finding in attempt.findings)
    weight = max(weights, key=list(Weight).index, default=Weight.WARNING)
    if weight is Weight.WARNING:
        return Judgement(Consequence.TAKES, weight, weights, attempt.stage)
    ends = any(_ends(operator, finding) for finding in attempt.findings)
    return Judgement(
        Consequence.ENDS if ends else Consequence.NEXT,
        weight,
        weights,
        # The check goes on to see the rest where the operator's server would have stopped.
        Stage.CERTIFICATE if attempt.stage is Stage.DONE else attempt.stage,
    )


def weigh(operator: Operator, finding: Finding, stage: Stage) -> Weight:
    """What a finding means to an operator.

    Args:
        operator: Whose rules count.
        finding: The finding.
        stage: Where the attempt stopped, or ``route`` for a finding about the routing.
    """
    if finding.id in _WARNINGS:
        return Weight.WARNING
    family = PROBLEMS[finding.id].family
    if family is Family.NO_ENCRYPTION:
        return _weigh_no_encryption(operator, finding)
    if family is Family.DANE_MTA_STS:
        return _weigh_dane_mta_sts(operator, finding)
    if finding.id == "tls-weak-key" and stage is not Stage.TLS:
        # Postfix and Exim take a certificate's small key as long as the handshake ends.
        return Weight.WARNING
    if finding.id == "certificate-needs-sni" and stage is Stage.TLS:
        # Without the name there was no handshake at all, which no level accepts but "may".
        return _fatal_if(_ENCRYPTING)(operator)
    return _BY_FAMILY[family](operator)


def _fatal_if(levels: set[Level]) -> Callable[[Operator], Weight]:
    return lambda operator: Weight.FATAL if operator.tls.level in levels else Weight.WARNING


_BY_FAMILY: dict[Family, Callable[[Operator], Weight]] = {
    Family.TAKES_NO_MAIL: lambda _: Weight.FATAL,
    Family.NOT_DETERMINED: lambda _: Weight.PASSING,
    Family.OUTDATED_ENCRYPTION: _fatal_if(_ENCRYPTING),
    Family.CERTIFICATE: _fatal_if(_VERIFYING),
}


def _weigh_no_encryption(operator: Operator, finding: Finding) -> Weight:
    if finding.id == "starttls-failed":
        return _fatal_if(_ENCRYPTING)(operator)
    match operator.tls.without_starttls:
        case WithoutStarttls.REFUSE:
            return Weight.FATAL
        case WithoutStarttls.SEND_IN_CLEAR:
            return Weight.WARNING
        case WithoutStarttls.NOT_STATED:
            return Weight.NOT_STATED


def _weigh_dane_mta_sts(operator: Operator, finding: Finding) -> Weight:
    if finding.id == "dnssec-invalid":
        return Weight.FATAL if operator.tls.validating_resolver else Weight.WARNING
    if finding.id == "dane-required":
        return _fatal_if({Level.DANE_ONLY})(operator)
    if finding.id == "tlsa-invalid":
        return _fatal_if({Level.DANE, Level.DANE_ONLY})(operator)
    return Weight.FATAL if operator.tls.mta_sts else Weight.WARNING


def _ends(operator: Operator, finding: Finding) -> bool:
    """Postfix bounces at once on a 5xx to STARTTLS; Exim takes it for temporary."""
    code = finding.evidence.get("code")
    return (
        operator.delivery.server is Server.POSTFIX
        and finding.id == "starttls-failed"
        and isinstance(code, int)
        and code >= _FIRST_PERMANENT
    )
