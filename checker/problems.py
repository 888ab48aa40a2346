"""The table of problem ids: permanent names for everything that can keep a mail from arriving.

An id is never reused and never renamed: it is a page, a permalink, and the ``id`` in an answer.
Where RFC 8460 (section 4.3) names a result, the id bears that name.
"""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Problems that share one text for recipients, senders and the letter to the provider."""

    TAKES_NO_MAIL = "takes-no-mail"
    NOT_DETERMINED = "not-determined"
    NO_ENCRYPTION = "no-encryption"
    OUTDATED_ENCRYPTION = "outdated-encryption"
    CERTIFICATE = "certificate"
    DANE_MTA_STS = "dane-mta-sts"
    SENDER_SIDE = "sender-side"
    NOTHING_WRONG = "nothing-wrong"


class Stage(StrEnum):
    """How far a delivery got; the values are those of an attempt's ``stage``."""

    ROUTE = "route"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    TLS = "tls"
    CERTIFICATE = "certificate"
    DONE = "done"


class Mender(StrEnum):
    """Whose turn it is."""

    RECEIVING_PROVIDER = "receiving-provider"
    DOMAIN_OWNER = "domain-owner"
    SENDER = "sender"
    WAIT = "wait"
    NOBODY = "nobody"


class Cause(StrEnum):
    """Why a problem arose, where that decides something; other causes are told only."""

    INTERNAL = "internal"
    NO_AUTHORITIES = "no-authorities"
    NO_ROUTE = "no-route"
    NOT_PERMITTED = "not-permitted"
    NOT_VALIDATING = "not-validating"
    OPTED_OUT = "opted-out"
    PORT_25 = "port-25"
    RATIONED = "rationed"
    RESOLVER = "resolver"
    TOO_MANY_FILES = "too-many-files"

    ANY_PURPOSE = "any-purpose"
    CLOSED = "closed"
    COMPRESSED_KEY = "compressed-key"
    DEADLINE = "deadline"
    FLOOD = "flood"
    INJECTED = "injected"
    IP_ADDRESS = "ip-address"
    KEY_USAGE = "key-usage"
    LEADS_BACK = "leads-back"
    LINE_TOO_LONG = "line-too-long"
    LOOPBACK = "loopback"
    MIXED_CODES = "mixed-codes"
    MUST_STAPLE = "must-staple"
    NOT_PUBLIC = "not-public"
    OPENSSL = "openssl"
    PURPOSE = "purpose"
    REPEATED_GREETING = "repeated-greeting"
    REPLY_TOO_LONG = "reply-too-long"
    RESET = "reset"
    SENDERS_NAME = "senders-name"
    SHORT_DATE = "short-date"
    SILENT = "silent"
    STAYS_OPEN = "stays-open"
    THIS_HOST = "this-host"
    TOO_NEW = "too-new"
    TOO_OLD = "too-old"
    TOO_SHORT = "too-short"
    UNREADABLE = "unreadable"


OURS = frozenset(
    [
        Cause.INTERNAL,
        Cause.NO_AUTHORITIES,
        Cause.NO_ROUTE,
        Cause.NOT_PERMITTED,
        Cause.NOT_VALIDATING,
        Cause.OPTED_OUT,
        Cause.PORT_25,
        Cause.RATIONED,
        Cause.RESOLVER,
        Cause.TOO_MANY_FILES,
    ]
)
"""Why a checker could not work: the causes of ``checker-unreachable``."""

FLOODS = frozenset([Cause.FLOOD, Cause.LINE_TOO_LONG, Cause.REPLY_TOO_LONG])
"""A server goes on and on; to find that out costs more than any other look."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the table.

    Attributes:
        id: The permanent name.
        family: Whose shared text applies.
        stage: Where in a delivery the problem shows.
        mender: Who can mend it.
    """

    id: str
    family: Family
    stage: Stage
    mender: Mender


def _rows(
    family: Family,
    mender: Mender,
    ids: dict[str, Stage],
    exceptions: dict[str, Mender] | None = None,
) -> list[Problem]:
    others = exceptions or {}
    return [Problem(id_, family, stage, others.get(id_, mender)) for id_, stage in ids.items()]


PROBLEMS: dict[str, Problem] = {
    problem.id: problem
    for problem in [
        *_rows(
            Family.TAKES_NO_MAIL,
            Mender.DOMAIN_OWNER,
            {
                "domain-not-found": Stage.ROUTE,
                "no-mail-server": Stage.ROUTE,
                "null-mx": Stage.ROUTE,
                "mail-server-address-invalid": Stage.ROUTE,
            },
        ),
        *_rows(
            Family.NOT_DETERMINED,
            Mender.WAIT,
            {
                "dns-failure": Stage.ROUTE,
                "connection-failed": Stage.CONNECT,
                "connection-timeout": Stage.CONNECT,
                "greeting-refused": Stage.GREETING,
                "temporarily-refused": Stage.GREETING,
                "not-smtp": Stage.GREETING,
                "checker-unreachable": Stage.CONNECT,
            },
        ),
        *_rows(
            Family.NO_ENCRYPTION,
            Mender.RECEIVING_PROVIDER,
            {"starttls-not-supported": Stage.STARTTLS, "starttls-failed": Stage.STARTTLS},
        ),
        *_rows(
            Family.OUTDATED_ENCRYPTION,
            Mender.RECEIVING_PROVIDER,
            {
                "tls-version": Stage.TLS,
                "tls-cipher": Stage.TLS,
                "tls-weak-key": Stage.TLS,
                "tls-client-certificate-required": Stage.TLS,
                "tls-handshake-failed": Stage.TLS,
            },
        ),
        *_rows(
            Family.CERTIFICATE,
            Mender.RECEIVING_PROVIDER,
            {
                "certificate-expired": Stage.CERTIFICATE,
                "certificate-not-yet-valid": Stage.CERTIFICATE,
                "certificate-host-mismatch": Stage.CERTIFICATE,
                "certificate-not-trusted": Stage.CERTIFICATE,
                "certificate-self-signed": Stage.CERTIFICATE,
                "certificate-chain-incomplete": Stage.CERTIFICATE,
                "certificate-invalid": Stage.CERTIFICATE,
                "certificate-not-verified": Stage.CERTIFICATE,
                "certificate-expires-soon": Stage.CERTIFICATE,
                "certificate-needs-sni": Stage.CERTIFICATE,
            },
        ),
        *_rows(
            Family.DANE_MTA_STS,
            Mender.DOMAIN_OWNER,
            {
                "tlsa-invalid": Stage.CERTIFICATE,
                "dnssec-invalid": Stage.ROUTE,
                "dane-required": Stage.ROUTE,
                "sts-policy-fetch-error": Stage.ROUTE,
                "sts-policy-invalid": Stage.ROUTE,
                "sts-webpki-invalid": Stage.ROUTE,
            },
            {"tlsa-invalid": Mender.RECEIVING_PROVIDER},
        ),
        *_rows(
            Family.SENDER_SIDE,
            Mender.SENDER,
            {
                "sender-tls-fault": Stage.TLS,
                "receiver-requires-tls": Stage.STARTTLS,
                "cause-not-stated": Stage.DONE,
                "not-tls": Stage.DONE,
            },
            {"cause-not-stated": Mender.NOBODY, "not-tls": Mender.NOBODY},
        ),
        *_rows(Family.NOTHING_WRONG, Mender.NOBODY, {"no-problem-found": Stage.DONE}),
    ]
}
"""Every problem by its id, in the order in which a list shows them."""
