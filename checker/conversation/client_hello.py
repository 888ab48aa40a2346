"""A hand-written ClientHello, for what OpenSSL no longer does.

It offers every cipher suite down to SSL 3.0 and reads the server's answer in clear, so it learns
the version and suite of a server with which no handshake is possible any more, and the size of
its Diffie-Hellman group (RFC 5246 section 7.4, RFC 6101).
"""

import secrets
import struct

from checker.facts import Choice
from checker.network import Stream

_HANDSHAKE = 22
_ALERT = 21
_SERVER_HELLO = 2
_SERVER_KEY_EXCHANGE = 12
_SERVER_HELLO_DONE = 14
_TLS_1_2 = 0x0303

_MAXIMUM_ANSWER = 65_536
"""Bytes of the server's flight that are read; a certificate chain fits in."""

VERSIONS = {
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
}
"""Wire numbers and OpenSSL's names."""

# IANA's numbers: everything up to TLS 1.2 but the signalling values (0x00FF, 0x5600).
_CIPHERS = [*range(0x0001, 0x00C6), *range(0xC001, 0xC0B0), *range(0xCCA8, 0xCCAF)]

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


async def say_hello(
    stream: Stream, server_name: str | None, *, diffie_hellman_only: bool = False
) -> Choice:
    """Send the hello and read the server's first flight.

    Args:
        stream: The connection after the reply to STARTTLS; it is of no use afterwards.
        server_name: Server name indication, or none.
        diffie_hellman_only: Offer only suites that show the server's Diffie-Hellman group.

    Returns:
        What the server chose; an answer that is no ServerHello counts as no choice.
    """
    ciphers = sorted(_DHE_CIPHERS) if diffie_hellman_only else _CIPHERS
    try:
        await stream.write(_client_hello(ciphers, server_name))
        return _read_flight(await _receive(stream))
    except OSError:
        return Choice()


def _client_hello(ciphers: list[int], server_name: str | None) -> bytes:
    extensions = b""
    if server_name is not None:
        host = server_name.encode("ascii")
        extensions += _extension(0, _sized(b"\0" + _sized(host)))
    # Curves x25519 and the NIST ones, uncompressed points, and every signature that is in use.
    extensions += _extension(10, _sized(bytes.fromhex("001d001700180019")))
    extensions += _extension(11, b"\1\0")
    extensions += _extension(
        13, _sized(bytes.fromhex("0403050306030804080508060401050106010303020302010202"))
    )
    extensions += _extension(0xFF01, b"\0")
    body = struct.pack("!H", _TLS_1_2) + secrets.token_bytes(32) + b"\0"
    body += _sized(b"".join(struct.pack("!H", cipher) for cipher in ciphers))
    body += b"\1\0" + _sized(extensions)
    message = b"\1" + len(body).to_bytes(3, "big") + body
    # The record bears the oldest version, so that an old server does not refuse it unread.
    return struct.pack("!BHH", _HANDSHAKE, 0x0300, len(message)) + message


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!H", number) + _sized(content)


def _sized(content: bytes) -> bytes:
    return struct.pack("!H", len(content)) + content


async def _receive(stream: Stream) -> bytes:
    """The handshake messages of the server's flight, without their records' headers."""
    received, messages = bytearray(), bytearray()
    taken = looked_at = 0
    while taken < _MAXIMUM_ANSWER:
        data = await stream.read(16_384)
        if not data:
            break
        taken += len(data)
        received += data
        if received[0] not in {_HANDSHAKE, _ALERT}:
            break
        while len(received) >= 5 and len(received) >= 5 + _length(received):  # noqa: PLR2004 - a header
            kind, length = received[0], _length(received)
            if kind != _HANDSHAKE:
                return bytes(messages)
            messages += received[5 : 5 + length]
            del received[: 5 + length]
        # Each message is looked at once: a server may send thousands of empty ones.
        while end := _end_of_message(messages, looked_at):
            if messages[looked_at] == _SERVER_HELLO_DONE:
                return bytes(messages)
            looked_at = end
    return bytes(messages)


def _length(record: bytes | bytearray) -> int:
    return int.from_bytes(record[3:5], "big")


def _end_of_message(messages: bytes | bytearray, position: int) -> int:
    """Where the handshake message that begins at a position ends; 0 where it is incomplete."""
    if position + 4 > len(messages):
        return 0
    end = position + 4 + int.from_bytes(messages[position + 1 : position + 4], "big")
    return end if end <= len(messages) else 0


def _split(messages: bytes) -> list[tuple[int, bytes]]:
    """Handshake messages as type and body; an incomplete last one is left out."""
    found = []
    position = 0
    while end := _end_of_message(messages, position):
        found.append((messages[position], messages[position + 4 : end]))
        position = end
    return found


def _read_flight(messages: bytes) -> Choice:
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
