"""The certificates that a handshake showed, read once for all who ask about them."""

from dataclasses import dataclass

from cryptography import x509

from checker.certificate.encoded import load_certificate
from checker.facts import Handshake


@dataclass(frozen=True, slots=True)
class Flaw:
    """An error of OpenSSL's verification (X509_V_ERR_...), where it was found.

    Attributes:
        code: OpenSSL's number.
        depth: 0 is the server's own certificate.
        certificate: The one at that depth; none where it cannot be read.
    """

    code: int
    depth: int
    certificate: x509.Certificate | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server showed.

    Attributes:
        chain: The certificates as sent, the server's own first.
        unreadable: There was one more that cannot be read.
        flaws: Everything that OpenSSL's verification found.
    """

    chain: tuple[x509.Certificate, ...] = ()
    unreadable: bool = False
    flaws: tuple[Flaw, ...] = ()


def read(handshake: Handshake) -> Shown:
    """Read what a handshake showed; what cannot be read is left out."""
    readable = [_certificate(der) for der in handshake.chain]
    chain = tuple(certificate for certificate in readable if certificate is not None)
    flaws = (Flaw(e.code, e.depth, _certificate(e.certificate)) for e in handshake.errors)
    return Shown(chain, len(chain) < len(readable), tuple(flaws))


def _certificate(der: bytes) -> x509.Certificate | None:
    """A certificate as it can be told of; none where it, or a name in it, cannot be read."""
    try:
        certificate = load_certificate(der)
        # Names and dates are not read before somebody asks for them.
        _ = (certificate.subject, certificate.issuer)
        _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    except (ValueError, x509.InvalidVersion):
        return None
    return certificate
