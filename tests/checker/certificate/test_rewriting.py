"""What senders read and the library does not, read all the same: seen of OpenSSL and GnuTLS."""

from datetime import UTC, datetime

import pytest
from cryptography import x509

from checker.certificate import der
from checker.certificate.encoded import load_certificate
from checker.certificate.reading import der_of, subject_of
from checker.certificate.rewriting import rewritten
from tests.checker.certificates import certificate, extension, handwritten, tlv

_USAGE = tlv(0x06, bytes.fromhex("551d0f"))
_SIGNING = tlv(0x04, bytes.fromhex("03020780"))


def _flagged(flag: bytes) -> bytes:
    return handwritten(tlv(0x30, _USAGE, tlv(0x01, flag), _SIGNING))


def test_what_the_library_reads_stays_as_it_is() -> None:
    for content in (der_of(certificate("mx.example.org")), handwritten(extension("551d0f", b""))):
        assert rewritten(content) == content
        assert der_of(load_certificate(content)) == content


@pytest.mark.parametrize(("flag", "critical"), [(b"\0", False), (b"\1", True), (b"\xff", True)])
def test_whether_an_extension_is_critical(flag: bytes, *, critical: bool) -> None:
    usage = load_certificate(_flagged(flag)).extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical is critical
    assert usage.value.digital_signature


def test_an_algorithm_with_a_parameter_too_many() -> None:
    plain = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d040302")))
    with_null = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d040302")), tlv(0x05))
    ((_, body), (_, _), signature) = _parts(handwritten())
    wire = tlv(0x30, tlv(0x30, body.replace(plain, with_null)), with_null, tlv(*signature))
    with pytest.raises(ValueError, match="ExtraData"):
        x509.load_der_x509_certificate(wire)
    assert subject_of(load_certificate(wire)) == "CN=mx.example.org"


def _parts(whole: bytes) -> list[tuple[int, bytes]]:
    ((_, content),) = der.elements(whole)
    return list(der.elements(content))


@pytest.mark.parametrize(
    ("date", "begins"),
    [
        (b"\x17\x0d260230000000Z", datetime(2026, 3, 2, tzinfo=UTC)),
        (b"\x17\x0b2601010000Z", datetime(2026, 1, 1, tzinfo=UTC)),
        (b"\x18\x0f00000101000000Z", datetime(1970, 1, 1, tzinfo=UTC)),
        (b"\x18\x0f99991231235960Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_dates_that_are_none_to_the_library(date: bytes, begins: datetime) -> None:
    assert load_certificate(handwritten(begins=date)).not_valid_before_utc == begins


@pytest.mark.parametrize("whole", [b"", b"no certificate", handwritten()[:-1], tlv(0x30)])
def test_what_is_no_certificate_stays_none(whole: bytes) -> None:
    assert rewritten(whole) == whole
    with pytest.raises(ValueError, match=r"."):
        load_certificate(whole)
