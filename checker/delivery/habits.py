"""What one operator's server makes of one attempt: take it, try the next address, or give up.

Pure. The habits are measured ones: Postfix 3.7.11 and 3.10.13, Exim 4.96 and 4.98.2, and a
qmail-remote of 2025 with the TLS patch, at the levels of Postfix's smtp_tls_security_level.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checker.conversation.codes import CLOSING
from checker.facts import Attempt, Dane, Finding, RouteKind
from checker.operators import DANE_LEVELS, VERIFYING_LEVELS, Level, Operator, WithoutStarttls
from checker.problems import PROBLEMS, Cause, Family, Stage
from checker.senders import Server

_WARNINGS = {"certificate-expires-soon", "no-problem-found"}

_FIRST_PERMANENT = 500
_TEMPORARY = 4

# What only the one server minds.
_MINDED_BY = {
    Cause.ANY_PURPOSE: Server.POSTFIX,
    Cause.PURPOSE: Server.POSTFIX,
    Cause.COMPRESSED_KEY: Server.EXIM,
    Cause.INJECTED: Server.EXIM,
    Cause.KEY_USAGE: Server.EXIM,
    Cause.UNREADABLE: Server.EXIM,
}
_AGAINST_NO_STANDARD = {Cause.ANY_PURPOSE, Cause.COMPRESSED_KEY}
_NO_HANDSHAKE = {Cause.COMPRESSED_KEY, Cause.KEY_USAGE, Cause.UNREADABLE}
_FINAL_TO = {
    Cause.LOOPBACK: frozenset({Server.POSTFIX, Server.QMAIL}),
    Cause.IP_ADDRESS: frozenset({Server.EXIM}),
    Cause.NOT_PUBLIC: frozenset[Server](),
    Cause.LEADS_BACK: frozenset({Server.POSTFIX}),
    Cause.THIS_HOST: frozenset({Server.POSTFIX, Server.QMAIL}),
}

_FINAL_TO_POSTFIX = {"starttls-failed", "tls-client-certificate-required"}
# The connection is gone, or the server takes what comes next for the handshake.
_NOTHING_LEFT = {Cause.CLOSED, Cause.MIXED_CODES, Cause.RESET, Cause.SILENT}

# With a server that speaks like this nobody can talk, or Postfix believes it talks to itself.
_ODD_SPEECH = {Cause.REPEATED_GREETING, Cause.SENDERS_NAME}

_MEETS_ITSELF = {Cause.LEADS_BACK, Cause.THIS_HOST}

_NOT_READY = {"temporarily-refused", "not-smtp"}
_NO_WELCOME = {"greeting-refused", "temporarily-refused"}


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
    level = level_at(operator, attempt.dane, sts_enforced=attempt.sts_enforced)
    weights = tuple(_weigh_met(operator, finding, attempt, level) for finding in attempt.findings)
    weight = max(weights, key=list(Weight).index, default=Weight.NOTHING)
    if weight in {Weight.NOTHING, Weight.WARNING}:
        return Reaction(Consequence.TAKES, weight, weights, attempt.stage)
    server, stage = operator.delivery.server, attempt.stage
    permanent = any(
        _is_final_refusal(server, finding, stage, level) for finding in attempt.findings
    )
    ends = _ends(server, attempt, permanent=permanent)
    if stage is Stage.DONE:
        # The check goes on to see the rest where the operator's server would have stopped.
        refused = any(finding.id == "starttls-failed" for finding in attempt.findings)
        stage = Stage.STARTTLS if refused else Stage.CERTIFICATE
    consequence = Consequence.ENDS if ends else Consequence.NEXT
    return Reaction(consequence, weight, weights, stage, permanent)


def _ends(server: Server, attempt: Attempt, *, permanent: bool) -> bool:
    """Whether a server asks no other address after this one, now at least."""
    if server is Server.POSTFIX:
        return permanent
    if server is Server.EXIM:
        # It asks the next mail server also after a final refusal.
        return False
    if attempt.stage is Stage.GREETING and not permanent:
        # A qmail moves on from one that is not ready, but not from one with which it has spoken.
        return all(finding.id not in _NOT_READY for finding in attempt.findings)
    return attempt.stage is not Stage.CONNECT


def weigh_routing(operator: Operator, finding: Finding, kind: RouteKind) -> Weight:
    """What a finding about the routing, or about the domain's policy, means to an operator.

    Args:
        operator: Whose server sends.
        finding: What is wrong.
        kind: How the mail servers were found.
    """
    family = PROBLEMS[finding.id].family
    is_exim = operator.delivery.server is Server.EXIM
    if family is Family.TAKES_NO_MAIL:
        # Exim passes over a null MX beside other records, which RFC 7505 section 3 forbids.
        if finding.id == "null-mx" and kind is RouteKind.MX and is_exim:
            return Weight.WARNING
        # The others ask for an address also where the name is said not to exist, and it is there.
        if finding.id == "domain-not-found" and kind is RouteKind.IMPLICIT_MX and not is_exim:
            return Weight.NOTHING
        return Weight.FATAL
    if family is Family.NOT_DETERMINED:
        return Weight.PASSING
    if finding.id == "dnssec-invalid" and operator.tls.validating_resolver:
        return Weight.FATAL
    # A policy that cannot be had binds nobody (RFC 8461 section 3.3).
    return Weight.WARNING


def level_at(operator: Operator, dane: Dane, *, sts_enforced: bool) -> Level:
    """The level that counts at one mail server: TLSA records and MTA-STS may change it.

    Args:
        operator: Whose server sends.
        dane: What the mail server's TLSA records ask.
        sts_enforced: The domain's MTA-STS policy is to be enforced.
    """
    tls = operator.tls
    if tls.level in DANE_LEVELS and dane is Dane.USABLE:
        return Level.DANE
    if tls.mta_sts and sts_enforced:
        return Level.VERIFY
    if tls.level not in DANE_LEVELS:
        return tls.level
    # Without TLSA records Postfix's "dane" is opportunistic; with none that it can use it still
    # insists on encryption.
    clear = dane is Dane.ABSENT and tls.without_starttls is WithoutStarttls.SEND_IN_CLEAR
    return Level.MAY if clear else Level.ENCRYPT


def _weigh_met(operator: Operator, finding: Finding, attempt: Attempt, level: Level) -> Weight:
    """What a finding about one mail server means to an operator."""
    server = operator.delivery.server
    if finding.cause in _AGAINST_NO_STANDARD and _MINDED_BY[finding.cause] is not server:
        return Weight.NOTHING
    if finding.id in _WARNINGS or _is_passed_over(server, finding, attempt, level):
        return Weight.WARNING
    weigh = _WEIGH[PROBLEMS[finding.id].family]
    return weigh(operator, finding, attempt, level)


def _fatal(fatal: bool) -> Weight:  # noqa: FBT001 - the only thing it turns into a weight
    return Weight.FATAL if fatal else Weight.WARNING


def _falls_back(operator: Operator, level: Level) -> bool:
    """Whether a mail goes in clear where a handshake fails; a qmail knows no way back.

    Postfix does so when it tries again, and one that tries once never comes to that.
    """
    match operator.delivery.server:
        case Server.POSTFIX:
            return level is Level.MAY and not operator.delivery.tries_once
        case Server.EXIM:
            return level is Level.MAY
    return False


def _weigh_takes_no_mail(*_: object) -> Weight:
    return Weight.FATAL


def _weigh_outdated(operator: Operator, finding: Finding, attempt: Attempt, level: Level) -> Weight:
    if finding.cause is Cause.TOO_SHORT:
        # It is found where the certificate is verified.
        return _weigh_certificate(operator, finding, attempt, level)
    if finding.cause is Cause.OPENSSL and operator.delivery.server is Server.EXIM:
        # What comes after that, nobody has tried; in clear it goes on in any case.
        return Weight.WARNING if _falls_back(operator, level) else Weight.PASSING
    # A small key is taken as long as the handshake ends.
    failed = finding.id != "tls-weak-key" or attempt.stage is Stage.TLS
    # What is said inside TLS is no failure of TLS.
    return _fatal(failed and (finding.code is not None or not _falls_back(operator, level)))


def _weigh_dane_mta_sts(
    operator: Operator, finding: Finding, attempt: Attempt, _level: Level
) -> Weight:
    return _fatal(_minds_dane_mta_sts(operator, finding, attempt))


def _weigh_lightly(*_: object) -> Weight:
    return Weight.WARNING


def _weigh_break(operator: Operator, finding: Finding, attempt: Attempt, level: Level) -> Weight:
    if finding.cause in _ODD_SPEECH:
        return Weight.FATAL
    in_tls = attempt.stage is Stage.TLS or attempt.tls_version is not None
    broke = finding.id in {"connection-failed", "connection-timeout"}
    if operator.delivery.server is Server.EXIM:
        # To it the first reply inside TLS is a part of the handshake.
        broke |= finding.id == "not-smtp" and finding.code is None
        # Behind that it has left the handshake behind.
        broke &= not _has_answered_inside(attempt)
    return Weight.WARNING if in_tls and broke and _falls_back(operator, level) else Weight.PASSING


def _has_answered_inside(attempt: Attempt) -> bool:
    """Whether a server has said something inside TLS."""
    commands = [reply.command for reply in attempt.replies]
    return "STARTTLS" in commands and commands[-1] != "STARTTLS"


def _weigh_clear(operator: Operator, finding: Finding, attempt: Attempt, level: Level) -> Weight:
    """What it means that there is no TLS, where the connection lasts and mail could go in clear."""
    demanded = _demands_tls(operator, attempt, level)
    if finding.id == "starttls-not-supported":
        fatal = demanded
    elif finding.cause is Cause.INJECTED:
        return _fatal(not _falls_back(operator, level))
    elif finding.cause in _NOTHING_LEFT:
        if finding.code is not None and level is Level.MAY:
            # It would go on in clear, were the connection there.
            return Weight.PASSING
        return Weight.FATAL
    elif operator.delivery.server is Server.QMAIL:
        fatal = demanded
    elif finding.code == CLOSING and operator.delivery.server is Server.POSTFIX:
        # What it says is that it closes, which may be over soon; Exim does not look at the code.
        return Weight.WARNING if level is Level.MAY else Weight.PASSING
    else:
        return _fatal(level is not Level.MAY)
    return Weight.FATAL if fatal else _WITHOUT_STARTTLS[operator.tls.without_starttls]


def _weigh_certificate(
    operator: Operator, finding: Finding, attempt: Attempt, level: Level
) -> Weight:
    if finding.cause in _NO_HANDSHAKE or (
        attempt.stage is Stage.TLS and finding.id == "certificate-needs-sni"
    ):
        # There is no handshake at all.
        return _fatal(not _falls_back(operator, level))
    if finding.cause is Cause.SHORT_DATE:
        # OpenSSL up to 3 minds it where it verifies, and GnuTLS where too little is left; what
        # comes after it we do not see.
        if level is Level.MAY:
            return Weight.WARNING
        verifies = level in VERIFYING_LEVELS and operator.delivery.server is not Server.EXIM
        return Weight.FATAL if verifies else Weight.PASSING
    if finding.cause is Cause.MUST_STAPLE:
        # GnuTLS refuses it without an OCSP response (RFC 7633), and whether one came we do not see.
        return Weight.PASSING if level in VERIFYING_LEVELS else Weight.NOTHING
    if level is Level.DANE and attempt.stage is not Stage.TLS:
        # Usable TLSA records take the place of authorities, names and dates; what counts below a
        # trust anchor says so itself (RFC 7671 section 5).
        return Weight.FATAL if finding.under_tlsa else Weight.NOTHING
    return _fatal(level in VERIFYING_LEVELS)


_WEIGH: Mapping[Family, Callable[[Operator, Finding, Attempt, Level], Weight]] = {
    Family.TAKES_NO_MAIL: _weigh_takes_no_mail,
    Family.NOT_DETERMINED: _weigh_break,
    Family.NO_ENCRYPTION: _weigh_clear,
    Family.OUTDATED_ENCRYPTION: _weigh_outdated,
    Family.CERTIFICATE: _weigh_certificate,
    Family.DANE_MTA_STS: _weigh_dane_mta_sts,
    Family.SENDER_SIDE: _weigh_lightly,
    Family.NOTHING_WRONG: _weigh_lightly,
}


def _is_passed_over(server: Server, finding: Finding, attempt: Attempt, level: Level) -> bool:
    """Whether it is a fault that the one server minds and the operator's does not."""
    if finding.cause is not None and _MINDED_BY.get(finding.cause, server) is not server:
        return True
    repeats = finding.cause is Cause.REPEATED_GREETING
    if server is Server.EXIM and attempt.tls_version is not None and not repeats:
        # Inside TLS it goes on without what EHLO would bring, where the server stays.
        said = finding.id in _NO_WELCOME or finding.code is not None
        return said and (finding.code != CLOSING or finding.cause is Cause.STAYS_OPEN)
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
            return tls.level in DANE_LEVELS and attempt.dane is Dane.USABLE
        case "dane-required":
            return tls.level is Level.DANE_ONLY
        case "dnssec-invalid":
            return tls.validating_resolver or tls.level in DANE_LEVELS
        case "sts-policy-invalid":
            return tls.mta_sts and attempt.sts_enforced
    return False


def _is_final_refusal(server: Server, finding: Finding, stage: Stage, level: Level) -> bool:
    """Whether a mail comes back at once where this address was the last one to be asked."""
    if finding.cause in _ODD_SPEECH | _MEETS_ITSELF:
        return server is Server.POSTFIX
    if finding.code is None or not _is_permanent_to(server, finding, stage):
        return False
    refused = finding.id == "greeting-refused"
    match server:
        case Server.POSTFIX:
            if finding.cause in _NOTHING_LEFT and level is Level.MAY:
                # It is not the refusal that stops it, but that it cannot go on in clear.
                return False
            foreign = finding.id == "not-smtp" and stage is Stage.GREETING
            late = refused and stage is not Stage.GREETING
            return foreign or late or finding.id in _FINAL_TO_POSTFIX
        case Server.EXIM:
            return refused
    return refused and stage is Stage.GREETING


def _is_permanent_to(server: Server, finding: Finding, stage: Stage) -> bool:
    """Whether a reply's code is a final one: to Postfix whatever does not begin with 4."""
    code = finding.code or 0
    if server is Server.POSTFIX and stage in {Stage.GREETING, Stage.STARTTLS}:
        return code // 100 != _TEMPORARY
    return code >= _FIRST_PERMANENT


def is_permanent(operator: Operator, finding: Finding) -> bool:
    """Whether a finding about the routing returns a mail at once.

    An address that is not public might be reached later, as far as a mail server can tell. That
    an MX record leads back to itself is final, but for Exim, which sets the mail aside; to that it
    is final that a record holds an address.
    """
    if PROBLEMS[finding.id].family is not Family.TAKES_NO_MAIL:
        return False
    if finding.cause is None:
        return True
    return operator.delivery.server in _FINAL_TO.get(finding.cause, frozenset(Server))
