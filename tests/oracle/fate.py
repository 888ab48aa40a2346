"""What became of a mail."""

import re
from dataclasses import dataclass
from enum import StrEnum

# The lab's names tell what is wrong with a domain, so they must not be mistaken for what was said.
_NAMES = re.compile(r"[\w.-]+\.test\b")
_FINAL = re.compile(
    r"nullMX|loops back to myself|Host not found$|no data record|Unrouteable"
    r"|all relevant MX records|no SMTP service|client certificate"
)
_PASSING = re.compile(
    r"\b421\b|timed out|timeout|connection refused|network is unreachable|reset by peer"
    r"|connection closed|lost connection|try again|did not complete|refused to talk|said: [45]"
    r"|closed connection|malformed SMTP reply|error on first read|after initial connection"
    r"|after HELO",
    re.IGNORECASE,
)
_PROBE = "dnssec_probe"
"""Postfix asks the root for what the lab does not know."""
# That the connection went is how some servers refuse a handshake.
_IN_TLS = re.compile(
    r"SSL_connect error(?!.*timed out)|(?<!timed out while )receiving the STARTTLS response"
    r"|(?<!Malformed SMTP reply in )response to STARTTLS"
)
_ALERT = re.compile(r"TLS library problem|A TLS fatal alert|alert")


class Fate(StrEnum):
    """What a mail server did with a mail."""

    ACCEPTED = "accepted"
    RETRIED = "retried"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail.

    Attributes:
        fate: What the server did with it.
        reasons: What it said of each address that did not take the mail.
    """

    fate: Fate
    reasons: tuple[str, ...] = ()

    @property
    def passing(self) -> bool:
        """Whether any address was given up for a reason that may be gone soon."""
        said = [_NAMES.sub("", reason) for reason in self.reasons if _PROBE not in reason]
        if _FINAL.search(said[-1]):
            return False
        # What follows an alert is what the alert did.
        pairs = zip(("", *said), said, strict=False)
        return any(
            _PASSING.search(reason) and not _IN_TLS.search(reason) and not _ALERT.search(before)
            for before, reason in pairs
        )
