"""A certificate's extensions and names where the library reads none of them for one odd part.

DER (ITU-T X.690) as far as RFC 5280 needs it. What cannot be read is left out, piece by piece: no
sender refuses a certificate for an odd entry beside the right one. Pure.
"""

import functools
from collections.abc import Iterator, Sequence
from itertools import islice

_SEQUENCE = 0x30
_BOOLEAN = 0x01
_OBJECT_IDENTIFIER = 0x06
_OCTET_STRING = 0x04
_BIT_STRING = 0x03
_EXTENSIONS = 0xA3
_VERSION = 0xA0
_DNS_NAME, _URI, _IP_ADDRESS, _OTHER_NAME = 0x82, 0x86, 0x87, 0xA0
_WIDE_TEXTS = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}
"""BMPString and UniversalString."""

_COMMON_NAME = bytes.fromhex("550403")
_SERVICE_NAME = bytes.fromhex("2b06010505070807")
"""id-on-dnsSRV (RFC 4985)."""
_SUBJECT_ALTERNATIVE_NAME = bytes.fromhex("551d11")
_NAME_CONSTRAINTS = bytes.fromhex("551d1e")
_PERMITTED, _EXCLUDED = 0xA0, 0xA1
_POLICY_CONSTRAINTS = bytes.fromhex("551d24")
_KEY_USAGE = bytes.fromhex("551d0f")
_RSA_PSS = bytes.fromhex("2a864886f70d01010a")
_PSS_HASH, _PSS_MASK, _PSS_SALT = 0xA0, 0xA1, 0xA2
_LENGTHS_OF_SHA_2 = {
    bytes.fromhex(f"60864801650304020{number}"): length
    for number, length in ((1, 32), (2, 48), (3, 64))
}
"""Bytes of the digests of SHA-256, SHA-384 and SHA-512, by their object identifiers."""
_EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")

_VALIDITY_FIELD, _KEY_FIELD = 3, 5

KEPT = 64
"""Certificates whose parts are known: each is asked several times for what stands in it."""

Names = Sequence[tuple[int, bytes]]
"""Tags and contents of general names."""

Row = Sequence[tuple[int, bytes]] | None
"""The same of whatever stands in a row; none where not all of it can be read."""

_LONG_FORM = 0x80
_FOUR_BYTES = 4


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The tags and contents of what stands in a row; it ends where nothing can be read any more."""
    return ((tag, content[start:end]) for tag, start, end in _places(content))


def row(content: bytes) -> Row:
    """The same, where all of it can be read; else none."""
    places = list(_places(content))
    reached = places[-1][2] if places else 0
    if reached < len(content):
        return None
    return [(tag, content[start:end]) for tag, start, end in places]


def _places(content: bytes) -> Iterator[tuple[int, int, int]]:
    """The tags of what stands in a row, and where each content begins and ends."""
    position = 0
    while position + 2 <= len(content):
        tag, length = content[position], content[position + 1]
        position += 2
        if length & _LONG_FORM:
            size = length & 0x7F
            if not 0 < size <= _FOUR_BYTES:
                return
            length = int.from_bytes(content[position : position + size], "big")
            position += size
        if position + length > len(content):
            return
        yield tag, position, position + length
        position += length


def element(tag: int, content: bytes) -> bytes:
    """One element, as it is written."""
    return bytes([tag]) + _length(len(content)) + content


@functools.lru_cache(KEPT)
def _certificate_fields(certificate: bytes) -> Sequence[tuple[int, bytes]]:
    """The fields of a TBSCertificate (RFC 5280 section 4.1), without the version."""
    for _, whole in elements(certificate):
        for tag, signed in elements(whole):
            if tag == _SEQUENCE:
                return [field for field in elements(signed) if field[0] != _VERSION]
            break
        break
    return []


@functools.lru_cache(KEPT)
def _extensions(certificate: bytes) -> Sequence[Sequence[tuple[int, bytes]]]:
    return [
        list(elements(one))
        for tag, content in _certificate_fields(certificate)
        if tag == _EXTENSIONS
        for _, whole in elements(content)
        for _, one in elements(whole)
    ]


def extension(certificate: bytes, identifier: bytes) -> bytes | None:
    """The value of an extension, the first where it is doubled; none where it is absent.

    Args:
        certificate: DER.
        identifier: The content of its object identifier.
    """
    for parts in _extensions(certificate):
        if parts and parts[0] == (_OBJECT_IDENTIFIER, identifier):
            values = [value for kind, value in parts if kind == _OCTET_STRING]
            return values[0] if values else None
    return None


def has_critical_policy_constraints(certificate: bytes) -> bool:
    """Whether it wants policies in what it has issued, and nobody to pass over that (RFC 5280)."""
    critical, identifier = (_BOOLEAN, b"\xff"), (_OBJECT_IDENTIFIER, _POLICY_CONSTRAINTS)
    return any(identifier in parts and critical in parts for parts in _extensions(certificate))


def has_doubled_extension(certificate: bytes) -> bool:
    """Whether an extension stands there twice (RFC 5280 section 4.2 forbids it)."""
    found = [parts[0] for parts in _extensions(certificate) if parts]
    return len(found) > len(set(found))


def has_odd_pss(certificate: bytes) -> bool:
    """Whether it is signed with RSASSA-PSS (RFC 4055), and not as TLS 1.3 has it.

    There one of SHA-256, SHA-384 and SHA-512 makes the digest and the mask, and the salt is as long
    as the digest (RFC 8446 section 4.2.3).
    """
    fields = _certificate_fields(certificate)
    signature = list(elements(fields[1][1])) if len(fields) > 1 else []
    if not signature or signature[0] != (_OBJECT_IDENTIFIER, _RSA_PSS):
        return False
    parameters = dict(elements(signature[1][1])) if len(signature) > 1 else {}
    hashed = [
        content
        for _, whole in elements(parameters.get(_PSS_HASH, b""))
        for _, content in islice(elements(whole), 1)
    ]
    masked = [
        content
        for _, whole in elements(parameters.get(_PSS_MASK, b""))
        for _, generator in islice(elements(whole), 1, 2)
        for _, content in islice(elements(generator), 1)
    ]
    salts = [int.from_bytes(salt) for _, salt in elements(parameters.get(_PSS_SALT, b""))]
    # What is left out is SHA-1.
    lengths = [_LENGTHS_OF_SHA_2.get(one) for one in hashed]
    return not hashed or hashed != masked or salts != lengths


def signed_content(certificate: bytes) -> bytes:
    """Its TBSCertificate (RFC 5280 section 4.1.1.1); nothing where it cannot be found."""
    whole = next((content for _, content in elements(certificate)), b"")
    return next((element(*signed) for signed in elements(whole)), b"")


def validity(certificate: bytes) -> Sequence[tuple[int, bytes]]:
    """The tags and texts of its two dates (RFC 5280 section 4.1.2.5); nothing without them."""
    fields = _certificate_fields(certificate)
    return list(elements(fields[_VALIDITY_FIELD][1])) if len(fields) > _VALIDITY_FIELD else []


def public_key(certificate: bytes) -> bytes:
    """Its SubjectPublicKeyInfo as it stands there; nothing where it cannot be found."""
    fields = _certificate_fields(certificate)
    if len(fields) <= _KEY_FIELD:
        return b""
    return element(_SEQUENCE, fields[_KEY_FIELD][1])


def _length(size: int) -> bytes:
    if size < _LONG_FORM:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([_LONG_FORM | len(digits)]) + digits


def has_compressed_key(certificate: bytes) -> bool:
    """Whether the key is a point on an elliptic curve in its compressed form (SEC 1, 2.3.3)."""
    fields = _certificate_fields(certificate)
    # After serial number, signature, issuer, validity and subject.
    key = list(elements(fields[5][1])) if len(fields) > _KEY_FIELD else []
    algorithm = list(elements(key[0][1])) if key else []
    is_ec = bool(algorithm) and algorithm[0] == (_OBJECT_IDENTIFIER, _EC_PUBLIC_KEY)
    # The first byte of the bit string counts unused bits.
    return is_ec and len(key) > 1 and key[1][1][1:2] in {b"\x02", b"\x03"}


def _general_names(certificate: bytes) -> list[tuple[int, bytes]]:
    """The tags and contents of the alternative names of the subject."""
    value = extension(certificate, _SUBJECT_ALTERNATIVE_NAME) or b""
    return [name for _, whole in elements(value) for name in elements(whole)]


def dns_names(certificate: bytes) -> list[bytes]:
    """The DNS names among the alternative names of the subject."""
    return [content for tag, content in _general_names(certificate) if tag == _DNS_NAME]


def has_other_identities(certificate: bytes) -> bool:
    """Whether an address, a URI or a service stands among the alternative names."""
    service = (_OBJECT_IDENTIFIER, _SERVICE_NAME)
    return any(
        tag in {_URI, _IP_ADDRESS} or (tag == _OTHER_NAME and service in elements(content))
        for tag, content in _general_names(certificate)
    )


def kinds_of_names(certificate: bytes) -> frozenset[int]:
    """The tags of the alternative names of the subject (GeneralName, RFC 5280 section 4.2.1.6)."""
    return frozenset(tag for tag, _ in _general_names(certificate))


def name_constraints(certificate: bytes) -> tuple[Names, Names]:
    """The names that an authority is for, and those that it is not for (RFC 5280, 4.2.1.10)."""
    value = extension(certificate, _NAME_CONSTRAINTS) or b""
    found: dict[int, list[tuple[int, bytes]]] = {_PERMITTED: [], _EXCLUDED: []}
    for _, whole in elements(value):
        for kind, subtrees in elements(whole):
            for _, subtree in elements(subtrees):
                found.get(kind, []).extend(islice(elements(subtree), 1))
    return found[_PERMITTED], found[_EXCLUDED]


def common_names(certificate: bytes, unread: frozenset[int] = frozenset()) -> list[bytes]:
    """The common names of the subject; those that are not written in bytes, as UTF-8.

    Args:
        certificate: DER.
        unread: Tags of kinds of text that are left out.
    """
    fields = _certificate_fields(certificate)
    # Serial number, signature, issuer, validity, subject.
    subject = fields[4][1] if len(fields) > _FOUR_BYTES else b""
    found = []
    for _, relative in elements(subject):
        for _, attribute in elements(relative):
            parts = list(elements(attribute))
            is_name = len(parts) > 1 and parts[0] == (_OBJECT_IDENTIFIER, _COMMON_NAME)
            if is_name and parts[1][0] not in unread:
                found.append(_in_bytes(*parts[1]))
    return found


def _in_bytes(tag: int, text: bytes) -> bytes:
    encoding = _WIDE_TEXTS.get(tag)
    return text.decode(encoding, "replace").encode() if encoding else text


def key_usage(certificate: bytes) -> int | None:
    """The first eight bits of the key usage (RFC 5280 section 4.2.1.3); none where it is absent.

    The highest is digitalSignature, the next but one keyEncipherment.
    """
    value = extension(certificate, _KEY_USAGE)
    for tag, bits in elements(value or b""):
        if tag == _BIT_STRING and len(bits) > 1:
            return bits[1]
    return None
