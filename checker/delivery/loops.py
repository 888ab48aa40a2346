"""Mail servers that lead back to the machine itself (RFC 5321 section 5.1). Pure."""

from dataclasses import replace

from checker.facts import Finding, MailServer, Route
from checker.problems import Cause
from checker.senders import Server

_OWN = {
    Server.POSTFIX: {Cause.LOOPBACK},
    Server.EXIM: {Cause.LOOPBACK, Cause.THIS_HOST},
    Server.QMAIL: {Cause.LOOPBACK, Cause.THIS_HOST},
}
"""What each takes for itself, without asking; Postfix connects to all else, and meets itself."""


def loops_back(route: Route, sender: Server) -> Finding | None:
    """Why a mail comes back at once: the best mail server has an address of this very machine.

    Each of the servers believes then that it is meant itself, whatever other addresses there are
    (RFC 5321 section 5.1).
    """
    best = min((server.preference for server in route.mail_servers), default=0)
    return next(
        (
            finding
            for server in route.mail_servers
            if server.preference == best
            for finding in server.findings
            if finding.cause in _OWN[sender]
        ),
        None,
    )


def met_itself(server: MailServer, sender: Server, *, best: bool) -> Finding | None:
    """What a Postfix finds out that connects to itself: its own smtpd says so in EHLO.

    Args:
        server: At whose addresses it would.
        sender: Who connects.
        best: No other mail server is preferred to that one; only then is it sure of a loop.
    """
    if sender is not Server.POSTFIX or not server.leading_back:
        return None
    why = {Cause.LEADS_BACK, Cause.THIS_HOST}
    own = next((one for one in server.findings if one.cause in why), None)
    return own if own is None or best else replace(own, cause=None)


def before_itself(route: Route, sender: Server) -> list[MailServer]:
    """The mail servers that are better than one that leads back to the machine itself."""
    own = [
        server.preference
        for server in route.mail_servers
        if any(finding.cause in _OWN[sender] for finding in server.findings)
    ]
    return [one for one in route.mail_servers if not own or one.preference < min(own)]
