"""One TLS handshake over an open connection, and all that it shows.

pyOpenSSL works on memory here, so that the bytes travel through the same stream as SMTP's. The
verification never ends a handshake: every error is recorded, and what it means is for others.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cryptography import x509
from OpenSSL import SSL, crypto

from checker.certificate.encoded import load_certificate
from checker.conversation.elsewhere import Effort, elsewhere
from checker.conversation.flight import read_records, stray
from checker.conversation.imitation import begin
from checker.conversation.records import Records
from checker.conversation.trust import Trust
from checker.facts import Failure, Handshake, PathError
from checker.network import Stream, TlsAlertError, TlsFloodError
from checker.network.addresses import is_ip_address
from checker.senders.hello import Rules
from checker.tls_version import TlsVersion

_CHUNK = 16_384
_KEPT_FLIGHT = 65_536

_MOST_BYTES = 131_072
_MOST_RECORDS = 256
"""Of a handshake, and of all that is read after it. OpenSSL takes 102,400 bytes of certificates."""

_MOST_IDLE = 16_384
"""Bytes after the handshake that say nothing: session tickets, new keys, requests for a hello."""

_MOST_RENEGOTIATIONS = 1

_HANDSHAKE_RECORD = b"\x16"
"""Begins a record up to TLS 1.2 that renews the handshake."""

_NAMED = 16
"""Certificates whose authorities are looked up; who looks for them goes no longer way."""

_LIGHT = 4_096
"""Bytes in which there is nothing to work on for long, but for a large group."""

_LIGHT_WORK, _LONG_WORK = 0.03, 0.1
"""Seconds of processor time for the path of the certificates; usually it takes a thousandth."""

_LARGE_GROUP = 2_048
"""Bits of a Diffie-Hellman group that cost no noticeable time."""

# Part of the name of OpenSSL's state after it has read one.
_CERTIFICATE_REQUEST = b"certificate request"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a client hello offers.

    Attributes:
        minimum: Lowest version.
        maximum: Highest version.
        server_name: Server name indication (RFC 6066 section 3), or none.
        rules: Those of the sender whose hello it is, to the letter; without them everything that
            OpenSSL still knows.
    """

    minimum: TlsVersion
    maximum: TlsVersion
    server_name: str | None = None
    rules: Rules | None = None


class _Engine:
    """A TLS connection in memory, and the stream that its bytes travel through."""

    def __init__(self, stream: Stream, connection: SSL.Connection, effort: Effort) -> None:
        self.stream = stream
        self.connection = connection
        self.records = Records(_MOST_BYTES, _MOST_RECORDS)
        self._effort = effort

    async def work(self, action: Callable[[], T], *, large: bool = False) -> T:
        """Let the library work on what was fed; elsewhere, where that may take long."""
        if self.records.taken <= _LIGHT and not large:
            self._effort.begin(_LIGHT_WORK)
            return action()

        def begun() -> T:
            self._effort.begin(_LONG_WORK)
            return action()

        return await elsewhere(begun)

    async def feed(self) -> bytes:
        """Feed the next records, and tell them; nothing at the end.

        Raises:
            OSError: The connection broke, or more comes than there may be (TlsFloodError).
        """
        while not (records := self.records.take()):
            incoming = await self.stream.read(_CHUNK)
            if not incoming:
                return b""
            self.records.add(incoming)
        self.connection.bio_write(records)
        return records

    async def flush(self) -> None:
        """Send what the library has to say."""
        while True:
            try:
                outgoing = self.connection.bio_read(_CHUNK)
            except SSL.WantReadError:
                return
            await self.stream.write(outgoing)


class TlsStream:
    """The inside of a TLS connection."""

    def __init__(self, engine: _Engine) -> None:
        """Wrap a connection whose handshake is done, as seen from this side."""
        self._engine = engine
        self._engine.records.begin()
        self._idle = 0

    async def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end.

        Raises:
            OSError: The connection broke, or the server sent an alert (:class:`TlsAlertError`), or
                more than it could have to say (:class:`TlsFloodError`).
        """
        engine, fed = self._engine, b""
        while True:
            try:
                renews = fed.startswith(_HANDSHAKE_RECORD)
                data = await engine.work(lambda: engine.connection.recv(size), large=renews)
            except SSL.WantReadError:
                await engine.flush()
                restless = engine.connection.total_renegotiations() > _MOST_RENEGOTIATIONS
                if restless or self._idle > _MOST_IDLE:
                    raise TlsFloodError from None
                fed = await engine.feed()
                if not fed:
                    return b""
                self._idle += len(fed)
            except SSL.ZeroReturnError:
                return b""
            except SSL.Error as error:
                raise TlsAlertError(_reason(error)) from error
            else:
                self._idle -= len(fed)
                return data

    async def write(self, data: bytes) -> None:
        """Send everything."""
        try:
            self._engine.connection.send(data)
        except SSL.Error as error:
            raise TlsAlertError(_reason(error)) from error
        await self._engine.flush()

    def close(self) -> None:
        """Close at once, without waiting."""
        self._engine.stream.close()


async def handshake(
    stream: Stream, trust: Trust, offer: Offer
) -> tuple[Handshake, TlsStream | None]:
    """Shake hands as a client.

    Args:
        stream: The connection after the reply to STARTTLS.
        trust: The authorities and contexts.
        offer: What to offer.

    Returns:
        What was seen, also where the handshake failed; and the inside, where it did not.
    """
    errors: list[PathError] = []
    effort, given_up = Effort(), False

    def record(
        _connection: SSL.Connection, certificate: crypto.X509, code: int, depth: int, ok: int
    ) -> bool:
        nonlocal given_up
        if not ok:
            errors.append(PathError(code, depth, _der(certificate)))
        given_up = effort.is_spent()
        return not given_up

    if offer.rules is not None and not offer.rules.hello.is_said(offer.maximum):
        return Handshake(Failure.LOCAL, "no protocols available"), None
    connection = SSL.Connection(trust.context(offer.rules, offer.minimum, offer.maximum), None)
    connection.set_verify(SSL.VERIFY_PEER, record)
    # SNI bears names only (RFC 6066 section 3).
    named = offer.server_name is not None and not is_ip_address(offer.server_name)
    begin(connection, offer.rules, offer.server_name if named else None)
    states: set[bytes] = set()
    connection.set_info_callback(lambda shaking, *_: states.add(shaking.get_state_string()))
    flight = bytearray()
    engine = _Engine(stream, connection, effort)
    failure, reason = await _shake(engine, flight)
    if given_up:
        failure, reason = Failure.FLOOD, "certificates that take too long to verify"
    done = failure is None
    chain = tuple(map(_der, connection.get_peer_cert_chain() or []))
    path = tuple(map(_der, connection.get_verified_chain() or []))
    is_plain = not errors and set(chain) <= set(path)
    shown = Handshake(
        failure,
        reason,
        version=connection.get_protocol_version_name() if done else None,
        cipher=connection.get_cipher_name() if done else None,
        group=connection.get_group_name() if done else None,
        group_bits=read_records(bytes(flight)).group_bits,
        chain=chain,
        path=path,
        errors=tuple(errors),
        client_certificate_requested=any(_CERTIFICATE_REQUEST in state for state in states),
        anchors=() if is_plain else await elsewhere(lambda: trust.anchors(_named_by(chain))),
        stray=stray(bytes(flight)),
    )
    return shown, TlsStream(engine) if done else None


def _named_by(chain: Sequence[bytes]) -> Iterator[x509.Name]:
    """The names on certificates: their own and those of who has issued them."""
    for one in chain[:_NAMED]:
        with contextlib.suppress(ValueError, TypeError):
            certificate = load_certificate(one)
            yield certificate.issuer
            yield certificate.subject


async def _shake(engine: _Engine, flight: bytearray) -> tuple[Failure | None, str]:
    """Shake hands; the beginning of what the server sends is written down in ``flight``."""
    try:
        while True:
            try:
                await engine.work(engine.connection.do_handshake, large=_is_large(flight))
            except SSL.WantReadError:
                await engine.flush()
                fed = await engine.feed()
                if not fed:
                    return Failure.CLOSED, "closed"
                flight += fed[: _KEPT_FLIGHT - len(flight)]
            except SSL.Error as error:
                await engine.flush()
                reason = _reason(error)
                return _classify(reason), reason
            else:
                await engine.flush()
                return None, ""
    except TimeoutError:
        raise
    except TlsFloodError:
        return Failure.FLOOD, "more than a handshake holds"
    except OSError:
        return Failure.RESET, "reset"


def _is_large(flight: bytearray) -> bool:
    """Whether a short flight holds a large group of its own (RFC 5246 section 7.4.3)."""
    if len(flight) > _LIGHT:
        return True
    return (read_records(bytes(flight)).group_bits or 0) > _LARGE_GROUP


def _reason(error: SSL.Error) -> str:
    """OpenSSL's words for an error, the innermost first."""
    stack = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return "; ".join(str(entry[-1]) for entry in stack) or "unknown"


_NOT_TLS = ("wrong version number", "http request", "record layer failure", "packet length")


def _classify(reason: str) -> Failure:
    if "alert" in reason:
        return Failure.ALERT
    if any(word in reason for word in _NOT_TLS):
        return Failure.NOT_TLS
    return Failure.LOCAL


def _der(certificate: crypto.X509) -> bytes:
    return crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
