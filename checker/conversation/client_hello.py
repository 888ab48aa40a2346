"""A hand-written ClientHello, for what OpenSSL no longer does.

It offers every cipher suite down to SSL 3.0 and reads the server's answer in clear, so it learns
the version and suite of a server with which no handshake is possible any more, and the size of
its Diffie-Hellman group (RFC 5246 section 7.4, RFC 6101).
"""

import secrets
import struct

from checker.conversation.flight import (
    SERVER_HELLO_DONE,
    end_of_message,
    length,
    read_flight,
)
from checker.facts import Choice
from checker.network import Stream

_HANDSHAKE = 22
_ALERT = 21
_TLS_1_2 = 0x0303

_MAXIMUM_ANSWER = 65_536
"""Bytes of the server's flight that are read; a certificate chain fits in."""

# IANA's numbers: everything up to TLS 1.2 but the signalling values (0x00FF, 0x5600).
_CIPHERS = [*range(0x0001, 0x00C6), *range(0xC001, 0xC0B0), *range(0xCCA8, 0xCCAF)]


async def say_hello(stream: Stream, server_name: str | None) -> Choice:
    """Send the hello and read the server's first flight.

    Args:
        stream: The connection after the reply to STARTTLS; it is of no use afterwards.
        server_name: Server name indication, or none.

    Returns:
        What the server chose; an answer that is no ServerHello counts as no choice.
    """
    try:
        await stream.write(_client_hello(server_name))
        return read_flight(await _receive(stream))
    except OSError:
        return Choice()


def _client_hello(server_name: str | None) -> bytes:
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
    body += _sized(b"".join(struct.pack("!H", cipher) for cipher in _CIPHERS))
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
        while len(received) >= 5 and len(received) >= 5 + length(received):  # noqa: PLR2004 - a header
            kind, size = received[0], length(received)
            if kind != _HANDSHAKE:
                return bytes(messages)
            messages += received[5 : 5 + size]
            del received[: 5 + size]
        # Each message is looked at once: a server may send thousands of empty ones.
        while end := end_of_message(messages, looked_at):
            if messages[looked_at] == SERVER_HELLO_DONE:
                return bytes(messages)
            looked_at = end
    return bytes(messages)
