"""Just enough DER (X.690) to make what no library for certificates would."""

from collections.abc import Mapping

SEQUENCE, OBJECT_IDENTIFIER, BIT_STRING = 0x30, 0x06, 0x03
NULL = b"\x05\x00"

_SHORT_FORM = 0x80


def element(tag: int, *contents: bytes) -> bytes:
    """One element that holds others, or plain bytes."""
    content = b"".join(contents)
    size = len(content)
    if size < _SHORT_FORM:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, _SHORT_FORM | len(length)]) + length + content


def children(whole: bytes) -> list[bytes]:
    """The elements that an element holds."""
    content, found = whole[_head(whole) :], []
    while content:
        end = _head(content) + _size(content)
        found.append(content[:end])
        content = content[end:]
    return found


def replaced(whole: bytes, others: Mapping[int, bytes]) -> bytes:
    """An element with some of its children replaced, by their positions."""
    kept = enumerate(children(whole))
    return element(whole[0], *(others.get(at, child) for at, child in kept))


def bits(content: bytes) -> bytes:
    """A BIT STRING of whole bytes."""
    return element(BIT_STRING, b"\0", content)


def _head(whole: bytes) -> int:
    return 2 + (whole[1] & ~_SHORT_FORM if whole[1] & _SHORT_FORM else 0)


def _size(whole: bytes) -> int:
    return int.from_bytes(whole[2 : _head(whole)]) if whole[1] & _SHORT_FORM else whole[1]
