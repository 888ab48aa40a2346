"""What mail servers say of a TLS fault, and the problem that each text tells of.

The texts are those of the programs' sources (Postfix: ``smtp_proto.c``, ``smtp_tls_policy.c``;
Exim: ``smtp.c``, ``tls-gnu.c``, ``tls-openssl.c``) and of the TLS libraries below them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostfixStatus:
    """A text of Postfix's delivery agent.

    Attributes:
        beginning: How the text begins, as far as it takes to know it by; empty where a text's
            beginning tells nothing.
        rest: What follows, a regular expression.
        id: The problem that it tells of first.
        example: A whole text.
    """

    beginning: str
    rest: str
    id: str
    example: str


@dataclass(frozen=True, slots=True)
class EximStatus:
    """A text of Exim.

    Attributes:
        pattern: A regular expression that finds it.
        id: The problem that it tells of first.
        example: A whole text.
    """

    pattern: str
    id: str
    example: str


@dataclass(frozen=True, slots=True)
class ExchangeStatus:
    """An enhanced status code (RFC 3463, RFC 5248) of Exchange's reports.

    Attributes:
        code: The code.
        id: The problem that it tells of.
        meaning: What the code stands for.
    """

    code: str
    id: str
    meaning: str


POSTFIX = (
    PostfixStatus(
        "TLS is required, but was",
        " not offered by host .*",
        "starttls-not-supported",
        "TLS is required, but was not offered by host mx.example.org[192.0.2.1]",
    ),
    PostfixStatus(
        "TLS is required, but host",
        " .* refused to start TLS: .*",
        "starttls-failed",
        "TLS is required, but host mx.example.org[192.0.2.1] refused to start TLS: "
        "454 4.7.0 TLS not available due to local problem",
    ),
    PostfixStatus(
        "TLS is required, but our",
        " TLS engine is unavailable",
        "sender-tls-fault",
        "TLS is required, but our TLS engine is unavailable",
    ),
    PostfixStatus(
        "Cannot start TLS:",
        " handshake failure",
        "tls-handshake-failed",
        "Cannot start TLS: handshake failure",
    ),
    PostfixStatus(
        "Server certificate not verified",
        "",
        "certificate-not-verified",
        "Server certificate not verified",
    ),
    PostfixStatus(
        "Server certificate not trusted",
        "",
        "certificate-not-verified",
        "Server certificate not trusted",
    ),
    PostfixStatus(
        "client TLS configuration",
        " problem",
        "sender-tls-fault",
        "client TLS configuration problem",
    ),
    PostfixStatus(
        "TLSA lookup error",
        " for .*",
        "dnssec-invalid",
        "TLSA lookup error for mx.example.org:25",
    ),
    PostfixStatus("TLSA records unusable", "", "tlsa-invalid", "TLSA records unusable"),
    PostfixStatus("no TLSA records found", "", "dane-required", "no TLSA records found"),
    PostfixStatus("non DNSSEC destination", "", "dane-required", "non DNSSEC destination"),
    PostfixStatus(
        "",
        "lost connection with .* while (receiving the STARTTLS response|sending STARTTLS)",
        "starttls-failed",
        "lost connection with mx.example.org[192.0.2.1] while receiving the STARTTLS response",
    ),
    PostfixStatus(
        "",
        "host .* said: 530 .*STARTTLS.*",
        "receiver-requires-tls",
        "host mx.example.org[192.0.2.1] said: 530 5.7.0 Must issue a STARTTLS command first "
        "(in reply to MAIL FROM command)",
    ),
)
"""No text begins as an earlier one does."""

EXIM = (
    EximStatus(
        "the server did not offer TLS support",
        "starttls-not-supported",
        "a TLS session is required, but the server did not offer TLS support",
    ),
    EximStatus(
        "an attempt to start TLS failed",
        "starttls-failed",
        "a TLS session is required, but an attempt to start TLS failed",
    ),
    EximStatus(
        "retry time not reached",
        "cause-not-stated",
        "retry time not reached for any host for 'example.org'",
    ),
    EximStatus(
        "in response to STARTTLS",
        "starttls-failed",
        "Remote host closed connection in response to STARTTLS",
    ),
    EximStatus(
        "unsupported version|unsupported protocol|protocol version",
        "tls-version",
        "TLS session: (gnutls_handshake): A packet with illegal or unsupported version was "
        "received.",
    ),
    EximStatus(
        "dh key too small|Diffie-Hellman prime",
        "tls-weak-key",
        "TLS session: (SSL_connect): error:0A00018A:SSL routines::dh key too small",
    ),
    EximStatus(
        "No supported cipher suites|no ciphers available|insufficient security",
        "tls-cipher",
        "TLS session: (gnutls_handshake): No supported cipher suites have been found.",
    ),
    EximStatus(
        "server name sent was not recognized|unrecognized name",
        "certificate-host-mismatch",
        "TLS session: (gnutls_handshake): The server name sent was not recognized",
    ),
    EximStatus(
        "certificate has expired",
        "certificate-expired",
        "TLS session: (certificate verification failed): certificate has expired",
    ),
    EximStatus(
        "certificate verif",
        "certificate-not-verified",
        "TLS session: (certificate verification failed): certificate invalid",
    ),
    EximStatus("tlsa lookup", "dnssec-invalid", "DANE error: tlsa lookup DEFER"),
    EximStatus(
        "unexpected TLS packet|wrong version number",
        "starttls-failed",
        "TLS session: (gnutls_handshake): An unexpected TLS packet was received.",
    ),
    EximStatus(
        "",
        "tls-handshake-failed",
        "TLS session: (gnutls_handshake): Handshake failed",
    ),
)
"""The first that fits counts; the last fits every failure of TLS."""

EXCHANGE = (
    ExchangeStatus("4.4.7", "cause-not-stated", "the message has expired, for whatever reason"),
    ExchangeStatus("4.7.4", "starttls-not-supported", "security features not supported"),
    ExchangeStatus("5.7.4", "starttls-not-supported", "security features not supported"),
    ExchangeStatus("4.7.5", "certificate-not-verified", "cryptographic failure"),
    ExchangeStatus("5.7.5", "certificate-not-verified", "cryptographic failure"),
    ExchangeStatus("5.7.10", "receiver-requires-tls", "encryption needed"),
)
"""Exchange itself retries what failed over TLS until the message expires."""
