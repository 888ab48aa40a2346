"""Reads a ClientHello (RFC 8446 section 4.1.2) and names what two of them have not in common.

Keys and random bytes, which no two hellos share, are left out; everything else is kept.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

_HANDSHAKE = 22
_CLIENT_HELLO = 1
HEADER = 5
"""Bytes before the content of a record (RFC 8446 section 5.1)."""
_SERVER_NAME, _GROUPS, _SIGNATURE_ALGORITHMS, _ALPN = 0, 10, 13, 16
_PADDING, _SUPPORTED_VERSIONS, _KEY_SHARE = 21, 43, 51

# What else an extension says is compared as it is.
_READ = frozenset(
    {_SERVER_NAME, _GROUPS, _SIGNATURE_ALGORITHMS, _PADDING, _SUPPORTED_VERSIONS, _KEY_SHARE}
)


class NotAClientHelloError(ValueError):
    """The bytes are no whole ClientHello."""


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a ClientHello says; numbers are hexadecimal, lists stand in the order of the wire.

    Attributes:
        record_bytes: Bytes on the wire, with the record's header.
        record_version: In the record's header.
        legacy_version: In the hello.
        session_id_bytes: Length of the session id.
        compression: The methods.
        cipher_suites: The suites, with signalling values.
        extensions: Their numbers, decimal.
        server_name: Server name indication.
        supported_versions: As the extension has them; none without it.
        groups: Of the key exchange.
        key_shares: The group of each, and the bytes of its key.
        signature_algorithms: The algorithms.
        padding_bytes: What the extension holds; none without it.
        others: What every other extension says, as number and content.
    """

    record_bytes: int
    record_version: str
    legacy_version: str
    session_id_bytes: int
    compression: str
    cipher_suites: tuple[str, ...]
    extensions: tuple[str, ...]
    server_name: str | None
    supported_versions: tuple[str, ...]
    groups: tuple[str, ...]
    key_shares: tuple[str, ...]
    signature_algorithms: tuple[str, ...]
    padding_bytes: int | None
    others: tuple[str, ...]

    @property
    def ja4(self) -> str:
        """The JA4 fingerprint, as FoxIO's technical details describe it for TLS over TCP."""
        version = max(self.supported_versions, default=self.legacy_version)
        version = {"0304": "13", "0303": "12", "0302": "11", "0301": "10", "0300": "s3"}[version]
        named = "i" if self.server_name is None else "d"
        counts = f"{len(self.cipher_suites):02}{len(self.extensions):02}"
        hashed = {str(_SERVER_NAME), str(_ALPN)}
        extensions = sorted(
            f"{int(number):04x}" for number in self.extensions if number not in hashed
        )
        said = ",".join(extensions)
        if self.signature_algorithms:
            said += "_" + ",".join(self.signature_algorithms)
        suites = ",".join(sorted(self.cipher_suites))
        start = f"t{version}{named}{counts}{self._first_protocol()}"
        return f"{start}_{_digest(suites)}_{_digest(said)}"

    def _first_protocol(self) -> str:
        """First and last character of the first protocol (RFC 7301); mail servers name none."""
        for other in self.others:
            number, _, content = other.partition(":")
            if number == str(_ALPN):
                protocol = _Bytes(_Bytes(bytes.fromhex(content)).vector(2)).vector(1).decode()
                return protocol[0] + protocol[-1]
        return "00"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read(record: bytes) -> ClientHello:
    """Read one from the record that holds it.

    Args:
        record: The record with its header, and nothing behind it.

    Raises:
        NotAClientHelloError: It is none, or is not whole.
    """
    try:
        return _read(record)
    except (struct.error, IndexError) as error:
        raise NotAClientHelloError(record[:64].hex()) from error


def record_length(begin: bytes) -> int:
    """How many bytes the record has that begins so; 0 where its header is not whole."""
    return HEADER + int.from_bytes(begin[3:HEADER]) if len(begin) >= HEADER else 0


def _read(record: bytes) -> ClientHello:
    kind, record_version, length = struct.unpack_from("!B2sH", record)
    message = record[HEADER:]
    if kind != _HANDSHAKE or length != len(message) or message[0] != _CLIENT_HELLO:
        raise NotAClientHelloError(record[:64].hex())
    rest = _Bytes(message[1:]).vector(3)
    hello = _Bytes(rest)
    legacy_version = hello.take(2)
    hello.take(32)
    session_id = hello.vector(1)
    suites = hello.vector(2)
    compression = hello.vector(1)
    found = tuple(_extensions(hello.vector(2))) if hello.left else ()
    by_number = dict(found)
    padding = by_number.get(_PADDING)
    name = by_number.get(_SERVER_NAME)
    versions = by_number.get(_SUPPORTED_VERSIONS, b"\0")
    shares = _Bytes(by_number.get(_KEY_SHARE, b"\0\0")).vector(2)
    return ClientHello(
        record_bytes=len(record),
        record_version=record_version.hex(),
        legacy_version=legacy_version.hex(),
        session_id_bytes=len(session_id),
        compression=compression.hex(),
        cipher_suites=_pairs(suites),
        extensions=tuple(str(number) for number, _ in found),
        # A list of one name, whose type is 0 (RFC 6066 section 3).
        server_name=None if name is None else name[5:].decode("ascii"),
        supported_versions=_pairs(_Bytes(versions).vector(1)),
        groups=_pairs(_Bytes(by_number.get(_GROUPS, b"\0\0")).vector(2)),
        key_shares=tuple(f"{number:04x}({len(key)})" for number, key in _extensions(shares)),
        signature_algorithms=_pairs(
            _Bytes(by_number.get(_SIGNATURE_ALGORITHMS, b"\0\0")).vector(2)
        ),
        padding_bytes=None if padding is None else len(padding),
        others=tuple(
            f"{number}:{content.hex()}" for number, content in sorted(found) if number not in _READ
        ),
    )


def _extensions(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers with what belongs to them; key shares are written like extensions."""
    rest = _Bytes(content)
    while rest.left:
        yield int.from_bytes(rest.take(2)), rest.vector(2)


def _pairs(content: bytes) -> tuple[str, ...]:
    return tuple(content[at : at + 2].hex() for at in range(0, len(content), 2))


class _Bytes:
    """Bytes that are taken from the front."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def left(self) -> bool:
        return self._at < len(self._content)

    def take(self, length: int) -> bytes:
        taken = self._content[self._at : self._at + length]
        if len(taken) < length:
            raise IndexError(length)
        self._at += length
        return taken

    def vector(self, prefix: int) -> bytes:
        """What is written behind its own length (RFC 8446 section 3.4)."""
        return self.take(int.from_bytes(self.take(prefix)))


def differences(ours: ClientHello, theirs: ClientHello) -> dict[str, str]:
    """What is not the same, by the field's name."""
    return {
        field.name: f"{_shown(our)} != {_shown(their)}"
        for field in fields(ClientHello)
        if (our := getattr(ours, field.name)) != (their := getattr(theirs, field.name))
    }


def _shown(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def to_json(hello: ClientHello) -> dict[str, object]:
    """As it is kept in a file: lists as one text."""
    return {
        name: " ".join(value) if isinstance(value, tuple) else value
        for name, value in asdict(hello).items()
    }


def from_json(document: dict[str, object]) -> ClientHello:
    """The same the other way round."""
    return ClientHello(
        **{
            name: tuple(str(value).split()) if field_type.startswith("tuple") else value
            for (name, value), field_type in zip(
                document.items(), (str(f.type) for f in fields(ClientHello)), strict=True
            )
        }  # type: ignore[arg-type]
    )
