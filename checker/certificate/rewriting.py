"""Certificates that senders read and the library does not, written as the library reads them. Pure.

The library wants what RFC 5280 wants. OpenSSL and GnuTLS look away where a version is higher than
there is one, where an extension says that it is not critical, where an algorithm has a parameter
too many, and GnuTLS where a date is odd; OpenSSL tells of such dates where it verifies.
"""

from collections.abc import Iterator, Sequence

from checker.certificate import dates, der

_SEQUENCE, _BOOLEAN, _INTEGER, _OBJECT_IDENTIFIER, _NULL = 0x30, 0x01, 0x02, 0x06, 0x05
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_LAST_VERSION = 2
"""That of version 3."""

_ECDSA_WITH = bytes.fromhex("2a8648ce3d04")
"""Begins the object identifiers of ECDSA's signatures, which have no parameters (RFC 5758)."""

_PARTS = 3
_SIGNATURE, _VALIDITY = 1, 3
"""Where they stand in a TBSCertificate, counted without the version."""

_Elements = Sequence[tuple[int, bytes]]


def rewritten(certificate: bytes) -> bytes:
    """The same certificate, as far as it can be written so; its signature no longer fits.

    Args:
        certificate: As it was sent.
    """
    (tag, whole), *behind = der.row(certificate) or [(0, b"")]
    parts = der.row(whole)
    if tag != _SEQUENCE or behind or parts is None or len(parts) != _PARTS:
        return certificate
    (_, body), (_, algorithm), signature = parts
    fields = der.row(body)
    if fields is None:
        return certificate
    signed = b"".join(der.element(*field) for field in _fields(fields))
    algorithm = _algorithm(algorithm)
    written = ((_SEQUENCE, signed), (_SEQUENCE, algorithm), signature)
    return der.element(_SEQUENCE, b"".join(der.element(*part) for part in written))


def _fields(fields: _Elements) -> Iterator[tuple[int, bytes]]:
    first = 1 if fields and fields[0][0] == _VERSION else 0
    for at, (tag, content) in enumerate(fields, -first):
        if tag == _VERSION:
            yield tag, _version(content)
        elif tag == _EXTENSIONS:
            yield tag, _extensions(content)
        elif at == _SIGNATURE:
            yield tag, _algorithm(content)
        elif at == _VALIDITY:
            yield tag, b"".join(der.element(*_date(*date)) for date in der.elements(content))
        else:
            yield tag, content


def _version(content: bytes) -> bytes:
    number = next((value for _, value in der.elements(content)), b"")
    is_higher = int.from_bytes(number, "big", signed=True) > _LAST_VERSION
    return der.element(_INTEGER, bytes([_LAST_VERSION])) if is_higher else content


def _algorithm(content: bytes) -> bytes:
    parts = list(der.elements(content))
    if len(parts) > 1 and parts[0][0] == _OBJECT_IDENTIFIER and parts[1] == (_NULL, b""):
        identifier = parts[0][1]
        if identifier.startswith(_ECDSA_WITH):
            return der.element(_OBJECT_IDENTIFIER, identifier)
    return content


def _date(tag: int, text: bytes) -> tuple[int, bytes]:
    moment = dates.read(tag, text)
    return (tag, text) if moment is None else dates.written(moment)


def _extensions(content: bytes) -> bytes:
    return b"".join(
        der.element(tag, b"".join(der.element(*_extension(one)) for one in der.elements(whole)))
        for tag, whole in der.elements(content)
    )


def _extension(one: tuple[int, bytes]) -> tuple[int, bytes]:
    tag, content = one
    kept = [part for part in der.elements(content) if not _is_false(*part)]
    parts = ((kind, b"\xff" if kind == _BOOLEAN else value) for kind, value in kept)
    return tag, b"".join(der.element(*part) for part in parts)


def _is_false(tag: int, content: bytes) -> bool:
    """Whether it says what holds unless it is said."""
    return tag == _BOOLEAN and not any(content)
