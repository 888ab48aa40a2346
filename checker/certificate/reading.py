"""What stands in a certificate, read piece by piece: one odd part never hides the others. Pure."""

from dataclasses import dataclass
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from checker.certificate import der
from checker.certificate.encoded import without_warnings
from checker.text import printable

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key.

    Attributes:
        name: Algorithm and size, such as "RSA 2048" or "EC secp256r1".
        bits: Its size; 0 where the algorithm has but one.
        algorithm: Such as "RSA", "EC" or "DSA".
    """

    name: str
    bits: int
    algorithm: str


def key_of(certificate: x509.Certificate) -> Key:
    """The key of a certificate."""
    try:
        key = certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Key("unknown", 0, "unknown")
    if isinstance(key, rsa.RSAPublicKey):
        return Key(f"RSA {key.key_size}", key.key_size, "RSA")
    if isinstance(key, ec.EllipticCurvePublicKey):
        return Key(f"EC {key.curve.name}", key.key_size, "EC")
    if isinstance(key, dsa.DSAPublicKey):
        return Key(f"DSA {key.key_size}", key.key_size, "DSA")
    name = type(key).__name__.removesuffix("PublicKey").lstrip("_")
    return Key(name, 0, name)


def signature_hash(certificate: x509.Certificate) -> str:
    """The hash of its signature, such as "sha256"; "none" where the algorithm needs none."""
    try:
        algorithm = certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return "unknown"
    return algorithm.name if algorithm is not None else "none"


def der_of(certificate: x509.Certificate) -> bytes:
    """The certificate as it was sent."""
    return certificate.public_bytes(Encoding.DER)


def subject_of(certificate: x509.Certificate) -> str:
    """Its distinguished name (RFC 4514); where that cannot be read, its common names."""
    try:
        return printable(certificate.subject.rfc4514_string())
    except (ValueError, TypeError):
        return printable(", ".join(f"CN={name}" for name in common_names(certificate)))


def issuer_of(certificate: x509.Certificate) -> str:
    """The distinguished name of its issuer (RFC 4514); empty where that cannot be read."""
    try:
        return printable(certificate.issuer.rfc4514_string())
    except (ValueError, TypeError):
        return ""


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Whether subject and issuer are the same."""
    try:
        return certificate.subject == certificate.issuer
    except (ValueError, TypeError):
        return False


def is_named_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether it names its issuer to the letter, whatever kinds of text the names are written in.

    OpenSSL does not look at capitals and at how many blanks there are (RFC 5280 section 7.1); true
    as well where one of the names cannot be read.
    """
    try:
        return certificate.issuer == issuer.subject
    except (ValueError, TypeError):
        return True


def common_names(certificate: x509.Certificate, unread: frozenset[int] = frozenset()) -> list[str]:
    """The common names of its subject, without those whose tags are not read."""
    names = der.common_names(der_of(certificate), unread)
    return [name.decode("utf-8", "replace") for name in names]


def dns_names(certificate: x509.Certificate) -> list[str]:
    """The DNS names among its alternative names."""
    return [name.decode("latin-1") for name in der.dns_names(der_of(certificate))]


def issuer_attributes(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> list[str]:
    """Values of one kind in the name of its issuer."""
    try:
        found = certificate.issuer.get_attributes_for_oid(oid)
    except (ValueError, TypeError):
        return []
    return [str(attribute.value) for attribute in found]


def issuer_common_names(certificate: x509.Certificate) -> list[str]:
    """The common names of its issuer."""
    return issuer_attributes(certificate, NameOID.COMMON_NAME)


def extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    """An extension, or none where it is absent or cannot be read."""
    try:
        with without_warnings():
            return certificate.extensions.get_extension_for_class(kind).value
    except (
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
        ValueError,
        TypeError,
    ):
        return None
