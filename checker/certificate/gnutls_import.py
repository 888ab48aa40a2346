"""What GnuTLS cannot read in a certificate, so that it ends the handshake. Pure.

gnutls_x509_crt_import(3) wants more than the path needs: one extension of a kind, no extensions
before version 3, one algorithm in both places, dates, and alternative names of which each can be
read and holds something. Of what stands in all other extensions it learns where it verifies.

Tried on GnuTLS 3.7.9 and 3.8.9, which are alike in it.
"""

import functools
from collections.abc import Sequence
from itertools import pairwise

from checker.certificate import dates, der

_SEQUENCE, _SET, _INTEGER, _OBJECT_IDENTIFIER, _NULL = 0x30, 0x31, 0x02, 0x06, 0x05
_VERSION = 0xA0
_SINCE = {0x81: 1, 0x82: 1, 0xA3: 2}
"""The versions that brought unique identifiers and extensions (RFC 5280 section 4.1.2.1)."""

_SUBJECTS_NAMES, _ISSUERS_NAMES = bytes.fromhex("551d11"), bytes.fromhex("551d12")

# Tags of general names (RFC 5280 section 4.2.1.6). X.400 addresses and EDI parties it never reads.
_OTHER_NAME, _DIRECTORY_NAME, _REGISTERED_ID, _VALUE = 0xA0, 0xA4, 0x88, 0xA0
_PLAIN = {0x81, 0x82, 0x86, 0x87}
_PADDING = 0x80

_PARTS = 3
_SIGNATURE = 1
"""Where its algorithm stands in a TBSCertificate, counted without the version."""


@functools.lru_cache(der.KEPT)
def unread(certificate: bytes) -> str | None:
    """What it cannot read; none where it reads all that it wants. The last answers are kept.

    Args:
        certificate: As it was sent (DER).
    """
    whole = _content(der.row(certificate), _SEQUENCE)
    parts = (der.row(whole) if whole is not None else None) or ()
    fields = der.row(parts[0][1]) if len(parts) == _PARTS else None
    if not fields:
        return "certificate"
    if form := _of_body(fields, parts[1][1]):
        return form
    if any(dates.read(*date) is None for date in der.validity(certificate)):
        return "dates"
    if der.has_doubled_extension(certificate):
        return "doubled-extension"
    values = (der.extension(certificate, kind) for kind in (_SUBJECTS_NAMES, _ISSUERS_NAMES))
    is_read = all(value is None or _are_names(value) for value in values)
    return None if is_read else "alternative-names"


def _of_body(fields: Sequence[tuple[int, bytes]], algorithm: bytes) -> str | None:
    """The same of what stands in a TBSCertificate before its extensions."""
    version = next((content for tag, content in fields if tag == _VERSION), b"")
    number = next((value for tag, value in der.elements(version) if tag == _INTEGER), b"")
    behind = [field for field in fields if field[0] != _VERSION]
    if any(int.from_bytes(number, "big", signed=True) < _SINCE.get(tag, 0) for tag, _ in behind):
        return "version"
    if len(behind) <= _SIGNATURE or _algorithm(behind[_SIGNATURE][1]) != _algorithm(algorithm):
        return "signature-algorithm"
    return None


def _algorithm(content: bytes) -> list[tuple[int, bytes]]:
    """An algorithm and its parameters; an empty one is none."""
    return [part for part in der.elements(content) if part != (_NULL, b"")]


def _content(row: der.Row, tag: int) -> bytes | None:
    """What the only element of a row holds, where it is of that tag."""
    return row[0][1] if row is not None and len(row) == 1 and row[0][0] == tag else None


def _are_names(value: bytes) -> bool:
    whole = _content(der.row(value), _SEQUENCE)
    names = der.row(whole) if whole is not None else None
    return names is not None and all(_is_name(*name) for name in names)


def _is_name(tag: int, content: bytes) -> bool:
    if tag in _PLAIN:
        return bool(content)
    if tag == _REGISTERED_ID:
        return _is_object_identifier(content)
    if tag == _DIRECTORY_NAME:
        name = _content(der.row(content), _SEQUENCE)
        return name is not None and _is_distinguished(name)
    return tag == _OTHER_NAME and _is_other_name(content)


def _is_object_identifier(content: bytes) -> bool:
    """Whether each of its numbers is written as short as can be (ITU-T X.690, 8.19.2)."""
    before = (0, *content)
    return bool(content) and not any(
        byte == _PADDING and not last & _PADDING for last, byte in pairwise(before)
    )


def _is_other_name(content: bytes) -> bool:
    parts = der.row(content)
    if parts is None or [tag for tag, _ in parts] != [_OBJECT_IDENTIFIER, _VALUE]:
        return False
    value = der.row(parts[1][1])
    return _is_object_identifier(parts[0][1]) and value is not None and len(value) == 1


def _is_distinguished(name: bytes) -> bool:
    """Whether it is a row of sets of attributes, each a type and a value (RFC 5280, 4.1.2.4)."""
    sets = der.row(name)
    if sets is None or any(tag != _SET for tag, _ in sets):
        return False
    rows = [der.row(content) for _, content in sets]
    # A name of nothing is one, and a name of empty sets is not.
    return (not rows or any(rows)) and all(
        row is not None and all(tag == _SEQUENCE and _is_attribute(one) for tag, one in row)
        for row in rows
    )


def _is_attribute(content: bytes) -> bool:
    parts = der.row(content)
    if parts is None or len(parts) != 2:  # noqa: PLR2004 - a type and a value
        return False
    tag, kind = parts[0]
    return tag == _OBJECT_IDENTIFIER and _is_object_identifier(kind)
