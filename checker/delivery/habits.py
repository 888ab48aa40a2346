"""What one operator's server makes of one attempt: take it, try the next address, or give up.

Pure. The habits are measured ones of Postfix and Exim, at the levels of Postfix's
smtp_tls_security_level.
"""

from dataclasses import dataclass
from enum import StrEnum

from checker.facts import Attempt, Dane, Finding, RouteKind
from checker.operators import Level, Operator, Server, WithoutStarttls
from checker.problems import PROBLEMS, Cause, Family, Stage

_DANE = {Level.DANE, Level.DANE_ONLY}
_VERIFYING = {Level.VERIFY, Level.SECURE}

_WARNINGS = {"certificate-expires-soon", "no-problem-found"}

_FIRST_PERMANENT = 500

# What only the one server minds.
_MINDED_BY = {Cause.PURPOSE: Server.POSTFIX, Cause.INJECTED: Server.EXIM}
_FINAL_TO = {Cause.LOOPBACK: Server.POSTFIX, Cause.IP_ADDRESS: Server.EXIM, Cause.NOT_PUBLIC: None}


class Weight(StrEnum):
    """What a finding means to one operator, the heavier the later.

    What is nothing is not worth a word; a warning stops nothing; what passes may be about this
    minute or about us; of what is not stated nobody knows what the operator's server makes; what
    is fatal stops the mail for good.
    """

    NOTHING = "nothing"
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
class Reaction:
    """An operator's view of an attempt.

    Attributes:
        consequence: What its server does next.
        weight: What the attempt as a whole means.
        weights: What each finding of the attempt means, in the same order.
        stage: Where its server stopped.
        permanent: Where this address was the last one to be asked, the mail comes back at once.
    """

    consequence: Consequence
    weight: Weight
    weights: tuple[Weight, ...]
    stage: Stage
    permanent: bool = False


def react(operator: Operator, attempt: Attempt) -> Reaction:
    """What an operator's server makes of an attempt."""
    level = _level(operator, attempt)
    weights = tuple(_weigh_met(operator, finding, attempt, level) for finding in attempt.findings)
    weight = max(weights, key=list(Weight).index, default=Weight.NOTHING)
    if weight in {Weight.NOTHING, Weight.WARNING}:
        return Reaction(Consequence.TAKES, weight, weights, attempt.stage)
    stage = attempt.stage
    permanent = any(_is_final_refusal(operator, finding, stage) for finding in attempt.findings)
    # Exim asks the next mail server also after a final refusal.
    ends = permanent and operator.delivery.server is Server.POSTFIX
    if stage is Stage.DONE:
        # The check goes on to see the rest where the operator's server would have stopped.
        refused = any(finding.id == "starttls-failed" for finding in attempt.findings)
        stage = Stage.STARTTLS if refused else Stage.CERTIFICATE
    consequence = Consequence.ENDS if ends else Consequence.NEXT
    return Reaction(consequence, weight, weights, stage, permanent)


def weigh_routing(operator: Operator, finding: Finding, kind: RouteKind) -> Weight:
    """What a finding about the routing, or about the domain's policy, means to an operator.

    Args:
        operator: Whose server sends.
        finding: What is wrong.
        kind: How the mail servers were found.
    """
    family = PROBLEMS[finding.id].family
    if family is Family.TAKES_NO_MAIL:
        # Exim passes over a null MX beside other records, which RFC 7505 section 3 forbids.
        beside = finding.id == "null-mx" and kind is RouteKind.MX
        ignored = beside and operator.delivery.server is Server.EXIM
        return Weight.WARNING if ignored else Weight.FATAL
    if family is Family.NOT_DETERMINED:
        return Weight.PASSING
    if finding.id == "dnssec-invalid" and operator.tls.validating_resolver:
        return Weight.FATAL
    # A policy that cannot be had binds nobody (RFC 8461 section 3.3).
    return Weight.WARNING


def _level(operator: Operator, attempt: Attempt) -> Level:
    """The level that counts for one mail server: TLSA records and MTA-STS may change it."""
    tls = operator.tls
    if tls.level in _DANE and attempt.dane is Dane.USABLE:
        return Level.DANE
    if tls.mta_sts and attempt.sts_enforced:
        return Level.VERIFY
    if tls.level not in _DANE:
        return tls.level
    # Without TLSA records Postfix's "dane" is opportunistic; with none that it can use it still
    # insists on encryption.
    clear = attempt.dane is Dane.ABSENT and tls.without_starttls is WithoutStarttls.SEND_IN_CLEAR
    return Level.MAY if clear else Level.ENCRYPT


def _weigh_met(operator: Operator, finding: Finding, attempt: Attempt, level: Level) -> Weight:
    """What a finding about one mail server means to an operator."""
    if finding.id in _WARNINGS:
        return Weight.WARNING
    family = PROBLEMS[finding.id].family
    fatal = {
        Family.TAKES_NO_MAIL: True,
        # Where the connection is gone there is nothing left to go on with in clear.
        Family.NO_ENCRYPTION: level is not Level.MAY
        or finding.cause in {Cause.CLOSED, Cause.RESET},
        # Postfix and Exim take a certificate's small key as long as the handshake ends.
        Family.OUTDATED_ENCRYPTION: level is not Level.MAY
        and (finding.id != "tls-weak-key" or attempt.stage is Stage.TLS),
        # Without the name there may be no handshake at all, which no level accepts but "may".
        Family.CERTIFICATE: level in _VERIFYING
        or (
            finding.id == "certificate-needs-sni"
            and attempt.stage is Stage.TLS
            and level is not Level.MAY
        ),
        Family.DANE_MTA_STS: _minds_dane_mta_sts(operator, finding, attempt),
    }
    if family is Family.NOT_DETERMINED:
        # Postfix at "may" tries once more in clear when the connection breaks after STARTTLS.
        in_tls = attempt.stage is Stage.TLS or attempt.tls_version is not None
        broke = finding.id in {"connection-failed", "connection-timeout"}
        clear = level is Level.MAY and in_tls and broke
        return Weight.WARNING if clear else Weight.PASSING
    if _is_passed_over(operator, finding, level):
        return Weight.WARNING
    if family is Family.CERTIFICATE and level is Level.DANE and attempt.stage is not Stage.TLS:
        # Usable TLSA records take the place of authorities, names and dates; what counts below a
        # trust anchor says so itself (RFC 7671 section 5).
        return Weight.FATAL if finding.under_tlsa else Weight.NOTHING
    if finding.id == "starttls-not-supported" and not _demands_tls(operator, attempt, level):
        return _WITHOUT_STARTTLS[operator.tls.without_starttls]
    return Weight.FATAL if fatal.get(family, False) else Weight.WARNING


def _is_passed_over(operator: Operator, finding: Finding, level: Level) -> bool:
    """Whether it is a fault that the one server minds and the operator's does not."""
    server = operator.delivery.server
    if finding.cause is not None and _MINDED_BY.get(finding.cause, server) is not server:
        return True
    # Where no certificate is demanded, Postfix also speaks ciphers that go without one.
    return finding.anonymous and server is Server.POSTFIX and level in {Level.MAY, Level.ENCRYPT}


def _demands_tls(operator: Operator, attempt: Attempt, level: Level) -> bool:
    """Whether the receiving side itself demands TLS, whatever the operator's habit without."""
    return level is Level.DANE or (operator.tls.mta_sts and attempt.sts_enforced)


_WITHOUT_STARTTLS = {
    WithoutStarttls.REFUSE: Weight.FATAL,
    WithoutStarttls.SEND_IN_CLEAR: Weight.WARNING,
    WithoutStarttls.NOT_STATED: Weight.NOT_STATED,
}


def _minds_dane_mta_sts(operator: Operator, finding: Finding, attempt: Attempt) -> bool:
    tls = operator.tls
    match finding.id:
        case "tlsa-invalid":
            return tls.level in _DANE and attempt.dane is Dane.USABLE
        case "dane-required":
            return tls.level is Level.DANE_ONLY
        case "dnssec-invalid":
            return tls.validating_resolver or tls.level in _DANE
        case "sts-policy-invalid":
            return tls.mta_sts and attempt.sts_enforced
    return False


def _is_final_refusal(operator: Operator, finding: Finding, stage: Stage) -> bool:
    """Whether it is final: a 5xx to HELO; to Postfix also one to STARTTLS, to Exim a greeting."""
    if finding.code is None or finding.code < _FIRST_PERMANENT:
        return False
    if operator.delivery.server is Server.EXIM:
        return finding.id == "greeting-refused"
    return finding.id == "starttls-failed" or (
        finding.id == "greeting-refused" and stage is not Stage.GREETING
    )


def is_permanent(operator: Operator, finding: Finding) -> bool:
    """Whether a finding about the routing returns a mail at once.

    An address that is not public might be reached later, as far as a mail server can tell. That
    an MX record leads back to itself is final to Postfix, and that it holds an address to Exim.
    """
    if PROBLEMS[finding.id].family is not Family.TAKES_NO_MAIL:
        return False
    server = operator.delivery.server
    return finding.cause is None or _FINAL_TO.get(finding.cause, server) is server
