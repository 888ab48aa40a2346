"""What a sender offers in a ClientHello, and what its TLS library refuses after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checker.tls_version import TlsVersion


def names(text: str) -> tuple[str, ...]:
    """The names that stand in a text, between white space."""
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Hello:
    """What stands in a ClientHello (RFC 8446 section 4.1.2), but for versions and server name.

    Those two come from the operator. All names are OpenSSL's, all lists in the order of the wire.

    Attributes:
        ciphers: The suites up to TLS 1.2.
        ciphersuites: The suites of TLS 1.3.
        groups: For the key exchange.
        key_shares: Those of them for which a key is sent at once.
        signature_algorithms: The algorithms.
        oldest: The oldest version that is ever offered, however low the operator's minimum is.
        finite_fields_below_1_3: The finite fields among the groups (RFC 7919) are offered also
            where TLS 1.3 is not.
        always_signals: A suite signals secure renegotiation (RFC 5746 section 3.3) whatever the
            minimum is; else only where TLS 1.0 is offered, and an extension otherwise.
        padded: A hello of 256 to 511 bytes is padded to 512 (RFC 7685).
        compressed_points: Compressed points are named beside the uncompressed ones.
        status_request: The status of the certificate is asked for (RFC 6066 section 8).
        resumes_without_key_exchange: psk_ke stands beside psk_dhe_ke (RFC 8446 section 4.2.9).
    """

    ciphers: tuple[str, ...]
    ciphersuites: tuple[str, ...]
    groups: tuple[str, ...]
    key_shares: tuple[str, ...]
    signature_algorithms: tuple[str, ...]
    oldest: TlsVersion = TlsVersion.TLS_1_0
    finite_fields_below_1_3: bool = False
    always_signals: bool = False
    padded: bool = False
    compressed_points: bool = True
    status_request: bool = False
    resumes_without_key_exchange: bool = False

    def is_said(self, maximum: TlsVersion) -> bool:
        """Whether there is a hello at all: a library that offers no version gives up before it."""
        return self.oldest <= maximum


@dataclass(frozen=True, slots=True)
class Limits:
    """What the TLS library refuses once it sees what the server chose.

    Attributes:
        legacy_signatures: A signature over the key exchange is taken in TLS 1.0 and 1.1, which make
            it with MD5 and SHA-1; without it plain RSA key exchange alone is left there.
        dh_bits: A Diffie-Hellman group has at least so many.
        sha1: Signatures with SHA-1 on the path that is verified are taken.
        intermediates: So many may stand between the server's certificate and the trust anchor.
        unsafe_renegotiation: A server without secure renegotiation (RFC 5746) is taken.
    """

    legacy_signatures: bool = True
    dh_bits: int = 0
    sha1: bool = False
    intermediates: int | None = None
    unsafe_renegotiation: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a sender offers, and what it refuses afterwards."""

    hello: Hello
    limits: Limits


class Checking(StrEnum):
    """How far certificates count on a connection: a sender's rules depend on it, not on its level.

    ``NONE`` is every level below verification, and DANE where a mail server has no TLSA records for
    mail; ``UNUSABLE_DANE`` is DANE where none of them can be used, so that Postfix no longer
    verifies, but has already chosen its suites and a server name; ``CERTIFICATE`` is the rest.
    """

    NONE = "none"
    UNUSABLE_DANE = "unusable-dane"
    CERTIFICATE = "certificate"


RulesByChecking = Mapping[Checking, Rules]
