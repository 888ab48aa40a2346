"""TLS 1.2 as it was before RFC 5746, which no library does any longer: no renegotiation_info.

There is one cipher, TLS_RSA_WITH_AES_128_GCM_SHA256, and no extension. A connection looks like one
of Python's own.
"""

import hashlib
import hmac
import secrets
import ssl
from collections.abc import Generator

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.lab.handmade_tls import (
    ALERT,
    HANDSHAKE,
    HELLO_DONE,
    SERVER_HELLO,
    TLS_1_2,
    certificates,
    message,
    record,
    uint,
)

_CIPHER = 0x009C
_CHANGE_CIPHER_SPEC, _APPLICATION_DATA, _FINISHED = 20, 23, 20
_RECORD_HEAD, _MESSAGE_HEAD, _RECORD_SIZE = 5, 4, 16384
_CLOSE_NOTIFY = bytes([1, 0])


class _Direction:
    """Encryption of one direction (RFC 5288)."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._cipher = AESGCM(key)
        self._salt = salt
        self._sequence = 0

    def encrypt(self, kind: int, content: bytes) -> bytes:
        nonce = uint(self._sequence, 8)
        sealed = self._cipher.encrypt(
            self._salt + nonce, content, self._associated(kind, len(content))
        )
        return nonce + sealed

    def decrypt(self, kind: int, content: bytes) -> bytes:
        nonce, sealed = content[:8], content[8:]
        associated = self._associated(kind, len(sealed) - 16)
        return self._cipher.decrypt(self._salt + nonce, sealed, associated)

    def _associated(self, kind: int, size: int) -> bytes:
        sequence = uint(self._sequence, 8)
        self._sequence += 1
        return sequence + uint(kind, 1) + uint(TLS_1_2, 2) + uint(size, 2)


class Connection:
    """The server's side of a connection, with the methods of ``ssl.SSLObject``."""

    _reads: _Direction
    _writes: _Direction

    def __init__(
        self, key_and_chain: bytes, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
    ) -> None:
        """Take what comes from one buffer, and leave what is to be sent in the other."""
        self._key_and_chain = key_and_chain
        self._incoming = incoming
        self._outgoing = outgoing
        self._unread = b""
        self._handshake = self._shake_hands()

    def do_handshake(self) -> None:
        """Go on with the handshake."""
        for _ in self._handshake:
            raise ssl.SSLWantReadError

    def read(self, _: int) -> bytes:
        """Read what has come; nothing after a farewell."""
        received = self._next_record()
        if received is None:
            raise ssl.SSLWantReadError
        kind, content = received
        data = self._reads.decrypt(kind, content)
        return data if kind == _APPLICATION_DATA else b""

    def write(self, data: bytes) -> int:
        """Encrypt data."""
        for start in range(0, len(data), _RECORD_SIZE):
            self._send_sealed(_APPLICATION_DATA, data[start : start + _RECORD_SIZE])
        return len(data)

    def unwrap(self) -> None:
        """Say farewell."""
        self._send_sealed(ALERT, _CLOSE_NOTIFY)

    def _shake_hands(self) -> Generator[None, None, None]:
        hello = yield from self._receive()
        client_random = hello[6:38]
        server_random = secrets.token_bytes(32)
        answer = uint(TLS_1_2, 2) + server_random + b"\0" + uint(_CIPHER, 2) + b"\0"
        flight = message(SERVER_HELLO, answer) + certificates(self._key_and_chain)
        flight += message(HELLO_DONE, b"")
        self._send(HANDSHAKE, flight)
        exchange = yield from self._receive()
        secret = self._master_secret(exchange, client_random + server_random)
        yield from self._receive()
        self._derive_keys(secret, server_random + client_random)
        said = hello + flight + exchange
        finished = self._reads.decrypt(HANDSHAKE, (yield from self._receive()))
        if finished != _finished(secret, b"client finished", said):
            raise ssl.SSLError("the client's Finished does not fit")
        self._send(_CHANGE_CIPHER_SPEC, b"\1")
        self._send_sealed(HANDSHAKE, _finished(secret, b"server finished", said + finished))

    def _master_secret(self, exchange: bytes, randoms: bytes) -> bytes:
        key = serialization.load_pem_private_key(self._key_and_chain, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        encrypted = exchange[_MESSAGE_HEAD + 2 :]
        premaster = key.decrypt(encrypted, padding.PKCS1v15())
        return _expand(premaster, b"master secret" + randoms, 48)

    def _derive_keys(self, secret: bytes, randoms: bytes) -> None:
        block = _expand(secret, b"key expansion" + randoms, 40)
        self._reads = _Direction(block[:16], block[32:36])
        self._writes = _Direction(block[16:32], block[36:])

    def _receive(self) -> Generator[None, None, bytes]:
        while (received := self._next_record()) is None:
            yield
        kind, content = received
        if kind == ALERT:
            raise ssl.SSLError("the client gave up")
        return content

    def _next_record(self) -> tuple[int, bytes] | None:
        if self._incoming.eof:
            raise ssl.SSLEOFError("the client has gone")
        self._unread += self._incoming.read()
        end = _RECORD_HEAD + int.from_bytes(self._unread[3:_RECORD_HEAD])
        if len(self._unread) < max(end, _RECORD_HEAD):
            return None
        received, self._unread = self._unread[:end], self._unread[end:]
        return received[0], received[_RECORD_HEAD:]

    def _send(self, kind: int, content: bytes) -> None:
        self._outgoing.write(record(kind, TLS_1_2, content))

    def _send_sealed(self, kind: int, content: bytes) -> None:
        self._send(kind, self._writes.encrypt(kind, content))


def _finished(secret: bytes, label: bytes, said: bytes) -> bytes:
    return message(_FINISHED, _expand(secret, label + hashlib.sha256(said).digest(), 12))


def _expand(secret: bytes, seed: bytes, size: int) -> bytes:
    """The pseudorandom function (RFC 5246 section 5), with label and seed in one."""
    output, block = b"", seed
    while len(output) < size:
        block = hmac.digest(secret, block, "sha256")
        output += hmac.digest(secret, block + seed, "sha256")
    return output[:size]
