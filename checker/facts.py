"""What was seen on the way to a domain's mail servers. Plain records without behaviour.

Everything here can be made by hand in a test, and says nothing about any operator: what a fact
means for one is for :mod:`checker.delivery.habits` and :mod:`checker.delivery.verdict`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from checker.problems import Cause, Stage

Evidence = Mapping[str, "str | int | bool | list[str] | list[int] | None"]

_TRUST_ANCHOR = 2
"""The usage of a TLSA record that names an authority (RFC 7218: DANE-TA)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem as seen: its id and the facts that show it, never prose.

    Attributes:
        id: Of the table of problems.
        evidence: Facts for telling; nothing is decided by them.
        cause: Why, where that decides something.
        code: The reply that said so (RFC 5321 section 4.2).
        anonymous: The server's cipher suite is a good one, but for wanting no certificate.
        under_tlsa: It shows on the way to a trust anchor that a TLSA record names, where the public
            authorities do not count (RFC 7671 section 5).
    """

    id: str
    evidence: Evidence = field(default_factory=dict)
    cause: Cause | None = None
    code: int | None = None
    anonymous: bool = False
    under_tlsa: bool = False

    @property
    def told(self) -> Evidence:
        """All facts that show it."""
        told = dict[str, "str | int | bool | list[str] | list[int] | None"]()
        if self.cause is not None:
            told["cause"] = str(self.cause)
        if self.code is not None:
            told["code"] = self.code
        told.update(self.evidence)
        if self.anonymous:
            told["anonymous"] = True
        if self.under_tlsa:
            told["tlsa_usage"] = _TRUST_ANCHOR
        return told


@dataclass(frozen=True, slots=True)
class Reply:
    """One SMTP reply (RFC 5321 section 4.2), or the greeting when ``command`` is ``connect``."""

    command: str
    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate, and the chain as the server sent it.

    Attributes:
        subject: Distinguished name (RFC 4514).
        issuer: Distinguished name (RFC 4514).
        names: DNS names it is for: subject alternative names, or the common name where there are
            none.
        not_before: First moment of validity.
        not_after: Last moment of validity.
        key: Algorithm and size, such as "RSA 2048" or "EC secp256r1".
        signature: The hash of its signature, such as "sha256".
        sha256: Fingerprint in hexadecimal digits.
        chain: Subjects of the certificates sent after it.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    key: str
    signature: str
    sha256: str
    chain: tuple[str, ...]


class Dane(StrEnum):
    """What a mail server's TLSA records ask of a sender that heeds them (RFC 7672 section 2.2)."""

    ABSENT = "absent"
    UNUSABLE = "unusable"
    USABLE = "usable"


@dataclass(frozen=True, slots=True)
class TlsaRecord:
    """A TLSA record (RFC 6698 section 2.1); ``data`` in hexadecimal digits."""

    usage: int
    selector: int
    matching_type: int
    data: str


class StsMode(StrEnum):
    """How serious an MTA-STS policy is (RFC 8461 section 5)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """An MTA-STS policy (RFC 8461 section 3.2).

    Attributes:
        mode: How serious it is.
        mx: The patterns that the names of mail servers must match.
        max_age: Seconds that a sender may keep it.
    """

    mode: StsMode
    mx: tuple[str, ...]
    max_age: int


class Failure(StrEnum):
    """How a TLS handshake failed."""

    ALERT = "alert"
    CLOSED = "closed"
    RESET = "reset"
    NOT_TLS = "not-tls"
    LOCAL = "local"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class PathError:
    """An error of OpenSSL's verification (X509_V_ERR_...), where it was found.

    Attributes:
        code: OpenSSL's number.
        depth: 0 is the server's own certificate.
        certificate: The one at that depth (DER).
    """

    code: int
    depth: int
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one TLS handshake showed.

    Attributes:
        failure: How it failed; none where it did not.
        reason: OpenSSL's words for the failure.
        version: As negotiated, such as "TLSv1.2"; none after a failure.
        cipher: As negotiated, in OpenSSL's spelling.
        group: Of the key exchange, in OpenSSL's spelling; none where there is none.
        group_bits: Size of the Diffie-Hellman group; none where there is none.
        chain: The certificates as sent, the server's own first (DER).
        path: Those by which the first one was verified, up to an authority or as far as it went.
        errors: Everything that OpenSSL's verification found on that path.
        client_certificate_requested: The server asked for one (RFC 8446 section 4.3.2).
        anchors: The believed authorities that one of those sent names, where the path did not end
            at one, or more was sent than stands on it (DER).
        stray: What came in clear and belongs to no handshake; empty where nothing did.
    """

    failure: Failure | None = None
    reason: str = ""
    version: str | None = None
    cipher: str | None = None
    group: str | None = None
    group_bits: int | None = None
    chain: tuple[bytes, ...] = ()
    path: tuple[bytes, ...] = ()
    errors: tuple[PathError, ...] = ()
    client_certificate_requested: bool = False
    anchors: tuple[bytes, ...] = ()
    stray: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a server chose of a hello that offers every suite, down to SSL 3.0.

    Attributes:
        version: In OpenSSL's spelling; none where it chose nothing.
        cipher: In OpenSSL's spelling where that has one, else IANA's number.
        group_bits: Size of its Diffie-Hellman group; none where it uses no such group.
        anonymous: The suite encrypts well and needs no certificate.
    """

    version: str | None = None
    cipher: str | None = None
    group_bits: int | None = None
    anonymous: bool = False


class Oddity(StrEnum):
    """What departs from RFC 5321 in what a server said: some senders mind it, others do not."""

    FOREIGN_LINE = "foreign-line"
    """A line without a reply code, before the reply or in it."""
    MASKED = "masked"
    """A greeting that holds nothing but 2, 0, asterisks and blanks."""
    LONG_REPLY = "long-reply"
    """More than 4,096 bytes in all."""
    LOWER_CASE = "lower-case"
    LEADING_BLANK = "leading-blank"
    LEADING_TAB = "leading-tab"
    TRAILING_TAB = "trailing-tab"
    """A tab, or another control character that counts as white space."""
    EQUALS_SIGN = "equals-sign"
    OTHER_CODE = "other-code"
    """The code of the line is not 250."""
    BEHIND_NO_NAME = "behind-no-name"
    """No word stands before it, where the server's name belongs."""
    BEHIND_LONG_TEXT = "behind-long-text"
    """2,048 bytes stand before it."""
    BEHIND_NUL = "behind-nul"
    SENDERS_NAME = "senders-name"
    """EHLO is answered with the name that it gave, and the greeting bears another one."""


@dataclass(frozen=True, slots=True)
class MixedReply:
    """A reply whose lines do not bear one code (RFC 5321 section 4.2.1 wants the same in each).

    Attributes:
        stage: What it answers: nothing (the greeting), EHLO or STARTTLS, before TLS.
        first: The code of its first line.
        last: The code of its last line.
        text: What it says.
    """

    stage: Stage
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """What about a server's replies some senders mind.

    Attributes:
        greeting: Of the greeting.
        hello: Of the answer to EHLO.
        offers: Of each line there that offers STARTTLS; such a line without oddity is seen by all.
        ready: Of the answer to STARTTLS.
        inside: Of the answer to EHLO inside TLS.
        mixed: Replies of several codes; some senders go by the first, others by the last.
    """

    greeting: frozenset[Oddity] = frozenset()
    hello: frozenset[Oddity] = frozenset()
    offers: frozenset[frozenset[Oddity]] = frozenset()
    ready: frozenset[Oddity] = frozenset()
    inside: frozenset[Oddity] = frozenset()
    mixed: tuple[MixedReply, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """How far one connection came.

    Attributes:
        stage: Where it stopped.
        finding: Why; none where nothing stood in the way.
        replies: What the server said, in order, before TLS and inside.
        speech: What about it some senders mind.
        injected: What came in clear text behind the answer to STARTTLS.
        handshake: What it showed, where it came to that.
    """

    stage: Stage
    finding: Finding | None = None
    replies: tuple[Reply, ...] = ()
    speech: Speech = Speech()
    injected: str = ""
    handshake: Handshake | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at one address, whoever wanted to know.

    Attributes:
        at: When the look began.
        first: The connection that a sender would make.
        named: The same with the server's name in the hello, where that may make a difference.
        widened: One more in which everything was offered, where the first one failed.
        choice: What the server chose of a hello that no library says any more, where that failed.
    """

    at: datetime
    first: Connection
    named: Connection | None = None
    widened: Connection | None = None
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying one address.

    Attributes:
        host: Name of the mail server, as the MX record has it.
        address: IP address.
        preference: Of the MX record (RFC 5321 section 5.1); 0 for an implicit MX.
        stage: Where it stopped; ``done`` after an answer to EHLO inside TLS, or where the server
            offers no TLS and the session could go on in clear text.
        tls_version: As negotiated, such as "TLSv1.2".
        cipher: As negotiated, in OpenSSL's spelling.
        certificate: What the server showed.
        replies: What the server said, in order.
        findings: What is wrong, the most telling first.
        dane: What the TLSA records ask.
        sts_enforced: The domain's MTA-STS policy is to be enforced.
        checked_at: When it began.
    """

    host: str
    address: str
    preference: int
    stage: Stage
    tls_version: str | None = None
    cipher: str | None = None
    certificate: Certificate | None = None
    replies: tuple[Reply, ...] = ()
    findings: tuple[Finding, ...] = ()
    dane: Dane = Dane.ABSENT
    sts_enforced: bool = False
    checked_at: datetime | None = None


class RouteKind(StrEnum):
    """How the mail servers were found (RFC 5321 section 5.1, RFC 7505)."""

    MX = "mx"
    IMPLICIT_MX = "implicit-mx"
    NULL_MX = "null-mx"
    NO_ROUTE = "no-route"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MailServer:
    """One MX record and the addresses of the host it names.

    Attributes:
        host: The name in the MX record.
        preference: Lower is tried first.
        addresses: Usable IP addresses in the order in which they are tried.
        findings: What is wrong with the name or its addresses, or with its place in the policy.
        tlsa: Its TLSA records, from answers that were validated with DNSSEC.
        tlsa_findings: What is wrong with the look-up of those.
        canonical_name: Where its aliases lead.
        leading_back: Further addresses, at which who connects meets the own machine.
    """

    host: str
    preference: int
    addresses: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    tlsa: tuple[TlsaRecord, ...] = ()
    tlsa_findings: tuple[Finding, ...] = ()
    canonical_name: str = ""
    leading_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A domain's mail servers, most preferred first.

    Attributes:
        domain: A-labels.
        kind: How they were found.
        mail_servers: In the order of their preference.
        authenticated: The answer was validated with DNSSEC by a resolver that is believed.
        findings: What is wrong with the routing as a whole, or with the domain's policy.
        sts_policy: The domain's MTA-STS policy.
        records: So many MX records there are, of which not all may be looked at.
    """

    domain: str
    kind: RouteKind
    mail_servers: tuple[MailServer, ...] = ()
    authenticated: bool = False
    findings: tuple[Finding, ...] = ()
    sts_policy: StsPolicy | None = None
    records: int = 0


def our_fault() -> Finding:
    """What is told where a fault of ours kept us from finding out."""
    return Finding("checker-unreachable", cause=Cause.INTERNAL)


class Validation(StrEnum):
    """Whether the resolver that is asked validates with DNSSEC."""

    VALIDATED = "validated"
    NOT_VALIDATED = "not-validated"
    UNKNOWN = "unknown"


class Port(StrEnum):
    """Whether connections to port 25 get out of here."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
