"""The certificates that a handshake showed, read once for all who ask about them."""

from dataclasses import dataclass

from cryptography import x509

from checker.certificate.encoded import load_certificate
from checker.certificate.reading import der_of
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
        path: Those by which the first one was verified, up to an authority or as far as it went.
        unreadable: There was one more that cannot be read.
        flaws: Everything that OpenSSL's verification found.
        anchors: Authorities that are believed and that one of those sent names, as far as the path
            does not tell which one counts.
        sent: The chain to the byte, where one of it may be a copy that the library can read; behind
            it what was sent and cannot be read at all (DER).
    """

    chain: tuple[x509.Certificate, ...] = ()
    path: tuple[x509.Certificate, ...] = ()
    unreadable: bool = False
    flaws: tuple[Flaw, ...] = ()
    anchors: tuple[x509.Certificate, ...] = ()
    sent: tuple[bytes, ...] = ()

    @property
    def encoded(self) -> tuple[bytes, ...]:
        """The chain as it was sent (DER)."""
        return self.sent[: len(self.chain)] or tuple(map(der_of, self.chain))


def read(handshake: Handshake) -> Shown:
    """Read what a handshake showed; what cannot be read is left out."""
    ders = (*handshake.chain, *handshake.path, *handshake.anchors)
    known = {der: _certificate(der) for der in ders}
    if handshake.chain and known[handshake.chain[0]] is None:
        # Whatever else was sent, it is not the server's own.
        return Shown(unreadable=True, sent=handshake.chain)
    chain, path, anchors = (
        tuple(one for der in ders if (one := known[der]) is not None)
        for ders in (handshake.chain, handshake.path, handshake.anchors)
    )
    flaws = (Flaw(e.code, e.depth, _certificate(e.certificate)) for e in handshake.errors)
    unreadable = len(chain) < len(handshake.chain)
    sent = sorted(handshake.chain, key=lambda der: known[der] is None)
    return Shown(chain, path, unreadable, tuple(flaws), anchors, tuple(sent))


def _certificate(der: bytes) -> x509.Certificate | None:
    """A certificate; none where it cannot be read. An odd name in it is no matter."""
    try:
        return load_certificate(der)
    except ValueError:
        return None
