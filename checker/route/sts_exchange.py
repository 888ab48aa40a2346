"""How an MTA-STS policy is had over a connection: TLS, and one HTTP exchange (RFC 8461, 3.3)."""

from datetime import UTC, datetime

import h11

from checker.certificate.faults import find_faults
from checker.certificate.shown import read
from checker.conversation.elsewhere import elsewhere
from checker.conversation.tls import Offer, handshake
from checker.conversation.trust import Trust
from checker.network import Stream, StsFetchError, WebPkiError
from checker.problems import PROBLEMS, Family
from checker.tls_version import TlsVersion

_OK = 200

_CHUNK = 4_096

_LONGEST_FRAME = 16_384
"""Bytes around a policy: headers, interim responses, sizes of chunks."""


async def get_policy(stream: Stream, host: str, trust: Trust, longest: int) -> bytes:
    """Ask a web server for the policy file.

    Args:
        stream: The open connection.
        host: The web server's name.
        trust: The certificate authorities.
        longest: Bytes of a policy that are read.

    Raises:
        StsFetchError: The server is not the one that is meant, answers with anything else, or
            breaks off.
        TimeoutError: The connection says that it took too long.
    """
    shown, inside = await handshake(
        stream, trust, Offer(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, host)
    )
    if inside is None:
        raise StsFetchError("tls")
    # A certificate may hold thousands of names.
    faults = await elsewhere(
        lambda: find_faults(read(shown), [host], datetime.now(UTC), trust.organizations)
    )
    for finding in faults:
        problem = PROBLEMS[finding.id]
        if problem.family is Family.CERTIFICATE and finding.id != "certificate-expires-soon":
            raise WebPkiError(finding.id)
    try:
        return await _exchange(inside, host, longest)
    except TimeoutError:
        raise
    except (OSError, h11.RemoteProtocolError) as error:
        raise StsFetchError("connection") from error


async def _exchange(stream: Stream, host: str, longest: int) -> bytes:
    http = h11.Connection(h11.CLIENT)
    request = h11.Request(
        method="GET",
        target="/.well-known/mta-sts.txt",
        headers=[("Host", host), ("Connection", "close"), ("User-Agent", "zustellbar")],
    )
    await stream.write(http.send(request) + http.send(h11.EndOfMessage()))
    body, received = bytearray(), 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            data = await stream.read(_CHUNK)
            received += len(data)
            if received > longest + _LONGEST_FRAME:
                raise StsFetchError("too-large")
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            _refuse(event)
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > longest:
                raise StsFetchError("too-large")
        elif isinstance(event, h11.EndOfMessage):
            return bytes(body)
        elif isinstance(event, h11.ConnectionClosed):
            raise StsFetchError("connection")


def _refuse(response: h11.Response) -> None:
    if response.status_code != _OK:
        raise StsFetchError(f"http-{response.status_code}")
    media_types = [value for name, value in response.headers if name == b"content-type"]
    if media_types and not media_types[0].strip().lower().startswith(b"text/plain"):
        raise StsFetchError("media-type")
