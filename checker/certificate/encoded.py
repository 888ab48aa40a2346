"""Whether bytes are what they should be, in DER."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key


def is_certificate(data: bytes) -> bool:
    """Whether it is a certificate (RFC 5280 section 4.1)."""
    try:
        x509.load_der_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def is_public_key(data: bytes) -> bool:
    """Whether it is a public key (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7)."""
    try:
        load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
