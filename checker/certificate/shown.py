"""What a server showed of its certificates in a handshake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography import x509


@dataclass(frozen=True, slots=True)
class VerificationError:
    """An error of OpenSSL's chain building (X509_V_ERR_…), where it was found.

    Attributes:
        code: OpenSSL's number.
        depth: 0 is the server's own certificate.
        certificate: The one at that depth; none where it cannot be read.
    """

    code: int
    depth: int
    certificate: x509.Certificate | None


class Shown(Protocol):
    """Certificates as a handshake showed them, and what OpenSSL's verification made of them."""

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """The certificates as sent, the server's own first."""

    @property
    def unreadable(self) -> bool:
        """Whether the chain holds a certificate that cannot be read."""

    @property
    def errors(self) -> Sequence[VerificationError]:
        """Everything that the verification found."""
