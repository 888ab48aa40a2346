"""Certificates that Python's library neither makes nor, in part, reads."""

from collections.abc import Mapping

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.lab import der
from tests.lab.model import Oddity

_ALGORITHM, _ISSUER, _SUBJECT, _PUBLIC_KEY, _EXTENSIONS = 2, 3, 5, 6, 7
"""Where they stand in a TBSCertificate of version 3 (RFC 5280 section 4.1)."""

_ORGANIZATION = bytes.fromhex("0603 55040a")
_AUTHORITY_KEY = bytes.fromhex("0603 551d23")
_KEY_IDENTIFIER = bytes.fromhex("0603 551d0e")
_NAMES = bytes.fromhex("0603 551d11")
_CUT_OFF = bytes.fromhex("3005 8210 6162")
"""A DNS name of sixteen bytes of which there are two."""
_EXAMPLE = bytes.fromhex("0603 883701")
"""2.999.1, which is kept for examples."""
_T61_STRING, _OCTET_STRING, _SET, _EXPLICIT_3 = 0x14, 0x04, 0x31, 0xA3

_ECDSA_WITH_SHA1 = der.element(der.SEQUENCE, bytes.fromhex("0607 2a8648ce3d0401"))
_RSA_WITH_SHA1 = der.element(der.SEQUENCE, bytes.fromhex("0609 2a864886f70d010105"), der.NULL)
_RSA_PSS = der.element(der.SEQUENCE, bytes.fromhex("0609 2a864886f70d01010a"))


def hashed_weakly(certificate: x509.Certificate, signer: PrivateKeyTypes) -> x509.Certificate:
    """The same certificate, signed with SHA-1."""
    algorithm = _RSA_WITH_SHA1 if isinstance(signer, rsa.RSAPrivateKey) else _ECDSA_WITH_SHA1
    changes = {_ALGORITHM: algorithm}
    return _resigned(certificate, signer, changes, hashes.SHA1())  # noqa: S303 - the fault wanted


def spoiled(certificate: x509.Certificate) -> x509.Certificate:
    """The same certificate with the last bit of its signature changed."""
    whole = bytearray(certificate.public_bytes(Encoding.DER))
    whole[-1] ^= 1
    return x509.load_der_x509_certificate(bytes(whole))


def odd(certificate: x509.Certificate, signer: PrivateKeyTypes, oddity: Oddity) -> x509.Certificate:
    """The same certificate with what makes it odd."""
    fields = der.children(certificate.tbs_certificate_bytes)
    match oddity:
        case Oddity.T61_NAME:
            text = der.element(_T61_STRING, "Plätzchen".encode("latin-1"))
            changes = {_SUBJECT: _with_organization(fields[_SUBJECT], text)}
        case Oddity.BIT_STRING_NAME:
            changes = {_SUBJECT: _with_organization(fields[_SUBJECT], der.bits(b"bits"))}
        case Oddity.DOUBLED_EXTENSION:
            one = der.element(der.SEQUENCE, _EXAMPLE, der.element(_OCTET_STRING, der.NULL))
            changes = {_EXTENSIONS: _with_extensions(fields[_EXTENSIONS], one, one)}
        case Oddity.DOUBLED_KEY_IDENTIFIER:
            (extensions,) = der.children(fields[_EXTENSIONS])
            (own,) = (one for one in der.children(extensions) if _KEY_IDENTIFIER in one)
            changes = {_EXTENSIONS: _with_extensions(fields[_EXTENSIONS], own)}
        case Oddity.GARBLED_NAMES:
            garbled = der.element(der.SEQUENCE, _NAMES, der.element(_OCTET_STRING, _CUT_OFF))
            (extensions,) = der.children(fields[_EXTENSIONS])
            kept = [one for one in der.children(extensions) if _NAMES not in one]
            whole = der.element(der.SEQUENCE, *kept, garbled)
            changes = {_EXTENSIONS: der.element(_EXPLICIT_3, whole)}
        case Oddity.OTHER_CERTIFICATE_OF_ISSUER:
            (extensions,) = der.children(fields[_EXTENSIONS])
            kept = [one for one in der.children(extensions) if _AUTHORITY_KEY not in one]
            named = der.element(0xA1, der.element(0xA4, fields[_ISSUER]))
            identifier = der.element(der.SEQUENCE, named, der.element(0x82, b"\x01"))
            own = der.element(der.SEQUENCE, _AUTHORITY_KEY, der.element(_OCTET_STRING, identifier))
            whole = der.element(der.SEQUENCE, *kept, own)
            changes = {_EXTENSIONS: der.element(_EXPLICIT_3, whole)}
        case Oddity.LEAF_WITH_PATH_LENGTH:
            return certificate
    return _resigned(certificate, signer, changes)


def issued_by(
    certificate: x509.Certificate, signer: PrivateKeyTypes, issuer: x509.Certificate
) -> x509.Certificate:
    """The same certificate with the issuer's name byte for byte as the issuer bears it."""
    name = der.children(issuer.tbs_certificate_bytes)[_SUBJECT]
    if der.children(certificate.tbs_certificate_bytes)[_ISSUER] == name:
        return certificate
    return _resigned(certificate, signer, {_ISSUER: name})


def with_compressed_point(
    certificate: x509.Certificate, signer: PrivateKeyTypes
) -> x509.Certificate:
    """The same certificate with its point in the compressed form."""
    key = certificate.public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    spki = der.replaced(public_key(certificate), {1: der.bits(point)})
    return _resigned(certificate, signer, {_PUBLIC_KEY: spki})


def with_pss_key(certificate: x509.Certificate, signer: PrivateKeyTypes) -> x509.Certificate:
    """The same certificate, of a key that is for signatures with PSS alone."""
    spki = der.replaced(public_key(certificate), {0: _RSA_PSS})
    return _resigned(certificate, signer, {_PUBLIC_KEY: spki})


def pss_key(pkcs8: bytes) -> bytes:
    """An RSA key that is for signatures with PSS alone, as PKCS #8."""
    return der.replaced(pkcs8, {1: _RSA_PSS})


def public_key(certificate: x509.Certificate) -> bytes:
    """A certificate's SubjectPublicKeyInfo as it stands there."""
    return der.children(certificate.tbs_certificate_bytes)[_PUBLIC_KEY]


def _with_organization(name: bytes, text: bytes) -> bytes:
    attribute = der.element(der.SEQUENCE, _ORGANIZATION, text)
    return der.element(der.SEQUENCE, *der.children(name), der.element(_SET, attribute))


def _with_extensions(extensions: bytes, *more: bytes) -> bytes:
    (present,) = der.children(extensions)
    whole = der.element(der.SEQUENCE, *der.children(present), *more)
    return der.element(_EXPLICIT_3, whole)


def _resigned(
    certificate: x509.Certificate,
    signer: PrivateKeyTypes,
    changes: Mapping[int, bytes],
    algorithm: hashes.HashAlgorithm | None = None,
) -> x509.Certificate:
    body = der.replaced(certificate.tbs_certificate_bytes, changes)
    signature = _sign(body, signer, algorithm or hashes.SHA256())
    whole = der.element(der.SEQUENCE, body, der.children(body)[_ALGORITHM], der.bits(signature))
    return x509.load_der_x509_certificate(whole)


def _sign(body: bytes, signer: PrivateKeyTypes, algorithm: hashes.HashAlgorithm) -> bytes:
    if isinstance(signer, rsa.RSAPrivateKey):
        return signer.sign(body, padding.PKCS1v15(), algorithm)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    return signer.sign(body, ec.ECDSA(algorithm))
