"""What a mail server's module hands to those that count: the seam between forms and meanings."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol


class Status(Enum):
    """What a server's line says of a recipient."""

    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"


class Attempt(NamedTuple):
    """A line about an attempt that failed.

    Attributes:
        host: That wrote the line.
        mail: Names the mail: the host and the queue id.
        key: Names the recipient of the mail; begins with ``mail``.
        address: The recipient's.
        peer: The server that it went to, as ``mx.example.org[192.0.2.1]:25``; empty for none.
        status: Deferred or bounced.
        given_up: It failed because the time was up: an earlier line has the reason.
        unasked: Nobody was asked, for another mail to the same domain had failed before.
        reason: What the line says, as ``checker.bounce`` reads it, without its beginning.
        time: The beginning of the line, as far as the hour.
        line: The whole line.
    """

    host: bytes
    mail: bytes
    key: bytes
    address: bytes
    peer: bytes
    status: Status
    given_up: bool
    unasked: bool
    reason: bytes
    time: bytes
    line: bytes


class Arrived(NamedTuple):
    """A recipient whose mail was taken, after an attempt in the same part had failed.

    Attributes:
        key: Of ``Attempt``.
    """

    key: bytes


class Expired(NamedTuple):
    """A line that says that a mail goes back because the time was up; it names no recipient.

    Attributes:
        mail: Of ``Attempt``.
        time: Likewise.
    """

    mail: bytes
    time: bytes


class Detail(NamedTuple):
    """A line that says why TLS failed.

    Attributes:
        host: That wrote the line.
        process: Its number.
        peer: Whose TLS it was, as ``[192.0.2.1]:25``; empty where the line does not say.
        text: Of the line; empty where it only repeats that an earlier one tells.
    """

    host: bytes
    process: bytes
    peer: bytes
    text: bytes


Event = Attempt | Arrived | Expired | Detail


class Session(NamedTuple):
    """How mail to one server went over the wire, as a log tells.

    Attributes:
        host: That wrote the line.
        time: The beginning of the line, as far as the hour.
        domain: The recipients'.
        peer: The server that took the mail.
        trust: In Postfix's words ``Verified``, ``Trusted``, ``Untrusted`` or ``Anonymous``; empty
            where no line of TLS belongs to it, ``?`` where that cannot be told.
        version: OpenSSL's name of the TLS version.
    """

    host: bytes
    time: bytes
    domain: bytes
    peer: bytes
    trust: bytes
    version: bytes


Way = tuple[bytes, bytes, bytes, bytes, bytes, bytes]
"""A ``Session`` that goes from process to process more quickly."""

UNTOLD = b"?"


class Tls(NamedTuple):
    """The last line of TLS of a process, and the mail that it belongs to."""

    peer: bytes
    trust: bytes
    version: bytes
    mail: bytes


Place = tuple[bytes, bytes, bytes, bytes]
"""Host, time, domain and peer of a ``Session``."""


@dataclass(slots=True)
class Part:
    """What some lines say; parts are joined in the order of the log.

    Attributes:
        sent: Recipients whose mail was taken, each the ``key`` of an ``Attempt``. Their lines stand
            before any in ``events`` about the same recipient.
        packed: Those in one, a line each, which goes from process to process more quickly.
        deferred: How many attempts were deferred.
        bounced: How many attempts ended the mail.
        arrived: How many there are in ``events``.
        events: All else, in order.
        sessions: Deliveries that went through: how many, and the last line about one.
        open: Those whose line of TLS, if there is one, stands before this part: how many, and a
            line about one.
        opened: The same by process, in order: of each, packed, which of ``open`` it is, and its
            queue id.
        tls: The last line of TLS of each process.
        logged: Host and hour in which lines of TLS were written.
        first: The beginning of the first line about a recipient.
    """

    sent: list[bytes] = field(default_factory=list)
    packed: bytes = b""
    deferred: int = 0
    bounced: int = 0
    arrived: int = 0
    events: list[Event] = field(default_factory=list)
    sessions: dict[Way, tuple[int, bytes]] = field(default_factory=dict)
    open: dict[Place, tuple[int, bytes]] = field(default_factory=dict)
    opened: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    tls: dict[tuple[bytes, bytes], Tls] = field(default_factory=dict)
    logged: set[tuple[bytes, bytes]] = field(default_factory=set)

    def pack(self) -> None:
        """Make ready to go to another process: nothing is added from now on."""
        self.packed, self.sent = b"\n".join(self.sent), []

    def count(self, session: Way, number: int, line: bytes) -> None:
        """Count deliveries that went through.

        Args:
            session: How, as ``Session`` has it.
            number: Of deliveries.
            line: About the last one.
        """
        before = self.sessions.get(session)
        self.sessions[session] = number + (before[0] if before else 0), line


class Server(Protocol):
    """A module for a mail server's log."""

    def read(self, block: bytes, part: Part, *, sessions: bool) -> None:
        """Add what whole lines say.

        Args:
            block: The lines.
            part: What they are added to.
            sessions: Read how the mail that went through was sent, too.
        """


MAXIMUM_REASON = 2_000
MAXIMUM_LINE = 600
"""Bytes that are kept of a reason and of a line that shows something."""
