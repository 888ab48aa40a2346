"""Mail servers that flood whoever speaks TLS with them; each flood is one that OpenSSL takes.

A flood is written by hand with the keys of an ordinary connection, for no library would send it.
"""

import hmac
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from OpenSSL import SSL

_CHANGE_CIPHER_SPEC, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_TLS_1_2 = 0x0303
_HELLO_REQUEST = b"\0\0\0\0"
_NO_RENEGOTIATION = b"\1\x64"
_KEY_UPDATE = b"\x18\0\0\1"
_TICKET = bytes.fromhex("040000120000010000000000010000047469636b0000")


class Inside:
    """The server's side of a finished handshake: what it encrypts from now on."""

    def __init__(self, connection: SSL.Connection, secret: bytes, sent: int) -> None:
        """Take the keys over.

        Args:
            connection: Whose handshake is done.
            secret: SERVER_TRAFFIC_SECRET_0 (RFC 8446 section 7.1); nothing up to TLS 1.2.
            sent: Records that it has encrypted with its present key.
        """
        self._modern = bool(secret)
        self._sequence = sent
        if secret:
            self._renew(secret)
            return
        master, own, theirs = (
            connection.master_key(),
            connection.server_random(),
            connection.client_random(),
        )
        assert master and own and theirs  # noqa: PT018 - the handshake is done
        block = _expand_1_2(master, b"key expansion" + own + theirs, 40)
        self._cipher, self._nonce = AESGCM(block[16:32]), block[36:40]

    def _renew(self, secret: bytes) -> None:
        self._secret = secret
        self._cipher = AESGCM(_expand_1_3(secret, b"key", 16))
        self._nonce = _expand_1_3(secret, b"iv", 12)

    def record(self, kind: int, content: bytes) -> bytes:
        """One encrypted record (RFC 8446 section 5.2, RFC 5288)."""
        number, self._sequence = self._sequence.to_bytes(8, "big"), self._sequence + 1
        if not self._modern:
            head = struct.pack("!BHH", kind, _TLS_1_2, 24 + len(content))
            bound = number + head[:3] + len(content).to_bytes(2, "big")
            return head + number + self._cipher.encrypt(self._nonce + number, content, bound)
        head = struct.pack("!BHH", _DATA, _TLS_1_2, len(content) + 17)
        nonce = bytes(a ^ b for a, b in zip(self._nonce, b"\0" * 4 + number, strict=True))
        return head + self._cipher.encrypt(nonce, content + bytes([kind]), head)

    def key_update(self, *, requested: bool) -> bytes:
        """One KeyUpdate (RFC 8446 section 4.6.3), and a new key from then on."""
        said = self.record(_HANDSHAKE, _KEY_UPDATE + bytes([requested]))
        self._renew(_expand_1_3(self._secret, b"traffic upd", 32))
        self._sequence = 0
        return said


@dataclass(frozen=True, slots=True)
class Flood:
    """What is said without end, once a handshake is done.

    Attributes:
        version: Of TLS.
        say: The next bit of it.
    """

    version: int
    say: Callable[[Inside], bytes]


def _modern(say: Callable[[Inside], bytes]) -> Flood:
    return Flood(SSL.TLS1_3_VERSION, say)


def _old(say: Callable[[Inside], bytes]) -> Flood:
    return Flood(SSL.TLS1_2_VERSION, say)


FLOODS: Mapping[str, Flood] = {
    "key-updates": _modern(lambda inside: inside.key_update(requested=False)),
    "requested-key-updates": _modern(lambda inside: inside.key_update(requested=True)),
    "tickets": _modern(lambda inside: inside.record(_HANDSHAKE, _TICKET * 500)),
    "single-tickets": _modern(lambda inside: inside.record(_HANDSHAKE, _TICKET)),
    "single-bytes": _modern(lambda inside: inside.record(_DATA, b"2")),
    "empty-records": _modern(lambda inside: inside.record(_DATA, b"")),
    "hello-requests": _old(lambda inside: inside.record(_HANDSHAKE, _HELLO_REQUEST * 4_000)),
    "single-hello-requests": _old(lambda inside: inside.record(_HANDSHAKE, _HELLO_REQUEST)),
    "single-bytes-old": _old(lambda inside: inside.record(_DATA, b"2")),
    "warnings": _old(lambda inside: inside.record(_ALERT, _NO_RENEGOTIATION)),
}
"""By their names."""

EARLY_HELLO_REQUESTS = struct.pack("!BHH", _HANDSHAKE, _TLS_1_2, 16_000) + _HELLO_REQUEST * 4_000
"""A record to be said again and again in place of a handshake; a client has to pass over it."""


class FloodingServer:
    """The server's side of a connection, from the ClientHello on, in memory."""

    def __init__(self, chain_file: Path, flood: Flood) -> None:
        """Prepare a server.

        Args:
            chain_file: Its key and certificates.
            flood: What it says.
        """
        self._flood = flood
        self._secrets: dict[bytes, bytes] = {}
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(flood.version)
        context.set_max_proto_version(flood.version)
        context.set_cipher_list(b"ECDHE+AES128+AESGCM")
        context.set_tls13_ciphersuites(b"TLS_AES_128_GCM_SHA256")
        context.use_certificate_chain_file(str(chain_file))
        context.use_privatekey_file(str(chain_file))
        context.set_keylog_callback(self._note)
        self._own = SSL.Connection(context, None)
        self._own.set_accept_state()
        self._inside: Inside | None = None

    def hear(self, data: bytes) -> bytes:
        """Take what the client says; the answer, as long as the handshake goes on."""
        if self._inside is not None:
            return b""
        self._own.bio_write(data)
        try:
            self._own.do_handshake()
        except SSL.WantReadError:
            return self._said()
        last = self._said()
        self._inside = self._take_over(last)
        return last

    def flood(self) -> bytes:
        """The next bit of the flood; nothing before the handshake is done."""
        return self._flood.say(self._inside) if self._inside is not None else b""

    def _note(self, _connection: SSL.Connection, line: bytes) -> None:
        label, _, secret = line.split()
        self._secrets[label] = bytes.fromhex(secret.decode())

    def _said(self) -> bytes:
        said = b""
        while True:
            try:
                said += self._own.bio_read(65_536)
            except SSL.WantReadError:
                return said

    def _take_over(self, last: bytes) -> Inside:
        if self._flood.version == SSL.TLS1_2_VERSION:
            # Its Finished is encrypted already.
            return Inside(self._own, b"", 1)
        tickets = position = 0
        while position < len(last):
            position += 5 + int.from_bytes(last[position + 3 : position + 5])
            tickets += 1
        return Inside(self._own, self._secrets[b"SERVER_TRAFFIC_SECRET_0"], tickets)


def _expand_1_3(secret: bytes, label: bytes, length: int) -> bytes:
    name = b"tls13 " + label
    info = struct.pack("!HB", length, len(name)) + name + b"\0"
    return hmac.digest(secret, info + b"\1", sha256)[:length]


def _expand_1_2(secret: bytes, seed: bytes, length: int) -> bytes:
    output, last = b"", seed
    while len(output) < length:
        last = hmac.digest(secret, last, sha256)
        output += hmac.digest(secret, last + seed, sha256)
    return output[:length]
