"""The lab's own certificate authorities and the certificates of its mail servers."""

import datetime as dt
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    ExtensionOID,
    NameOID,
)

from tests.lab import odd_certificates
from tests.lab.model import Certificate, Chain, Issuer, Key, Oddity, Purpose

PrivateKey = (
    ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | mldsa.MLDSA65PrivateKey
    | rsa.RSAPrivateKey
)

_DAY = dt.timedelta(days=1)
_YEARS = dt.timedelta(days=3650)
_DOMAIN_VALIDATED = x509.ObjectIdentifier("2.23.140.1.2.1")
_PURPOSES = {
    Purpose.SERVERS: ExtendedKeyUsageOID.SERVER_AUTH,
    Purpose.CLIENTS: ExtendedKeyUsageOID.CLIENT_AUTH,
    Purpose.EMAIL: ExtendedKeyUsageOID.EMAIL_PROTECTION,
    Purpose.ANY: ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}
_PLACES = {Issuer.TENTH: 10, Issuer.ELEVENTH: 11, Issuer.TWELFTH: 12}
"""Their places in a row of authorities that begins with the root."""

# The 1024-bit group of RFC 2409, section 6.2: a fixed one, because making one takes seconds.
DH_1024 = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""

# The primes of a key of 512 bits: the library makes none that is as short.
_RSA_512 = (
    0xF01CED72F662D060AA98A8569C804F4BDA072065E9296AD9D979C591487E0D27,
    0xCC445645B70946390D75C19AB36C65FDE02FF674EB7F76D5E39738B7FA8C2359,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A key and the certificates that go with it.

    Attributes:
        key: The key, as PEM.
        leaf: The certificate of the key.
        issuer: The certificate of who signed it.
        sent: What the server sends.
    """

    key: str
    leaf: x509.Certificate
    issuer: x509.Certificate
    sent: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> str:
        """The key and what the server sends, as PEM."""
        return self.key + "".join(map(_pem, self.sent))


@dataclass(frozen=True, slots=True)
class _Authority:
    """A certificate authority.

    Attributes:
        certificates: Its own certificate, and those between it and the root.
        name: As its certificate bears it, but for what makes that odd.
    """

    certificates: tuple[x509.Certificate, ...]
    key: PrivateKey
    name: x509.Name


def _ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is special about an authority; the defaults are those of a faultless one."""

    name: str
    key: PrivateKey = field(default_factory=_ec_key)
    ends: dt.timedelta = _YEARS
    signs_others: bool = True
    extension: x509.ExtensionType | None = None
    oddity: Oddity | None = None
    hashed_weakly: bool = False


class Certificates:
    """Makes certificates; every lab has authorities of its own."""

    def __init__(self, now: dt.datetime) -> None:
        """Make certificates whose lives are counted from ``now``."""
        self._now = now
        self._root = self._authority(_Kind("Lab Root"), None)
        self._made: dict[Issuer, _Authority] = {}
        self._row = [self._root]

    @property
    def root(self) -> str:
        """The root that a client of the lab trusts, as PEM."""
        return _pem(self._root.certificates[0])

    def identity(self, host: str, wanted: Certificate) -> Identity:
        """Make a certificate for a host."""
        key = self._key(wanted.key)
        leaf = self._leaf(host, wanted, key)
        path = self._path(wanted.issuer)
        issuer = path[0] if path else leaf
        also_sent = [self._path(other)[0] for other in wanted.also_sent]
        match wanted.chain:
            case Chain.ROOT_FIRST:
                path = (self._root.certificates[0], *path)
            case Chain.COPY_FIRST:
                above = self._issuer(wanted.issuer)
                kind = _Kind(_common_name(above.name), above.key)
                path = (*self._authority(kind, None).certificates, *path)
            case Chain.LEAF_ONLY:
                path = ()
            case Chain.COMPLETE if wanted.issuer is Issuer.PRIVATE:
                path = ()
        return Identity(_key_pem(key, wanted.key), leaf, issuer, (leaf, *path, *also_sent))

    def _path(self, issuer: Issuer) -> tuple[x509.Certificate, ...]:
        """An issuer's certificate, and those between it and its root."""
        return () if issuer is Issuer.ITSELF else self._issuer(issuer).certificates

    def _issuer(self, issuer: Issuer) -> _Authority:
        if issuer not in self._made:
            self._made[issuer] = self._make(issuer)
        return self._made[issuer]

    def _make(self, issuer: Issuer) -> _Authority:
        match issuer:
            case Issuer.PRIVATE:
                return self._authority(_Kind("Private Root"), None)
            case Issuer.CROSS_SIGNED:
                older = self._authority(_Kind("Older Root", ends=-_DAY), None)
                return self._authority(_Kind("Lab Root", self._root.key, -_DAY), older)
            case Issuer.TENTH | Issuer.ELEVENTH | Issuer.TWELFTH:
                for place in range(len(self._row) + 1, _PLACES[issuer] + 1):
                    kind = _Kind(f"Lab Authority {place}")
                    self._row.append(self._authority(kind, self._row[-1]))
                return self._row[_PLACES[issuer] - 1]
            case Issuer.WEAK_HASH:
                kind = _Kind("Lab Intermediate RSA", self._shared_rsa_key)
            case _:
                kind = _KINDS[issuer]()
        return self._authority(kind, self._root)

    @cached_property
    def _shared_rsa_key(self) -> rsa.RSAPrivateKey:
        return _rsa_key()

    def _key(self, kind: Key) -> PrivateKey:
        return self._shared_rsa_key if kind in {Key.RSA, Key.RSA_PSS} else _KEYS[kind]()

    def _authority(self, kind: _Kind, issuer: _Authority | None) -> _Authority:
        signer = issuer.key if issuer else kind.key
        name = _name(kind.name)
        builder = (
            self._builder(kind.key, signer, self._now - _YEARS, self._now + kind.ends)
            .subject_name(name)
            .issuer_name(issuer.name if issuer else name)
            .add_extension(x509.BasicConstraints(kind.signs_others, None), critical=True)
            .add_extension(_key_usage(ca=kind.signs_others), critical=True)
        )
        if kind.extension:
            critical = isinstance(kind.extension, x509.NameConstraints)
            builder = builder.add_extension(kind.extension, critical=critical)
        certificate = builder.sign(signer, hashes.SHA256())
        if kind.hashed_weakly:
            certificate = odd_certificates.hashed_weakly(certificate, signer)
        if kind.oddity:
            certificate = odd_certificates.odd(certificate, signer, kind.oddity)
        above = issuer.certificates if issuer and issuer is not self._root else ()
        return _Authority((certificate, *above), kind.key, name)

    def _leaf(self, host: str, wanted: Certificate, key: PrivateKey) -> x509.Certificate:
        names = wanted.names or (host,)
        subject = _name(wanted.common_name or names[0])
        authority = None if wanted.issuer is Issuer.ITSELF else self._issuer(wanted.issuer)
        signer = authority.key if authority else key
        builder = (
            self._builder(key, signer, self._now + wanted.begins, self._now + wanted.ends)
            .subject_name(subject)
            .issuer_name(authority.name if authority else subject)
            .add_extension(_no_authority(wanted.oddity), critical=True)
            .add_extension(_key_usage(ca=False, signs=wanted.may_sign), critical=True)
        )
        if wanted.purposes:
            usage = x509.ExtendedKeyUsage([_PURPOSES[purpose] for purpose in wanted.purposes])
            builder = builder.add_extension(usage, critical=False)
        named = () if wanted.common_name_only else map(x509.DNSName, names)
        if alternatives := [*named, *wanted.other_names]:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(alternatives), critical=False
            )
        if wanted.issuer in (Issuer.INTERMEDIATE, Issuer.WEAK_HASH):
            builder = _as_public_authorities_do(builder, wanted.issuer)
        # Some keys hash by themselves.
        own = isinstance(signer, ed25519.Ed25519PrivateKey | mldsa.MLDSA65PrivateKey)
        certificate = builder.sign(signer, None if own else hashes.SHA256())
        return _finished(certificate, signer, wanted, authority)

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


def _finished(
    certificate: x509.Certificate,
    signer: PrivateKey,
    wanted: Certificate,
    authority: _Authority | None,
) -> x509.Certificate:
    """A leaf with what the library does not make."""
    if authority and not isinstance(signer, mldsa.MLDSA65PrivateKey):
        certificate = odd_certificates.issued_by(certificate, signer, authority.certificates[0])
    if wanted.key is Key.EC_COMPRESSED:
        certificate = odd_certificates.with_compressed_point(certificate, signer)
    if wanted.key is Key.RSA_PSS:
        certificate = odd_certificates.with_pss_key(certificate, signer)
    if wanted.oddity:
        certificate = odd_certificates.odd(certificate, signer, wanted.oddity)
    if wanted.issuer is Issuer.WEAK_HASH:
        certificate = odd_certificates.hashed_weakly(certificate, signer)
    return odd_certificates.spoiled(certificate) if wanted.spoiled else certificate


def _no_authority(oddity: Oddity | None) -> x509.ExtensionType:
    if oddity is Oddity.LEAF_WITH_PATH_LENGTH:
        content = bytes.fromhex("3003 020100")
        return x509.UnrecognizedExtension(ExtensionOID.BASIC_CONSTRAINTS, content)
    return x509.BasicConstraints(ca=False, path_length=None)


def _names_below(name: str) -> x509.NameConstraints:
    return x509.NameConstraints([x509.DNSName(name)], None)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _common_name(name: x509.Name) -> str:
    (attribute,) = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(attribute.value)


def _rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def _rsa_512_key() -> rsa.RSAPrivateKey:
    (p, q), e = _RSA_512, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    exponents = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, *exponents, public).private_key()


_KEYS: Mapping[Key, Callable[[], PrivateKey]] = {
    Key.EC: _ec_key,
    Key.EC_COMPRESSED: _ec_key,
    Key.P_521: partial(ec.generate_private_key, ec.SECP521R1()),
    Key.BRAINPOOL: partial(ec.generate_private_key, ec.BrainpoolP256R1()),
    Key.ED25519: ed25519.Ed25519PrivateKey.generate,
    Key.ML_DSA: mldsa.MLDSA65PrivateKey.generate,
    Key.RSA_1024: partial(_rsa_key, 1024),
    Key.RSA_512: _rsa_512_key,
}

_NOT_FOR_GERMANY = x509.NameConstraints(
    None,
    [x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "DE")]))],
)
_FOR_CLIENTS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
_KINDS: Mapping[Issuer, Callable[[], _Kind]] = {
    Issuer.INTERMEDIATE: lambda: _Kind("Lab Intermediate"),
    Issuer.EXPIRED: lambda: _Kind("Old Intermediate", ends=-_DAY),
    Issuer.ENDS_SOON: lambda: _Kind("Nearly Old Intermediate", ends=3 * _DAY),
    Issuer.NO_AUTHORITY: lambda: _Kind("www.lab.test", signs_others=False),
    Issuer.HASHED_WEAKLY: lambda: _Kind("Weakly Hashed Intermediate", hashed_weakly=True),
    Issuer.RSA_1024: lambda: _Kind("RSA-1024 Intermediate", _rsa_key(1024)),
    Issuer.RSA_512: lambda: _Kind("RSA-512 Intermediate", _rsa_512_key()),
    Issuer.ML_DSA: lambda: _Kind("ML-DSA Intermediate", mldsa.MLDSA65PrivateKey.generate()),
    Issuer.FOR_CLIENTS: lambda: _Kind("Intermediate for Clients", extension=_FOR_CLIENTS),
    Issuer.FOR_TEST: lambda: _Kind("Intermediate for test", extension=_names_below("test")),
    Issuer.FOR_EXAMPLE: lambda: _Kind("Intermediate for ex", extension=_names_below("example")),
    Issuer.NOT_FOR_GERMANY: lambda: _Kind("Intermediate but for DE", extension=_NOT_FOR_GERMANY),
    Issuer.T61_NAME: lambda: _Kind("T61 Intermediate", oddity=Oddity.T61_NAME),
    Issuer.BIT_STRING_NAME: lambda: _Kind("Bits", oddity=Oddity.BIT_STRING_NAME),
    Issuer.DOUBLED_EXTENSION: lambda: _Kind("Doubled", oddity=Oddity.DOUBLED_EXTENSION),
}


def _key_pem(key: PrivateKey, kind: Key) -> str:
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    if kind is Key.RSA_PSS:
        content = key.private_bytes(serialization.Encoding.DER, pkcs8, plain)
        return ssl.DER_cert_to_PEM_cert(odd_certificates.pss_key(content)).replace(
            "CERTIFICATE", "PRIVATE KEY"
        )
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode()


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


def _key_usage(*, ca: bool, signs: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
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
