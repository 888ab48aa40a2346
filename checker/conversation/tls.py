"""One TLS handshake over an open connection, and all that it shows.

pyOpenSSL works on memory here, so that the bytes travel through the same stream as SMTP's. The
verification never ends a handshake: every error is recorded, and what it means is for others.
"""

from dataclasses import dataclass

from OpenSSL import SSL, crypto

from checker.conversation.flight import read_records
from checker.conversation.imitation import begin
from checker.conversation.trust import Trust
from checker.facts import Failure, Handshake, PathError
from checker.network import Stream, TlsAlertError
from checker.network.addresses import is_ip_address
from checker.senders.hello import Rules
from checker.tls_version import TlsVersion

_CHUNK = 16_384
_KEPT_FLIGHT = 65_536

# Part of the name of OpenSSL's state after it has read one.
_CERTIFICATE_REQUEST = b"certificate request"


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


class TlsStream:
    """The inside of a TLS connection."""

    def __init__(self, stream: Stream, connection: SSL.Connection) -> None:
        """Wrap a connection whose handshake is done, as seen from this side."""
        self._stream = stream
        self._connection = connection

    async def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end.

        Raises:
            OSError: The connection broke, or the server sent an alert (:class:`TlsAlertError`).
        """
        while True:
            try:
                data = self._connection.recv(size)
            except SSL.WantReadError:
                await _flush(self._stream, self._connection)
                incoming = await self._stream.read(_CHUNK)
                if not incoming:
                    return b""
                self._connection.bio_write(incoming)
            except SSL.ZeroReturnError:
                return b""
            except SSL.Error as error:
                raise TlsAlertError(_reason(error)) from error
            else:
                return data

    async def write(self, data: bytes) -> None:
        """Send everything."""
        try:
            self._connection.send(data)
        except SSL.Error as error:
            raise TlsAlertError(_reason(error)) from error
        await _flush(self._stream, self._connection)

    def close(self) -> None:
        """Close at once, without waiting."""
        self._stream.close()


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

    def record(
        _connection: SSL.Connection, certificate: crypto.X509, code: int, depth: int, ok: int
    ) -> bool:
        if not ok:
            errors.append(PathError(code, depth, _der(certificate)))
        return True

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
    failure, reason = await _shake(stream, connection, flight)
    done = failure is None
    shown = Handshake(
        failure,
        reason,
        version=connection.get_protocol_version_name() if done else None,
        cipher=connection.get_cipher_name() if done else None,
        group=connection.get_group_name() if done else None,
        group_bits=read_records(bytes(flight)).group_bits,
        chain=tuple(map(_der, connection.get_peer_cert_chain() or [])),
        path=tuple(map(_der, connection.get_verified_chain() or [])),
        errors=tuple(errors),
        client_certificate_requested=any(_CERTIFICATE_REQUEST in state for state in states),
    )
    return shown, TlsStream(stream, connection) if done else None


async def _shake(
    stream: Stream, connection: SSL.Connection, flight: bytearray
) -> tuple[Failure | None, str]:
    """Shake hands; the beginning of what the server sends is written down in ``flight``."""
    try:
        while True:
            try:
                connection.do_handshake()
            except SSL.WantReadError:
                await _flush(stream, connection)
                incoming = await stream.read(_CHUNK)
                if not incoming:
                    return Failure.CLOSED, "closed"
                flight += incoming[: _KEPT_FLIGHT - len(flight)]
                connection.bio_write(incoming)
            except SSL.Error as error:
                await _flush(stream, connection)
                reason = _reason(error)
                return _classify(reason), reason
            else:
                await _flush(stream, connection)
                return None, ""
    except TimeoutError:
        raise
    except OSError:
        return Failure.RESET, "reset"


async def _flush(stream: Stream, connection: SSL.Connection) -> None:
    while True:
        try:
            outgoing = connection.bio_read(_CHUNK)
        except SSL.WantReadError:
            return
        await stream.write(outgoing)


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
