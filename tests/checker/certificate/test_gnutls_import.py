"""What in a certificate ends GnuTLS's handshake: seen of 3.7.9 and 3.8.9."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.certificate import der
from checker.certificate.gnutls_import import unread
from tests.checker.certificates import COMMON_NAME, attribute, extension, handwritten, tlv

_SUBJECTS_NAMES, _ISSUERS_NAMES, _EXAMPLE = "551d11", "551d12", "2a0304"
_OID = tlv(0x06, bytes.fromhex(_EXAMPLE))
_HOST = tlv(0x82, b"mx.example.org")
_NULL = tlv(0x05)
_NAME = tlv(0x30, attribute(COMMON_NAME, b"abc"))

_READ = [
    _HOST,
    b"",
    tlv(0x82, b"\xff\xfe"),
    tlv(0x86, b"://"),
    tlv(0x87, b"abc"),
    tlv(0x88, bytes.fromhex("2a0304")),
    tlv(0x88, bytes.fromhex("2a83")),
    tlv(0xA0, _OID, tlv(0xA0, _NULL)),
    tlv(0xA4, _NAME),
    tlv(0xA4, tlv(0x30)),
    # Longer than it need be.
    b"\x82\x81\x01a",
]
_UNREAD = [
    *(tlv(tag) for tag in (0x81, 0x82, 0x86, 0x87, 0x88, 0xA0, 0xA4)),
    # A length with nothing behind it.
    b"\x82\x10ab",
    # Neither kind is ever read: X.400 addresses, EDI parties.
    *(tlv(0xA3, _NULL), tlv(0xA5, tlv(0xA1, tlv(0x0C, b"a")))),
    *(tlv(0x89, b"a"), tlv(0x0C, b"a"), tlv(0xA2, tlv(0x16, b"a"))),
    *(tlv(0x88, bytes.fromhex("8001")), tlv(0x88, bytes.fromhex("2a8001"))),
    *(tlv(0xA0, _OID), tlv(0xA0, _OID, tlv(0xA0)), tlv(0xA0, _OID, tlv(0xA1, _NULL))),
    *(tlv(0xA0, _OID, tlv(0xA0, _NULL, _NULL)), tlv(0xA0, _OID, tlv(0xA0, _NULL), _NULL)),
    *(tlv(0xA4, _NULL), tlv(0xA4, tlv(0x30, tlv(0x31))), tlv(0xA4, tlv(0x30, tlv(0x30)))),
    *(tlv(0xA4, tlv(0x30, tlv(0x31, tlv(0x30, _OID)))), tlv(0xA4, _NAME, _NAME)),
]


def _unread(value: bytes, kind: str = _SUBJECTS_NAMES) -> str | None:
    return unread(handwritten(extension(kind, value)))


@pytest.mark.parametrize("kind", [_SUBJECTS_NAMES, _ISSUERS_NAMES])
def test_each_alternative_name_is_read(kind: str) -> None:
    for names in _READ:
        assert _unread(tlv(0x30, names), kind) is None, names.hex()
    for names in _UNREAD:
        assert _unread(tlv(0x30, _HOST, names), kind) == "alternative-names", names.hex()
        # Of other extensions nothing is learned before they are needed.
        assert _unread(tlv(0x30, names), _EXAMPLE) is None, names.hex()


@pytest.mark.parametrize(
    "value",
    [b"", _NULL, tlv(0x31, _HOST), tlv(0x30, _HOST) + b"\0", tlv(0x30, _HOST) + _NULL, b"\x30\x80"],
)
def test_alternative_names_that_are_none(value: bytes) -> None:
    assert _unread(value) == "alternative-names"


@pytest.mark.parametrize(("version", "form"), [(None, "version"), (2, "version"), (3, None)])
def test_only_the_last_version_has_extensions(version: int | None, form: str | None) -> None:
    assert unread(handwritten(extension(_EXAMPLE, _NULL), version=version)) == form
    assert unread(handwritten(version=version)) is None


def test_no_extension_twice() -> None:
    one = extension(_EXAMPLE, _NULL)
    assert unread(handwritten(one, one)) == "doubled-extension"


def test_one_algorithm_in_both_places() -> None:
    whole = handwritten()
    algorithm = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d040302")))
    with_null = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d040302")), _NULL)
    other = algorithm.replace(b"\3\2", b"\3\3")
    ((_, content),) = der.elements(whole)
    body, _, signature = (tlv(*part) for part in der.elements(content))
    assert unread(tlv(0x30, body, other, signature)) == "signature-algorithm"
    assert unread(tlv(0x30, body, with_null, signature)) is None


@pytest.mark.parametrize(
    ("date", "form"),
    [(b"260230000000Z", None), (b"261301000000Z", "dates"), (b"2610010000+0Z", "dates")],
)
def test_dates_of_some_kind(date: bytes, form: str | None) -> None:
    assert unread(handwritten().replace(b"261001000000Z", date)) == form


@pytest.mark.parametrize("whole", [b"", b"no certificate", handwritten() + b"\0", tlv(0x30)])
def test_what_is_none_is_not_read(whole: bytes) -> None:
    assert unread(whole) == "certificate"


@given(st.integers(0, len(handwritten()) - 1), st.integers(0, 255))
def test_whatever_is_sent_something_is_said(at: int, byte: int) -> None:
    whole = bytearray(handwritten(extension(_SUBJECTS_NAMES, tlv(0x30, *_READ))))
    whole[at] = byte
    assert unread(bytes(whole)) is None or unread(bytes(whole[:at])) == "certificate"
