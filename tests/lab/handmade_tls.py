"""The server's side of a TLS handshake up to ServerHelloDone, for what OpenSSL no longer does.

No handshake is ever finished: a client either gives up on what it sees or learns it and goes.
"""

import secrets
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SSL_3 = 0x0300
TLS_1_2 = 0x0303
RSA_WITH_3DES = (0x000A,)
RSA_WITH_AES = (0x002F, 0x0035, 0x000A)
DHE_RSA_WITH_AES = (0x009E, 0x009F, 0x0067, 0x006B, 0x0033, 0x0039)

# A safe prime of 512 bits, and 2 generates its group.
_DH_512 = int(
    "fc918e466b76211d49af400069a6c7cad29a9d4adf04c1f4a1fdd3dcf669c27d"
    "a77c079f5c44b1bd9b82986f3cc2b5159bf41338b8c964a806ba5a638214ac6f",
    16,
)
_RSA_WITH_SHA256 = 0x0401
_RENEGOTIATION_INFO = bytes.fromhex("ff01000100")
ALERT, HANDSHAKE = 21, 22
_HANDSHAKE_FAILURE, _PROTOCOL_VERSION = 40, 70
_CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, _KEY_EXCHANGE, HELLO_DONE = 1, 2, 11, 12, 14


@dataclass(frozen=True, slots=True)
class _ClientHello:
    version: int
    random: bytes
    ciphers: tuple[int, ...]


async def answer_client_hello(
    reader: StreamReader,
    writer: StreamWriter,
    key_and_chain: bytes,
    *,
    version: int,
    ciphers: Sequence[int],
) -> None:
    """Answer a ClientHello with a flight that holds the given version and one of the ciphers."""
    hello = await _read_client_hello(reader)
    common = [cipher for cipher in ciphers if cipher in hello.ciphers]
    if hello.version < version:
        writer.write(_alert(version, _PROTOCOL_VERSION))
    elif not common:
        writer.write(_alert(version, _HANDSHAKE_FAILURE))
    else:
        writer.write(_flight(hello, key_and_chain, version, common[0]))
    await writer.drain()
    await reader.read()


def _flight(hello: _ClientHello, key_and_chain: bytes, version: int, cipher: int) -> bytes:
    random = secrets.token_bytes(32)
    server_hello = uint(version, 2) + random + b"\0" + uint(cipher, 2) + b"\0"
    if version > SSL_3:
        server_hello += vector(_RENEGOTIATION_INFO, 2)
    messages = [message(SERVER_HELLO, server_hello), certificates(key_and_chain)]
    if cipher in DHE_RSA_WITH_AES:
        messages.append(message(_KEY_EXCHANGE, _key_exchange(hello.random + random, key_and_chain)))
    messages.append(message(HELLO_DONE, b""))
    return record(HANDSHAKE, version, b"".join(messages))


def certificates(key_and_chain: bytes) -> bytes:
    """The message with the certificates (RFC 5246 section 7.4.2)."""
    chain = [
        vector(certificate.public_bytes(serialization.Encoding.DER), 3)
        for certificate in x509.load_pem_x509_certificates(key_and_chain)
    ]
    return message(CERTIFICATE, vector(b"".join(chain), 3))


def _key_exchange(randoms: bytes, key_and_chain: bytes) -> bytes:
    key = serialization.load_pem_private_key(key_and_chain, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    public = pow(2, secrets.randbelow(_DH_512), _DH_512)
    parameters = b"".join(vector(uint(number, 64), 2) for number in (_DH_512, 2, public))
    signature = key.sign(randoms + parameters, padding.PKCS1v15(), hashes.SHA256())
    return parameters + uint(_RSA_WITH_SHA256, 2) + vector(signature, 2)


async def _read_client_hello(reader: StreamReader) -> _ClientHello:
    head = await reader.readexactly(5)
    body = await reader.readexactly(int.from_bytes(head[3:]))
    if head[0] != HANDSHAKE or body[0] != _CLIENT_HELLO:
        raise ConnectionError("what came is no ClientHello")
    version, random = int.from_bytes(body[4:6]), body[6:38]
    session_end = 39 + body[38]
    ciphers_begin = session_end + 2
    length = int.from_bytes(body[session_end:ciphers_begin])
    numbers = body[ciphers_begin : ciphers_begin + length]
    ciphers = [int.from_bytes(numbers[at : at + 2]) for at in range(0, length, 2)]
    return _ClientHello(version, random, tuple(ciphers))


def uint(number: int, size: int) -> bytes:
    """A number of so many bytes."""
    return number.to_bytes(size)


def vector(content: bytes, size: int) -> bytes:
    """Content with its length before it."""
    return uint(len(content), size) + content


def message(kind: int, content: bytes) -> bytes:
    """A message of the handshake."""
    return uint(kind, 1) + vector(content, 3)


def record(kind: int, version: int, content: bytes) -> bytes:
    """A record (RFC 5246 section 6.2.1)."""
    return uint(kind, 1) + uint(version, 2) + vector(content, 2)


def _alert(version: int, description: int) -> bytes:
    fatal = 2
    return record(ALERT, version, bytes([fatal, description]))
