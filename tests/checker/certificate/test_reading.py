"""What stands in a certificate, whatever else stands in it."""

import warnings
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.certificate import reading
from checker.certificate.encoded import load_certificate
from tests.checker.certificates import (
    ALTERNATIVE_NAME,
    COMMON_NAME,
    KEY,
    NOW,
    alternative_names,
    attribute,
    certificate,
    der_of,
    extension,
    handwritten,
    name,
    tlv,
)
from tests.examples import examples

HOST = "mx.example.org"
ORGANIZATION, DNS = "55040a", 0x82
BASIC_CONSTRAINTS, POLICIES = "551d13", "551d20"

EVERY: list[Callable[[x509.Certificate], object]] = [
    reading.key_of,
    reading.signature_hash,
    reading.der_of,
    reading.subject_of,
    reading.issuer_of,
    reading.is_self_issued,
    reading.common_names,
    reading.dns_names,
    reading.issuer_common_names,
    lambda one: reading.issuer_attributes(one, NameOID.ORGANIZATION_NAME),
    lambda one: reading.extension(one, x509.ExtendedKeyUsage),
    lambda one: reading.extension(one, x509.CertificatePolicies),
    lambda one: reading.extension(one, x509.AuthorityInformationAccess),
]


Signer = rsa.RSAPrivateKey | dsa.DSAPrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey


def signed_by(key: Signer) -> x509.Certificate:
    """One that the key has signed for itself."""
    edwards = isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    return (
        x509.CertificateBuilder()
        .subject_name(name(HOST))
        .issuer_name(name(HOST))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW)
        .sign(key, None if edwards else hashes.SHA256())
    )


@pytest.mark.parametrize(
    ("one", "key", "signature"),
    [
        (certificate(HOST), reading.Key("EC secp256r1", 256, "EC"), "sha256"),
        (
            certificate(HOST, key=ec.generate_private_key(ec.SECP521R1())),
            reading.Key("EC secp521r1", 521, "EC"),
            "sha256",
        ),
        (
            signed_by(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - a weak one is read as well
            reading.Key("RSA 1024", 1024, "RSA"),
            "sha256",
        ),
        (signed_by(dsa.generate_private_key(2048)), reading.Key("DSA 2048", 2048, "DSA"), "sha256"),
        (
            signed_by(ed25519.Ed25519PrivateKey.generate()),
            reading.Key("Ed25519", 0, "Ed25519"),
            "none",
        ),
        (signed_by(ed448.Ed448PrivateKey.generate()), reading.Key("Ed448", 0, "Ed448"), "none"),
    ],
)
def test_keys_and_signatures(one: x509.Certificate, key: reading.Key, signature: str) -> None:
    assert reading.key_of(one) == key
    assert reading.signature_hash(one) == signature


@pytest.mark.parametrize(
    "key",
    [
        # A kind, and a curve, that nobody knows; a point that is none; nothing at all.
        tlv(0x30, tlv(0x30, tlv(0x06, bytes.fromhex("2a0304"))), tlv(0x03, b"\0\1")),
        tlv(
            0x30,
            tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d0201")), tlv(0x06, b"\x2a\3")),
            tlv(0x03, b"\0\4" + bytes(64)),
        ),
        tlv(
            0x30,
            tlv(
                0x30,
                tlv(0x06, bytes.fromhex("2a8648ce3d0201")),
                tlv(0x06, bytes.fromhex("2a8648ce3d030107")),
            ),
            tlv(0x03, b"\0\4" + bytes(64)),
        ),
    ],
)
def test_a_key_that_nobody_knows(key: bytes) -> None:
    one = load_certificate(handwritten(alternative_names((DNS, HOST.encode())), key=key))
    assert reading.key_of(one) == reading.Key("unknown", 0, "unknown")
    assert reading.dns_names(one) == [HOST]
    assert reading.subject_of(one) == f"CN={HOST}"


def test_a_signature_that_nobody_knows() -> None:
    known = bytes.fromhex("2a8648ce3d040302")
    one = load_certificate(handwritten().replace(known, bytes.fromhex("2a8648ce3d04037f")))
    assert reading.signature_hash(one) == "unknown"


def test_the_whole() -> None:
    one = certificate(HOST)
    assert reading.der_of(one) == der_of(one)


def test_names_of_subject_and_issuer() -> None:
    one = certificate(HOST, subject=name(HOST, "Example Ltd"), issuer=name("R3", "Known Trust"))
    assert reading.subject_of(one) == one.subject.rfc4514_string()
    assert reading.issuer_of(one) == one.issuer.rfc4514_string()
    assert reading.common_names(one) == [HOST]
    assert reading.issuer_common_names(one) == ["R3"]
    assert reading.issuer_attributes(one, NameOID.ORGANIZATION_NAME) == ["Known Trust"]
    assert reading.issuer_attributes(one, NameOID.COUNTRY_NAME) == []


def test_who_has_issued_itself() -> None:
    assert reading.is_self_issued(certificate(subject=name("Root"), issuer=name("Root")))
    assert not reading.is_self_issued(certificate(subject=name("Root"), issuer=name("Root 2")))


# Attributes at which the library gives up on the whole name.
ODD_ATTRIBUTES = [
    attribute(ORGANIZATION, b"\xff", 0x0C),
    attribute(ORGANIZATION, b"\0\1", 0x03),
    tlv(0x31),
]


@pytest.mark.parametrize("odd", ODD_ATTRIBUTES)
@pytest.mark.parametrize("first", [True, False])
def test_an_odd_attribute_hides_neither_the_common_name_nor_anything_else(
    odd: bytes, *, first: bool
) -> None:
    parts = [odd, attribute(COMMON_NAME, HOST.encode())]
    subject = b"".join(parts if first else reversed(parts))
    one = load_certificate(
        handwritten(alternative_names((DNS, b"a.example")), subject=subject, issuer=subject)
    )
    assert reading.common_names(one) == [HOST]
    assert HOST in reading.subject_of(one)
    assert reading.dns_names(one) == ["a.example"]
    assert reading.key_of(one).name == "EC secp256r1"
    assert isinstance(reading.issuer_of(one), str)
    assert isinstance(reading.is_self_issued(one), bool)


def test_a_subject_that_cannot_be_read_is_told_by_its_common_names() -> None:
    parts = (
        attribute(ORGANIZATION, b"\xff"),
        attribute(COMMON_NAME, b"a\x1b"),
        attribute(COMMON_NAME, b"\xff"),
    )
    one = load_certificate(handwritten(subject=b"".join(parts), issuer=b"".join(parts)))
    assert reading.subject_of(one) == "CN=a\ufffd, CN=\ufffd"
    assert reading.issuer_of(one) == ""
    assert reading.issuer_common_names(one) == []
    assert not reading.is_self_issued(one)


# Extensions at which the library gives up on all of them.
ODD_EXTENSIONS = [
    extension(BASIC_CONSTRAINTS, tlv(0x30, tlv(0x02, b"\0"))),
    extension(BASIC_CONSTRAINTS, b"\xff\xff"),
    extension(ALTERNATIVE_NAME, tlv(0x30)),
    alternative_names((DNS, HOST.encode())),
    alternative_names((0xA3, b"")),
    alternative_names((DNS, b"\xff")),
]


@pytest.mark.parametrize("odd", ODD_EXTENSIONS)
def test_an_odd_extension_hides_no_name(odd: bytes) -> None:
    one = load_certificate(handwritten(alternative_names((DNS, HOST.encode())), odd))
    assert reading.dns_names(one) == [HOST]
    # What the library does not give is absent, and nothing is raised.
    assert reading.extension(one, x509.ExtendedKeyUsage) is None


def test_an_extension() -> None:
    purposes = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    one = certificate(HOST, extensions=(purposes,))
    assert reading.extension(one, x509.ExtendedKeyUsage) == purposes
    assert reading.extension(one, x509.CertificatePolicies) is None


def test_names_that_are_no_text_are_kept_byte_by_byte() -> None:
    one = load_certificate(handwritten(alternative_names((DNS, b"m\xfcller.example"))))
    assert reading.dns_names(one) == ["m\xfcller.example"]


WHOLE = der_of(
    certificate(
        HOST,
        x509.RFC822Name("mx@example.org"),
        issuer=name("R3", "Known Trust"),
        extensions=(
            x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]),
            x509.BasicConstraints(ca=False, path_length=None),
        ),
    )
)
KEY_BEGINS = WHOLE.index(
    KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)


@settings(max_examples=examples(400))
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4)
)
@example([(KEY_BEGINS, 2)])
@example([(KEY_BEGINS, 0)])
@example([(KEY_BEGINS + 1, 0xFF)])
def test_whatever_can_be_loaded_can_be_read(spoiled: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for place, value in spoiled:
        content[place] = value
    try:
        one = load_certificate(bytes(content))
    except ValueError:
        return
    for read in EVERY:
        read(one)
    assert reading.subject_of(one).isprintable()
    assert reading.issuer_of(one).isprintable()


@pytest.mark.parametrize(
    "common_name",
    [
        # 64 letters are allowed (RFC 5280 appendix A.1), however many bytes they take.
        "\u00e4" * 60,
        "x" * 200,
    ],
)
def test_a_long_name_is_read_in_silence(common_name: str) -> None:
    long = attribute(COMMON_NAME, common_name.encode())
    directory = (0xA4, tlv(0x30, long))
    content = handwritten(alternative_names(directory), subject=long, issuer=long)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = load_certificate(content)
        for read in EVERY:
            read(one)
        assert reading.common_names(one) == [common_name]
        assert reading.issuer_common_names(one) == [common_name]
        assert reading.extension(one, x509.SubjectAlternativeName) is not None
