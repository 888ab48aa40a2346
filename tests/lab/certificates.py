"""The lab's own certificate authorities and the certificates of its mail servers."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from tests.lab.model import Certificate, Chain, Issuer, Key

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

_DAY = dt.timedelta(days=1)
_YEARS = dt.timedelta(days=3650)
_DOMAIN_VALIDATED = x509.ObjectIdentifier("2.23.140.1.2.1")
_SHA256_WITH_RSA = bytes.fromhex("06092a864886f70d01010b0500")
_SHA1_WITH_RSA = bytes.fromhex("06092a864886f70d0101050500")

# The 1024-bit group of RFC 2409, section 6.2: a fixed one, because making one takes seconds.
DH_1024 = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """A key and the certificates that go with it.

    Attributes:
        leaf: The certificate of the key.
        issuer: The certificate of who signed it.
        sent: What the server sends.
    """

    key: PrivateKey
    leaf: x509.Certificate
    issuer: x509.Certificate
    sent: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> str:
        """The key and what the server sends, as PEM."""
        private_key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return private_key.decode() + "".join(map(_pem, self.sent))


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: PrivateKey


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def _resigned_with_sha1(certificate: x509.Certificate, key: PrivateKey) -> x509.Certificate:
    """Replace a certificate's signature: the library itself no longer makes such ones."""
    assert isinstance(key, rsa.RSAPrivateKey)
    body = certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
    signature = key.sign(body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - the fault wanted
    whole = certificate.public_bytes(serialization.Encoding.DER)
    head = whole[: whole.index(certificate.tbs_certificate_bytes)]
    bits = whole[whole.index(certificate.signature) - 5 : whole.index(certificate.signature)]
    algorithm = b"\x30\x0d" + _SHA1_WITH_RSA
    return x509.load_der_x509_certificate(head + body + algorithm + bits + signature)


def _spoiled(certificate: x509.Certificate) -> x509.Certificate:
    """Change the last bit of a certificate's signature."""
    whole = bytearray(certificate.public_bytes(serialization.Encoding.DER))
    whole[-1] ^= 1
    return x509.load_der_x509_certificate(bytes(whole))


class Certificates:
    """Makes certificates; every lab has authorities of its own."""

    def __init__(self, now: dt.datetime) -> None:
        """Make certificates whose lives are counted from ``now``."""
        self._now = now
        self._root = self._authority("Lab Root", None, _ec_key())
        self._issuers = {
            Issuer.INTERMEDIATE: self._authority("Lab Intermediate", self._root, _ec_key()),
            Issuer.WEAK_HASH: self._authority("Lab Intermediate RSA", self._root, _rsa_key()),
            Issuer.EXPIRED: self._authority("Old Intermediate", self._root, _ec_key(), _DAY),
            Issuer.NO_AUTHORITY: self._authority(
                "www.lab.test", self._root, _ec_key(), is_authority=False
            ),
            Issuer.PRIVATE: self._authority("Private Root", None, _ec_key()),
        }

    @property
    def root(self) -> str:
        """The root that a client of the lab trusts, as PEM."""
        return _pem(self._root.certificate)

    def identity(self, host: str, wanted: Certificate) -> Identity:
        """Make a certificate for a host."""
        key = self._key(wanted.key)
        leaf = self._leaf(host, wanted, key)
        authority = self._issuers.get(wanted.issuer)
        issuer = authority.certificate if authority else leaf
        if wanted.chain is Chain.ROOT_FIRST:
            return Identity(key, leaf, issuer, (leaf, self._root.certificate, issuer))
        send_issuer = wanted.chain is Chain.WITH_ROOT or (
            wanted.chain is Chain.COMPLETE and wanted.issuer is not Issuer.PRIVATE
        )
        sent = (leaf, issuer) if authority and send_issuer else (leaf,)
        return Identity(key, leaf, issuer, sent)

    @cached_property
    def _shared_rsa_key(self) -> rsa.RSAPrivateKey:
        return _rsa_key()

    def _key(self, kind: Key) -> PrivateKey:
        match kind:
            case Key.EC:
                return _ec_key()
            case Key.ED25519:
                return ed25519.Ed25519PrivateKey.generate()
            case Key.RSA:
                return self._shared_rsa_key
            case Key.RSA_1024:
                return _rsa_key(1024)

    def _authority(
        self,
        name: str,
        issuer: _Authority | None,
        key: PrivateKey,
        expired_since: dt.timedelta = -_YEARS,
        *,
        is_authority: bool = True,
    ) -> _Authority:
        signer = issuer.key if issuer else key
        builder = (
            self._builder(key, signer, self._now - _YEARS, self._now - expired_since)
            .subject_name(_name(name))
            .issuer_name(issuer.certificate.subject if issuer else _name(name))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(_key_usage(ca=is_authority), critical=True)
        )
        return _Authority(builder.sign(signer, hashes.SHA256()), key)

    def _leaf(self, host: str, wanted: Certificate, key: PrivateKey) -> x509.Certificate:
        names = wanted.names or (host,)
        subject = _name(wanted.common_name or names[0])
        authority = self._issuers.get(wanted.issuer)
        signer = authority.key if authority else key
        usage = (
            ExtendedKeyUsageOID.SERVER_AUTH
            if wanted.for_servers
            else ExtendedKeyUsageOID.CLIENT_AUTH
        )
        builder = (
            self._builder(key, signer, self._now + wanted.begins, self._now + wanted.ends)
            .subject_name(subject)
            .issuer_name(authority.certificate.subject if authority else subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        )
        if not wanted.common_name_only:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        if wanted.issuer in (Issuer.INTERMEDIATE, Issuer.WEAK_HASH):
            builder = _as_public_authorities_do(builder, wanted.issuer)
        # A key of Ed25519 hashes by itself.
        own = isinstance(signer, ed25519.Ed25519PrivateKey)
        certificate = builder.sign(signer, None if own else hashes.SHA256())
        if wanted.issuer is Issuer.WEAK_HASH:
            return _resigned_with_sha1(certificate, signer)
        return _spoiled(certificate) if wanted.spoiled else certificate

    @staticmethod
    def _builder(
        key: PrivateKey, signer: PrivateKey, begins: dt.datetime, ends: dt.datetime
    ) -> x509.CertificateBuilder:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        return (
            x509.CertificateBuilder()
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(identifier, critical=False)
            .add_extension(authority, critical=False)
        )


def _as_public_authorities_do(
    builder: x509.CertificateBuilder, issuer: Issuer
) -> x509.CertificateBuilder:
    """Add what tells a public CA's certificate from a private one's when the chain is missing."""
    policy = x509.PolicyInformation(_DOMAIN_VALIDATED, None)
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS,
        x509.UniformResourceIdentifier(f"http://ca.test/{issuer}.cer"),
    )
    return builder.add_extension(x509.CertificatePolicies([policy]), critical=False).add_extension(
        x509.AuthorityInformationAccess([access]), critical=False
    )


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
