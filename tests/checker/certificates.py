"""Certificates made to order, for tests that need no server."""

import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
"""One for all: making them takes time, and nothing here depends on their being different."""

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def name(common_name: str, organization: str | None = None) -> x509.Name:
    """A distinguished name."""
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


def certificate(  # noqa: PLR0913 - everything that can be ordered
    *alternatives: str | x509.GeneralName,
    subject: x509.Name | None = None,
    issuer: x509.Name | None = None,
    ends: timedelta = timedelta(days=60),
    key: PrivateKey = KEY,
    signer: PrivateKey = KEY,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """A certificate; the alternative names are DNS names unless they are of another kind."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject if subject is not None else name("mx.example.org"))
        .issuer_name(issuer if issuer is not None else name("Example Issuing CA"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + ends)
    )
    names = [x509.DNSName(one) if isinstance(one, str) else one for one in alternatives]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signer, hashes.SHA256())


def der_of(certificate: x509.Certificate) -> bytes:
    """A certificate as it would be sent."""
    return certificate.public_bytes(Encoding.DER)


def pem_of(certificate: bytes) -> str:
    """The same (DER) as a file of authorities holds it."""
    text = base64.encodebytes(certificate).decode("ascii")
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"


def tlv(tag: int, *parts: bytes) -> bytes:
    """Tag, length and value (ITU-T X.690)."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def attribute(oid: str, value: bytes, tag: int = 0x0C) -> bytes:
    """One attribute of a distinguished name, as a set of its own; UTF8String unless said."""
    return tlv(0x31, tlv(0x30, tlv(0x06, bytes.fromhex(oid)), tlv(tag, value)))


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """One extension."""
    flag = [tlv(0x01, b"\xff")] if critical else []
    return tlv(0x30, tlv(0x06, bytes.fromhex(oid)), *flag, tlv(0x04, value))


COMMON_NAME = "550403"
ALTERNATIVE_NAME = "551d11"
KEY_USAGE = "551d0f"


def alternative_names(*names: tuple[int, bytes]) -> bytes:
    """The extension with these general names, each a tag and its content."""
    return extension(ALTERNATIVE_NAME, tlv(0x30, *(tlv(tag, name) for tag, name in names)))


def handwritten(
    *extensions: bytes,
    subject: bytes = attribute(COMMON_NAME, b"mx.example.org"),
    issuer: bytes = attribute(COMMON_NAME, b"Example Issuing CA"),
    key: bytes = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    version: int | None = 3,
    begins: bytes = tlv(0x17, b"261001000000Z"),
) -> bytes:
    """A certificate (DER) with what no library would write; its signature is empty.

    Args:
        extensions: Each as it is to stand there.
        subject: The relative distinguished names in a row.
        issuer: The same.
        key: Its SubjectPublicKeyInfo.
        version: None is stated where it is the first.
        begins: When its validity does.
    """
    algorithm = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d040302")))
    validity = tlv(0x30, begins, tlv(0x17, b"270101000000Z"))
    content = tlv(
        0x30,
        *([tlv(0xA0, tlv(0x02, bytes([version - 1])))] if version is not None else []),
        tlv(0x02, b"\1"),
        algorithm,
        tlv(0x30, issuer),
        validity,
        tlv(0x30, subject),
        key,
        *([tlv(0xA3, tlv(0x30, *extensions))] if extensions else []),
    )
    return tlv(0x30, content, algorithm, tlv(0x03, b"\0"))
