"""Certificates and keys out of whatever bytes somebody sends or publishes."""

import warnings

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.certificate.encoded import is_certificate, is_public_key, load_certificate
from checker.certificate.rewriting import rewritten
from tests.checker.certificates import KEY, certificate, der_of, handwritten, tlv
from tests.examples import examples

WHOLE = der_of(certificate("mx.example.org"))
SPKI = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
KEYS = [
    one.public_key().public_bytes(*SPKI)
    for one in (
        KEY,
        rsa.generate_private_key(65537, 1024),  # noqa: S505 - a weak key is a key
        dsa.generate_private_key(1024),  # noqa: S505
        ed25519.Ed25519PrivateKey.generate(),
        x25519.X25519PrivateKey.generate(),
    )
]


def mangled(whole: bytes) -> st.SearchStrategy[bytes]:
    """The same with bytes changed, put in or left out."""
    changes = st.lists(
        st.tuples(st.integers(0, len(whole)), st.integers(0, 3), st.binary(max_size=3)),
        min_size=1,
        max_size=4,
    )

    def apply(changes: list[tuple[int, int, bytes]]) -> bytes:
        content = whole
        for begin, size, instead in changes:
            content = content[:begin] + instead + content[begin + size :]
        return content

    return changes.map(apply)


@settings(max_examples=examples(500))
@given(st.one_of(st.binary(max_size=400), mangled(WHOLE), mangled(handwritten())))
def test_whatever_is_sent_is_a_certificate_or_a_value_error(content: bytes) -> None:
    try:
        loaded = load_certificate(content)
    except ValueError:
        assert not is_certificate(content)
    else:
        assert is_certificate(content)
        assert der_of(loaded) in {content, rewritten(content)}


def _of_version(number: int) -> bytes:
    return WHOLE.replace(
        bytes.fromhex("a003020102"), bytes.fromhex("a0030201") + bytes([number % 256])
    )


def test_a_version_below_the_first_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"."):
        load_certificate(_of_version(-1))
    assert not is_certificate(_of_version(-1))


@pytest.mark.parametrize("number", [3, 4, 126])
def test_a_version_above_the_last_is_taken_for_it_as_senders_do(number: int) -> None:
    assert load_certificate(_of_version(number)) == load_certificate(WHOLE)
    assert is_certificate(_of_version(number))


def test_what_is_behind_a_certificate_makes_it_none() -> None:
    assert is_certificate(WHOLE)
    assert not is_certificate(WHOLE + b"\0")
    assert not is_certificate(WHOLE[:-1])
    assert not is_certificate(b"")


@pytest.mark.parametrize("serial", [b"\0", b"\x80", b"\xff"])
def test_a_serial_number_that_is_not_positive_is_read_in_silence(serial: bytes) -> None:
    wire = WHOLE.replace(
        bytes.fromhex("a003020102020101"), bytes.fromhex("a0030201020201") + serial
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_certificate(wire).not_valid_after_utc
        assert is_certificate(wire)


@pytest.mark.parametrize("key", KEYS, ids=[str(number) for number in range(len(KEYS))])
def test_a_public_key(key: bytes) -> None:
    assert is_public_key(key)
    assert not is_public_key(key[:-1])
    assert not is_certificate(key)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        WHOLE,
        # A kind of key that nobody knows.
        tlv(0x30, tlv(0x30, tlv(0x06, bytes.fromhex("2a0304"))), tlv(0x03, b"\0\1")),
        KEYS[0][:-64] + bytes(64),
    ],
)
def test_no_public_key(content: bytes) -> None:
    assert not is_public_key(content)


@settings(max_examples=examples(500))
@given(st.one_of(st.binary(max_size=200), st.sampled_from(KEYS).flatmap(mangled)))
def test_whatever_is_published_is_a_key_or_not(content: bytes) -> None:
    assert is_public_key(content) in {True, False}
