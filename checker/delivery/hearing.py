"""What a sender's server hears of what was said: it may see no STARTTLS, or no SMTP. Pure.

A look goes on wherever any sender would. The habits are measured ones: Postfix 3.7.11 and 3.10.13,
Exim 4.96 and 4.98.2, and a qmail-remote of 2025 with the TLS patch.
"""

from dataclasses import replace

from checker.facts import Connection, Evidence, Finding, Oddity
from checker.problems import Stage
from checker.senders import Server

_GREETING_STOPS = {
    Server.POSTFIX: frozenset[Oddity](),
    Server.EXIM: frozenset({Oddity.FOREIGN_LINE}),
    Server.QMAIL: frozenset({Oddity.FOREIGN_LINE}),
}

_HELLO_STOPS = {
    Server.POSTFIX: frozenset[Oddity](),
    Server.EXIM: frozenset({Oddity.FOREIGN_LINE}),
    Server.QMAIL: frozenset[Oddity](),
}

_BLIND_TO = {
    Server.POSTFIX: frozenset({Oddity.TRAILING_TAB, Oddity.BEHIND_LONG_LINE}),
    Server.EXIM: frozenset({Oddity.LOWER_CASE, Oddity.LEADING_BLANK, Oddity.BEHIND_NUL}),
    Server.QMAIL: frozenset[Oddity](),
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
    if stops := speech.hello & _HELLO_STOPS[server]:
        return _cut(connection, Stage.EHLO, _not_smtp(Stage.EHLO, stops))
    if not speech.offers or not _is_past(connection, Stage.EHLO):
        return connection
    if server is Server.POSTFIX and Oddity.MASKED in speech.greeting:
        # "PIX workarounds" (smtp_pix_workarounds): it says HELO, which brings no extensions.
        finding = Finding("starttls-not-supported", {"greeting": str(Oddity.MASKED)})
        return _cut(connection, Stage.STARTTLS, finding)
    unseen = [offer & _BLIND_TO[server] for offer in speech.offers]
    if all(unseen):
        evidence: Evidence = {"offered": sorted({str(one) for offer in unseen for one in offer})}
        return _cut(connection, Stage.STARTTLS, Finding("starttls-not-supported", evidence))
    return connection


_ORDER = list(Stage)


def _is_past(connection: Connection, stage: Stage) -> bool:
    return _ORDER.index(connection.stage) > _ORDER.index(stage) or connection.handshake is not None


def _not_smtp(stage: Stage, stops: frozenset[Oddity]) -> Finding:
    return Finding("not-smtp", {"stage": str(stage), "oddity": sorted(map(str, stops))})


def _cut(connection: Connection, stage: Stage, finding: Finding) -> Connection:
    return replace(connection, stage=stage, finding=finding, injected="", handshake=None)
