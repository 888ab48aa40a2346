"""A server's first flight, up to TLS 1.2 in clear: what it chose (RFC 5246 section 7.4). Pure."""

from collections.abc import Iterator

from checker.facts import Choice

SERVER_HELLO_DONE = 14

_CHANGE_CIPHER_SPEC, _ALERT, _HANDSHAKE = _KINDS_IN_CLEAR = 20, 21, 22
_WARNING = b"\1"
_HELLO_REQUEST, _SERVER_HELLO = 0, 2
_SERVER_KEY_EXCHANGE = 12
_HEADER = 5

VERSIONS = {
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
}
"""Wire numbers and OpenSSL's names."""

# Suites whose key exchange is Diffie-Hellman over a group that the server chooses.
_DHE_CIPHERS = frozenset(
    [
        *range(0x0011, 0x001C),
        *(0x002D, 0x0032, 0x0033, 0x0034, 0x0038, 0x0039, 0x003A, 0x0040, 0x0044, 0x0045, 0x0046),
        *(0x0067, 0x006A, 0x006B, 0x006C, 0x006D, 0x0087, 0x0088, 0x0089, 0x0099, 0x009A, 0x009B),
        *(0x009E, 0x009F, 0x00A2, 0x00A3, 0x00A6, 0x00A7, 0x00BD, 0x00BE, 0x00BF, 0x00C3, 0x00C4),
        *(0x00C5, 0xC09E, 0xC09F, 0xC0A2, 0xC0A3, 0xCCAA),
    ]
)

# Suites without a certificate, of those that encrypt with AES or Camellia.
_ANONYMOUS_CIPHERS = frozenset(
    [
        *(0x0034, 0x003A, 0x0046, 0x006C, 0x006D, 0x0089, 0x009B, 0x00A6, 0x00A7, 0x00BF, 0x00C5),
        *(0xC018, 0xC019),
    ]
)

# Suites that a sender refuses whatever its version: they encrypt nothing, prove nothing, or are
# broken (RFC 7465 for RC4, RFC 8429 for 3DES, RFC 5469 for DES, and the export suites).
_NAMES = {
    0x0001: "NULL-MD5",
    0x0002: "NULL-SHA",
    0x0004: "RC4-MD5",
    0x0005: "RC4-SHA",
    0x0009: "DES-CBC-SHA",
    0x000A: "DES-CBC3-SHA",
    0x0016: "DHE-RSA-DES-CBC3-SHA",
    0x0018: "ADH-RC4-MD5",
    0x001B: "ADH-DES-CBC3-SHA",
    0x003B: "NULL-SHA256",
    0xC006: "ECDHE-ECDSA-NULL-SHA",
    0xC007: "ECDHE-ECDSA-RC4-SHA",
    0xC008: "ECDHE-ECDSA-DES-CBC3-SHA",
    0xC010: "ECDHE-RSA-NULL-SHA",
    0xC011: "ECDHE-RSA-RC4-SHA",
    0xC012: "ECDHE-RSA-DES-CBC3-SHA",
}


def length(record: bytes | bytearray) -> int:
    """Bytes of a record's content, after its header."""
    return int.from_bytes(record[3:5], "big")


def end_of_message(messages: bytes | bytearray, position: int) -> int:
    """Where the handshake message that begins at a position ends; 0 where it is incomplete."""
    if position + 4 > len(messages):
        return 0
    end = position + 4 + int.from_bytes(messages[position + 1 : position + 4], "big")
    return end if end <= len(messages) else 0


def _split(messages: bytes) -> list[tuple[int, bytes]]:
    """Handshake messages as type and body; an incomplete last one is left out."""
    found = []
    position = 0
    while end := end_of_message(messages, position):
        found.append((messages[position], messages[position + 4 : end]))
        position = end
    return found


def read_flight(messages: bytes) -> Choice:
    """What the server chose, of handshake messages without their records' headers."""
    version = cipher = bits = None
    for kind, body in _split(messages):
        if kind == _SERVER_HELLO:
            # Version, 32 random bytes, session id with its length, then the suite.
            at = 35 + body[34] if len(body) > 34 else len(body)  # noqa: PLR2004
            if at + 2 > len(body):
                break
            version = int.from_bytes(body[:2], "big")
            cipher = int.from_bytes(body[at : at + 2], "big")
        elif kind == _SERVER_KEY_EXCHANGE and cipher in _DHE_CIPHERS:
            prime = body[2 : 2 + int.from_bytes(body[:2], "big")]
            bits = int.from_bytes(prime, "big").bit_length()
    if version is None or cipher is None:
        return Choice()
    return Choice(
        VERSIONS.get(version, f"0x{version:04X}"),
        _NAMES.get(cipher, f"0x{cipher:04X}"),
        bits,
        cipher in _ANONYMOUS_CIPHERS,
    )


def read_records(received: bytes) -> Choice:
    """The same of records as they came; what is behind the messages in clear is left out."""
    return read_flight(_messages(received))


def stray(received: bytes) -> str:
    """What came in clear, of records as they came, and is no part of a handshake.

    OpenSSL passes over a few such things, and GnuTLS over none.

    Returns:
        The first of "warning-alert", "empty-record" and "hello-request"; empty where none came.
    """
    for kind, content in _in_clear(received):
        if kind == _ALERT and content[:1] == _WARNING:
            return "warning-alert"
        if not content:
            return "empty-record"
    begun = any(kind == _HELLO_REQUEST for kind, _ in _split(_messages(received)))
    return "hello-request" if begun else ""


def _messages(received: bytes) -> bytes:
    return b"".join(content for kind, content in _in_clear(received) if kind == _HANDSHAKE)


def _in_clear(received: bytes) -> Iterator[tuple[int, bytes]]:
    """Records, up to a fatal alert, to where keys change, or to what TLS 1.3 hides."""
    position = 0
    while position + _HEADER <= len(received):
        header = received[position : position + _HEADER]
        kind, size = header[0], length(header)
        position += _HEADER
        content = received[position : position + size]
        position += size
        ends = (kind == _CHANGE_CIPHER_SPEC or not content) if size else False
        if ends or kind not in _KINDS_IN_CLEAR or (kind == _ALERT and content[:1] > _WARNING):
            return
        yield kind, content
