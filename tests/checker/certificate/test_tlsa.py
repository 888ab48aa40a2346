"""Which TLSA records bind a sender that heeds them."""

from itertools import product

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from checker.certificate.tlsa import demand, is_for_mail, is_usable
from checker.facts import Dane, TlsaRecord
from tests.checker.certificates import KEY, certificate, der_of

CERTIFICATE = der_of(certificate("mx.example.org"))
PUBLIC_KEY = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
SHA_256, SHA_512 = bytes(32), bytes(64)
# By name, for a test's own name must be the same wherever it runs.
DATA = {
    "certificate": CERTIFICATE,
    "key": PUBLIC_KEY,
    "sha-256": SHA_256,
    "sha-512": SHA_512,
    "nothing": b"",
}


@pytest.mark.parametrize(("selector", "matching", "what"), list(product(range(4), range(4), DATA)))
def test_the_data_must_be_what_selector_and_matching_type_say(
    selector: int, matching: int, what: str
) -> None:
    data = DATA[what]
    fitting = {
        (0, 0): [CERTIFICATE],
        (1, 0): [PUBLIC_KEY],
        (0, 1): [SHA_256],
        (1, 1): [SHA_256],
        (0, 2): [SHA_512],
        (1, 2): [SHA_512],
    }.get((selector, matching), [])
    for usage in range(5):
        # Authorities of the public (0) and certificates that these issue (1) count for no mail
        # server (RFC 7672 section 3.1.3).
        record = TlsaRecord(usage, selector, matching, data.hex())
        assert is_usable(record) is (usage in {2, 3} and data in fitting)


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize(("matching", "size"), [(1, 32), (2, 64)])
def test_a_digest_of_another_length_is_none(matching: int, size: int, change: int) -> None:
    assert is_usable(TlsaRecord(3, 1, matching, "00" * size))
    assert not is_usable(TlsaRecord(3, 1, matching, "00" * (size + change)))


GOOD, BAD = TlsaRecord(3, 1, 1, "00" * 32), TlsaRecord(1, 1, 1, "00" * 32)


@pytest.mark.parametrize(
    ("records", "dane"),
    [
        ([], Dane.ABSENT),
        ([BAD], Dane.UNUSABLE),
        ([GOOD], Dane.USABLE),
        ([BAD, GOOD, BAD], Dane.USABLE),
        ([BAD, BAD], Dane.UNUSABLE),
    ],
)
def test_one_record_that_can_be_used_is_enough(records: list[TlsaRecord], dane: Dane) -> None:
    assert demand(records) is dane


def test_a_usage_for_the_web_is_none_for_mail() -> None:
    assert not is_for_mail([])
    assert not is_for_mail([BAD, TlsaRecord(0, 1, 1, "00" * 32)])
    assert is_for_mail([BAD, TlsaRecord(3, 9, 9, "")])


@given(st.integers(0, 1), st.binary(max_size=200))
def test_arbitrary_data_is_no_certificate(selector: int, data: bytes) -> None:
    assert not is_usable(TlsaRecord(2, selector, 0, data.hex()))
