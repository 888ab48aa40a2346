"""What a sender's server hears of what was said: it may see no STARTTLS, or no SMTP. Pure.

A look goes on wherever any sender would. The habits are measured ones: Postfix 3.7.11 and 3.10.13,
Exim 4.96 and 4.98.2, and a qmail-remote of 2025 with the TLS patch.
"""

from dataclasses import replace

from checker.facts import Connection, Evidence, Finding, Oddity, Speech
from checker.problems import Stage
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


def heard(server: Server, connection: Connection) -> Connection:
    """How a connection went for one server software; what it never came to is left out.

    Args:
        server: Whose software.
        connection: As seen.
    """
    speech = connection.speech
    if stops := speech.greeting & _GREETING_STOPS[server]:
        return _cut(connection, Stage.GREETING, _not_smtp(Stage.GREETING, stops))
    if stops := speech.hello & _STOPS[server]:
        return _cut(connection, Stage.EHLO, _not_smtp(Stage.EHLO, stops))
    if not speech.offers or not _is_past(connection, Stage.EHLO):
        return connection
    if finding := _missed(server, speech):
        return _cut(connection, Stage.STARTTLS, finding)
    return _heard_from_starttls_on(server, connection)


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
    stops = connection.speech.inside & _STOPS[server]
    if stops and connection.finding is None:
        return replace(connection, stage=Stage.EHLO, finding=_not_smtp(Stage.EHLO, stops))
    return connection


_ORDER = list(Stage)


def _is_past(connection: Connection, stage: Stage) -> bool:
    return _ORDER.index(connection.stage) > _ORDER.index(stage) or connection.handshake is not None


def _not_smtp(stage: Stage, stops: frozenset[Oddity]) -> Finding:
    return Finding("not-smtp", {"stage": str(stage), "oddity": sorted(map(str, stops))})


def _cut(connection: Connection, stage: Stage, finding: Finding) -> Connection:
    return replace(connection, stage=stage, finding=finding, injected="", handshake=None)
