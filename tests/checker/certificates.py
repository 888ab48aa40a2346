"""Certificates made to order, for tests that need no server."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
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
