"""The one seam to the outside world: three small protocols that are handed in.

Production, the lab and a test differ in what they hand in, and in nothing else.
"""

import errno
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dns.rdata import Rdata

from checker.problems import Cause


class DnsStatus(StrEnum):
    """How a DNS question ended."""

    ANSWER = "answer"
    NO_DATA = "no-data"
    NAME_ERROR = "name-error"
    SERVER_FAILURE = "server-failure"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """A DNS answer.

    Attributes:
        status: How the question ended.
        records: The records of the type asked for, at the end of any chain of CNAMEs.
        authenticated: The AD bit, where the resolver that set it is believed (RFC 4035 3.2.3).
        canonical_name: The owner of the records.
    """

    status: DnsStatus
    records: tuple[Rdata, ...] = ()
    authenticated: bool = False
    canonical_name: str = ""


class Resolver(Protocol):
    """Asks the DNS."""

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question; what goes wrong is a status, never an exception.

        Args:
            name: A-labels, taken as absolute.
            record_type: Such as "MX".
            checking_disabled: Set the CD bit: an answer that fails validation comes all the same.
        """


@dataclass(frozen=True, slots=True)
class Validity:
    """The time in which a signature is valid (RFC 4034 section 3.1.5).

    Attributes:
        since: Its inception.
        until: Its expiration.
    """

    since: datetime
    until: datetime


class Signatures(Protocol):
    """Asks the DNS for signatures."""

    async def validity(self, name: str, record_type: str) -> Validity | None:
        """In which time the signature of some records is valid, whoever finds it so.

        Args:
            name: A-labels, taken as absolute.
            record_type: Of the records, such as "SOA".

        Returns:
            None where no signature is to be had.
        """


class TlsAlertError(OSError):
    """A server ended a TLS connection after the handshake; the text is OpenSSL's reason."""


class TlsFloodError(OSError):
    """A server sends more inside TLS than anything that it could have to say."""


class Stream(Protocol):
    """An open connection."""

    async def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end. OSError when the connection breaks."""

    async def write(self, data: bytes) -> None:
        """Send everything. OSError when the connection breaks."""

    def close(self) -> None:
        """Close at once, without waiting."""


class Connector(Protocol):
    """Opens TCP connections."""

    async def connect(self, address: str, port: int) -> Stream:
        """Connect to an IP address, never to a name. OSError says why it failed."""


OUR_FAULTS = {
    errno.EACCES: Cause.NOT_PERMITTED,
    errno.EADDRNOTAVAIL: Cause.NO_ROUTE,
    errno.EAFNOSUPPORT: Cause.NO_ROUTE,
    errno.EMFILE: Cause.TOO_MANY_FILES,
    errno.ENETUNREACH: Cause.NO_ROUTE,
    errno.ENFILE: Cause.TOO_MANY_FILES,
    errno.ENOBUFS: Cause.TOO_MANY_FILES,
}
"""Why a connection could not even be tried."""


class StsFetchError(Exception):
    """An MTA-STS policy that should be there could not be fetched; the text is an id."""


class WebPkiError(StsFetchError):
    """The policy's web server has no valid certificate; the text is the problem's id."""


class UnfetchedError(StsFetchError):
    """The fault is ours.

    Attributes:
        cause: Of ``checker-unreachable``.
    """

    def __init__(self, cause: Cause) -> None:
        """Take the cause."""
        super().__init__(cause)
        self.cause = cause


Permits = Callable[[str], Awaitable[bool]]
"""Whether one more connection to an IP address may be made now."""


async def always(_address: str) -> bool:
    """Permit every address."""
    return True


class StsFetcher(Protocol):
    """Fetches MTA-STS policies (RFC 8461 section 3.3)."""

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        """The policy file of a domain.

        Args:
            domain: A-labels.
            permits: Whether one more connection to an address may be made now.

        Raises:
            StsFetchError: It cannot be had.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """Waits in seconds, and caps.

    Attributes:
        total: For a whole check.
        connect: For a TCP connection.
        reply: For one whole SMTP reply, or one TLS handshake; senders wait for minutes, so that
            nothing but the total ends it.
        mail_servers: MX names whose addresses are looked up.
        addresses: Of each of them, and of each kind, that are looked at.
    """

    total: float = 60.0
    connect: float = 8.0
    reply: float = 300.0
    mail_servers: int = 32
    addresses: int = 32


@dataclass(frozen=True, slots=True)
class Network:
    """Everything a check needs of the outside world.

    Attributes:
        resolver: Asks the DNS.
        connector: Opens TCP connections.
        sts_fetcher: Fetches MTA-STS policies.
        permits: Whether an IP address may be connected to.
        client_name: What EHLO says (RFC 5321 section 4.1.1.1).
        smtp_port: 25, but in a lab.
        limits: Waits and caps.
    """

    resolver: Resolver
    connector: Connector
    sts_fetcher: StsFetcher
    permits: Callable[[str], bool]
    client_name: str
    smtp_port: int = 25
    limits: Limits = Limits()
