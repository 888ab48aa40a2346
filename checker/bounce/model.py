"""What the rooms of this package hand each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a report that is not about TLS is about."""

    MAILBOX_FULL = "mailbox-full"
    UNKNOWN_USER = "unknown-user"
    SIZE = "size"
    SPAM = "spam"
    POLICY = "policy"
    RATE = "rate"
    GREYLISTING = "greylisting"
    OTHER = "other"


class Action(StrEnum):
    """What has become of the mail to a recipient (RFC 3464, section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    RELAYED = "relayed"
    DELIVERED = "delivered"
    EXPANDED = "expanded"


ARRIVED = frozenset({Action.RELAYED, Action.DELIVERED, Action.EXPANDED})
"""Those that say that nothing kept the mail."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem that a report names or leaves possible.

    Attributes:
        id: Of ``checker.problems``.
        evidence: Facts from the report; empty where the problem is only possible.
        kind: Of ``not-tls``.
    """

    id: str
    evidence: Mapping[str, str | int] = field(default_factory=dict)
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """What a report says of one recipient; each name is None where the report has none.

    Attributes:
        recipient: The address.
        domain: What stands behind its last ``@``, in lower case; without an address what a log or
            a program calls the recipient's domain.
        host: The mail server that the report is about.
        problems: The most likely first; never empty.
        action: What has become of the mail.
        retry_until: Of a delayed mail, how long attempts are made, as RFC 3339 writes it.
    """

    recipient: str | None
    domain: str | None
    host: str | None
    problems: tuple[Problem, ...]
    action: Action | None = None
    retry_until: str | None = None


class Phase(Enum):
    """How far the conversation had come when a text was written."""

    UNKNOWN = "unknown"
    """Nothing tells; the sender's own words, or a reply to any command."""

    ENVELOPE = "envelope"
    """A reply to MAIL, RCPT or DATA: TLS, if any, had succeeded by then."""


class Piece(NamedTuple):
    """A text that may name a cause.

    Attributes:
        text: With every run of white space made one space, and two between paragraphs.
        phase: Of the conversation.
    """

    text: str
    phase: Phase = Phase.UNKNOWN


class Section(NamedTuple):
    """What a report holds about one recipient, the most telling piece first."""

    recipient: str | None
    host: str | None
    pieces: tuple[Piece, ...]
    status: str | None = None
    action: Action | None = None
    retry_until: str | None = None
    domain: str | None = None
