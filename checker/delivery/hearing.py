"""What a sender's server hears of what was said: it may see no STARTTLS, or no SMTP. Pure.

A look goes on wherever any sender would. The habits are measured ones: Postfix 3.7.11 and 3.10.13,
Exim 4.96 and 4.98.2, and a qmail-remote of 2025 with the TLS patch.
"""

from dataclasses import replace

from checker.conversation.codes import CLOSING, is_positive, refusal, starttls_refusal
from checker.conversation.smtp import name_in, text_of
from checker.facts import Connection, Evidence, Finding, MixedReply, Oddity, Reply, Speech
from checker.problems import Cause, Stage
from checker.senders import Server

_GREETING_STOPS = {
    Server.POSTFIX: frozenset[Oddity](),
    Server.EXIM: frozenset({Oddity.FOREIGN_LINE, Oddity.LONG_REPLY}),
    Server.QMAIL: frozenset({Oddity.FOREIGN_LINE}),
}

_STOPS = {
    Server.POSTFIX: frozenset[Oddity](),
    Server.EXIM: frozenset({Oddity.FOREIGN_LINE, Oddity.LONG_REPLY}),
    Server.QMAIL: frozenset[Oddity](),
}
"""The same of each later reply."""

_BLIND_TO = {
    Server.POSTFIX: frozenset(
        {
            Oddity.LEADING_TAB,
            Oddity.TRAILING_TAB,
            Oddity.BEHIND_NO_NAME,
            Oddity.BEHIND_LONG_TEXT,
        }
    ),
    Server.EXIM: frozenset(
        {
            Oddity.LOWER_CASE,
            Oddity.LEADING_BLANK,
            Oddity.LEADING_TAB,
            Oddity.EQUALS_SIGN,
            Oddity.OTHER_CODE,
            Oddity.BEHIND_NUL,
        }
    ),
    Server.QMAIL: frozenset({Oddity.EQUALS_SIGN}),
}
"""Where STARTTLS is offered like this, a server does not see it."""


def heard(
    server: Server, connection: Connection, host: str = "", *, best: bool = True
) -> Connection:
    """How a connection went for one server software; what it never came to is left out.

    Args:
        server: Whose software.
        connection: As seen.
        host: The name of the mail server.
        best: No other one of the domain is preferred to it.
    """
    if server is Server.POSTFIX and _is_taken_for_itself(connection, host):
        # Only of the best one it is sure that this is a loop.
        cause = Cause.SENDERS_NAME if best else None
        return _cut(connection, Stage.EHLO, Finding("not-smtp", {"stage": "ehlo"}, cause))
    if stopped := _stopped(server, connection):
        return _cut(connection, *stopped)
    speech = connection.speech
    if not speech.offers or not _is_past(connection, Stage.EHLO):
        return connection
    if finding := _missed(server, speech):
        return _cut(connection, Stage.STARTTLS, finding)
    return _heard_from_starttls_on(server, connection)


def _stopped(server: Server, connection: Connection) -> tuple[Stage, Finding] | None:
    """Where a server stops up to the answer to EHLO, and why."""
    speech = connection.speech
    if stops := speech.greeting & _GREETING_STOPS[server]:
        return Stage.GREETING, _not_smtp(Stage.GREETING, stops)
    if finding := _refused(server, connection, Stage.GREETING):
        return Stage.GREETING, finding
    if stops := speech.hello & _STOPS[server]:
        return Stage.EHLO, _not_smtp(Stage.EHLO, stops)
    said = connection.finding
    if said is not None and said.id == "starttls-not-supported" and said.cause is Cause.STAYS_OPEN:
        # Only Postfix leaves who says 421 to EHLO and stays.
        return _left_at_hello(connection) if server is Server.POSTFIX else None
    if finding := _refused(server, connection, Stage.EHLO):
        is_clear = finding.id == "starttls-not-supported"
        return Stage.STARTTLS if is_clear else Stage.EHLO, finding
    return None


def _is_taken_for_itself(connection: Connection, host: str) -> bool:
    """Whether a server answers EHLO with the sender's name, which is not its own."""
    if Oddity.SENDERS_NAME not in connection.speech.hello:
        return False
    hello = _answer_to_ehlo(connection)
    return hello is None or name_in(hello) != host.lower().rstrip(".")


def _answer_to_ehlo(connection: Connection) -> Reply | None:
    return next((reply for reply in connection.replies if reply.command == "EHLO"), None)


def _missed(server: Server, speech: Speech) -> Finding | None:
    """Why a server sees no STARTTLS where it was offered; none where it does."""
    if server is Server.POSTFIX and Oddity.MASKED in speech.greeting:
        # "PIX workarounds" (smtp_pix_workarounds): it says HELO, which brings no extensions.
        return Finding("starttls-not-supported", {"greeting": str(Oddity.MASKED)})
    unseen = [offer & _BLIND_TO[server] for offer in speech.offers]
    if not all(unseen):
        return None
    evidence: Evidence = {"offered": sorted({str(one) for offer in unseen for one in offer})}
    return Finding("starttls-not-supported", evidence)


def _heard_from_starttls_on(server: Server, connection: Connection) -> Connection:
    if stops := connection.speech.ready & _STOPS[server]:
        return _cut(connection, Stage.STARTTLS, _not_smtp(Stage.STARTTLS, stops))
    if finding := _refused(server, connection, Stage.STARTTLS):
        return _cut(connection, Stage.STARTTLS, finding)
    stops = connection.speech.inside & _STOPS[server]
    if stops and connection.finding is None:
        return replace(connection, stage=Stage.EHLO, finding=_not_smtp(Stage.EHLO, stops))
    return connection


def _refused(server: Server, connection: Connection, stage: Stage) -> Finding | None:
    """What a server makes of a reply of several codes, where that is no yes."""
    for mixed in connection.speech.mixed:
        if mixed.stage is not stage:
            continue
        code = mixed.last if server is Server.POSTFIX else mixed.first
        match stage:
            case Stage.GREETING:
                return refusal(code, mixed.text, stage)
            case Stage.EHLO:
                return _refused_hello(server, code, mixed)
        finding = starttls_refusal(code, mixed.text)
        speaks_tls = connection.handshake is not None and connection.handshake.version is not None
        if finding is not None and speaks_tls:
            # What this server says next in clear, the other one takes for the handshake.
            return replace(finding, cause=Cause.MIXED_CODES)
        return finding
    return None


def _left_at_hello(connection: Connection) -> tuple[Stage, Finding] | None:
    """Where EHLO was answered with 421."""
    hello = _answer_to_ehlo(connection)
    finding = refusal(CLOSING, text_of(hello) if hello else "", Stage.EHLO)
    return (Stage.EHLO, finding) if finding else None


def _refused_hello(server: Server, code: int, mixed: MixedReply) -> Finding | None:
    if is_positive(code) or not any(map(is_positive, (mixed.first, mixed.last))):
        # To whom nobody said yes, we have said HELO, too.
        return None
    if server is Server.POSTFIX and code == CLOSING:
        return refusal(code, mixed.text, Stage.EHLO)
    # It says HELO then, which brings no extensions.
    return Finding("starttls-not-supported", {"ehlo_code": code})


_ORDER = list(Stage)


def _is_past(connection: Connection, stage: Stage) -> bool:
    return _ORDER.index(connection.stage) > _ORDER.index(stage) or connection.handshake is not None


def _not_smtp(stage: Stage, stops: frozenset[Oddity]) -> Finding:
    return Finding("not-smtp", {"stage": str(stage), "oddity": sorted(map(str, stops))})


def _cut(connection: Connection, stage: Stage, finding: Finding) -> Connection:
    return replace(connection, stage=stage, finding=finding, injected="", handshake=None)
