"""Mail servers that do TLS without a fault and refuse the mail afterwards, or ask for TLS.

The lab's table is about what shows before a mail is handed over; these show only then. What they
say is written after what common servers say.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

_FIRST_ADDRESS = IPv4Address("127.25.9.10")


class Stage(StrEnum):
    """What is refused."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    TEXT = "TEXT"
    """The mail itself, when it has been handed over."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A domain whose mail server refuses.

    Attributes:
        name: The first label of the domain.
        stage: Where it refuses.
        reply: The lines of its reply; none closes the connection instead.
        offers: What it offers besides STARTTLS (RFC 1869).
        starttls: Whether it offers STARTTLS; only to those that send in clear is the difference
            one.
    """

    name: str
    stage: Stage
    reply: tuple[str, ...]
    offers: tuple[str, ...] = ()
    starttls: bool = True

    @property
    def domain(self) -> str:
        """The domain that mail is sent to."""
        return f"{self.name}.test"

    @property
    def host(self) -> str:
        """The name of its mail server."""
        return f"mx.{self.domain}"

    @property
    def address(self) -> IPv4Address:
        """Where its mail server listens."""
        return _FIRST_ADDRESS + REFUSALS.index(self)


REFUSALS = (
    Refusal(
        "unknown-user",
        Stage.RCPT,
        ("550 5.1.1 <anna@unknown-user.test>: User unknown in virtual mailbox table",),
    ),
    Refusal(
        "unknown-user-lines",
        Stage.RCPT,
        (
            "550-5.1.1 The address you wrote to does not exist here. Please check the",
            "550-5.1.1 spelling of the recipient and look for blanks in it.",
            "550 5.1.1 NoSuchUser - mx.unknown-user-lines.test",
        ),
    ),
    Refusal("unknown-user-at-end", Stage.TEXT, ("550 5.1.1 User unknown",)),
    Refusal(
        "account-disabled",
        Stage.RCPT,
        ("550 5.2.1 This mailbox has been disabled and accepts no mail",),
    ),
    Refusal(
        "mailbox-full",
        Stage.RCPT,
        ("552 5.2.2 <anna@mailbox-full.test>: Mailbox full, quota exceeded",),
    ),
    Refusal(
        "mailbox-full-for-now",
        Stage.RCPT,
        ("452 4.2.2 <anna@mailbox-full-for-now.test>: The recipient is over quota",),
    ),
    Refusal("mailbox-full-at-end", Stage.TEXT, ("552 5.2.2 Quota exceeded (mailbox is full)",)),
    Refusal("size", Stage.MAIL, ("552 5.3.4 Message size exceeds fixed maximum message size",)),
    Refusal("size-offered", Stage.MAIL, ("552 5.3.4 Message too big",), ("SIZE 100",)),
    Refusal("size-at-end", Stage.TEXT, ("552 5.3.4 Error: message file too big",)),
    Refusal(
        "spam",
        Stage.TEXT,
        ("554 5.7.1 Message rejected as spam by content filter (score 17.3)",),
    ),
    Refusal("virus", Stage.TEXT, ("554 5.7.1 Rejected: infected with Eicar-Test-Signature",)),
    Refusal(
        "block-list",
        Stage.RCPT,
        ("554 5.7.1 Client host [192.0.2.25] blocked, see https://list.example/?tls=1",),
    ),
    Refusal(
        "block-list-at-mail",
        Stage.MAIL,
        ("550 5.7.1 Your address 192.0.2.25 has a poor reputation and is blocked",),
    ),
    Refusal(
        "spf",
        Stage.MAIL,
        ("550 5.7.23 SPF check failed: 192.0.2.25 is not allowed to send for sender.example",),
    ),
    Refusal(
        "dmarc",
        Stage.TEXT,
        ("550 5.7.26 Unauthenticated mail from sender.example is refused by its DMARC policy",),
    ),
    Refusal("no-reverse-name", Stage.RCPT, ("550 5.7.25 Client host has no PTR record",)),
    Refusal(
        "relay-denied", Stage.RCPT, ("554 5.7.1 <anna@relay-denied.test>: Relay access denied",)
    ),
    Refusal("sender-refused", Stage.MAIL, ("553 5.1.8 Sender address rejected: Domain not found",)),
    Refusal("policy", Stage.RCPT, ("550 5.7.1 Access denied by the recipient's own rules",)),
    Refusal(
        "policy-naming-tls",
        Stage.TEXT,
        ("554 5.7.1 Refused by local policy (connection used TLSv1.3, certificate not verified)",),
    ),
    Refusal(
        "greylisting",
        Stage.RCPT,
        ("450 4.2.0 <anna@greylisting.test>: Recipient address rejected: Greylisted",),
    ),
    Refusal(
        "greylisting-for-minutes",
        Stage.RCPT,
        ("451 4.7.1 Greylisting in action, please come back in 00:05:00",),
    ),
    Refusal("rate", Stage.MAIL, ("450 4.7.1 Error: too much mail from 192.0.2.25",)),
    Refusal("rate-421", Stage.RCPT, ("421 4.7.0 Too many messages from your network, try later",)),
    Refusal("disk-full", Stage.MAIL, ("452 4.3.1 Insufficient system storage",)),
    Refusal("lookup-failed", Stage.DATA, ("451 4.3.0 Temporary lookup failure",)),
    Refusal("local-error", Stage.TEXT, ("451 4.3.0 Local error in processing",)),
    Refusal("transaction-failed", Stage.TEXT, ("554 Transaction failed",)),
    Refusal("bare-550", Stage.RCPT, ("550 Requested action not taken",)),
    Refusal("closes-at-rcpt", Stage.RCPT, ()),
    Refusal("closes-at-data", Stage.DATA, ()),
    Refusal("closes-at-end", Stage.TEXT, ()),
    Refusal(
        "requires-starttls",
        Stage.MAIL,
        ("530 5.7.0 Must issue a STARTTLS command first",),
        starttls=False,
    ),
    Refusal(
        "requires-encryption",
        Stage.RCPT,
        ("554 5.7.1 <anna@requires-encryption.test>: Session encryption is required",),
        starttls=False,
    ),
    Refusal(
        "requires-encryption-5-7-10",
        Stage.MAIL,
        ("523 5.7.10 Encryption needed to use this server",),
        starttls=False,
    ),
)
"""Every domain that refuses."""
