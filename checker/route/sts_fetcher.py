"""Fetches MTA-STS policies for production and the lab: HTTPS by hand, so that every cap is ours.

The address is permitted like a mail server's, and the very same address is connected to; redirects
are not followed (RFC 8461 section 3.3).
"""

import asyncio
from datetime import UTC, datetime

import h11
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from checker.certificate.faults import find_faults
from checker.certificate.shown import read
from checker.conversation.tls import Offer, Trust, handshake
from checker.network import (
    OUR_FAULTS,
    Connector,
    DnsStatus,
    Permits,
    Resolver,
    Stream,
    StsFetchError,
    UnfetchedError,
    WebPkiError,
    always,
)
from checker.problems import PROBLEMS, Cause, Family
from checker.route.mta_sts import MAXIMUM_POLICY
from checker.tls_version import TlsVersion

_PORT = 443
_SECONDS = 6.0
_OK = 200


class HttpsStsFetcher:
    """Fetches policies from ``https://mta-sts.<domain>/.well-known/mta-sts.txt``."""

    def __init__(self, resolver: Resolver, connector: Connector, trust: Trust) -> None:
        """Take the parts that a check has anyway."""
        self._resolver = resolver
        self._connector = connector
        self._trust = trust

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        """The policy file of a domain; see :class:`checker.network.StsFetcher`."""
        host = f"mta-sts.{domain}"
        try:
            async with asyncio.timeout(_SECONDS):
                stream = await self._connect(host, permits)
                try:
                    return await self._get(stream, host)
                finally:
                    stream.close()
        except TimeoutError:
            raise StsFetchError("timeout") from None

    async def _connect(self, host: str, permits: Permits) -> Stream:
        answers = await asyncio.gather(
            self._resolver.resolve(host, "A"), self._resolver.resolve(host, "AAAA")
        )
        addresses = [
            record.address
            for answer in answers
            for record in answer.records
            if isinstance(record, A | AAAA)
        ]
        if not addresses and any(answer.status is DnsStatus.UNREACHABLE for answer in answers):
            raise UnfetchedError(Cause.RESOLVER)
        if not addresses:
            raise StsFetchError("no-address")
        if not await permits(addresses[0]):
            raise UnfetchedError(Cause.RATIONED)
        try:
            return await self._connector.connect(addresses[0], _PORT)
        except TimeoutError:
            raise
        except OSError as error:
            if error.errno in OUR_FAULTS:
                raise UnfetchedError(OUR_FAULTS[error.errno]) from error
            raise StsFetchError("connection") from error

    async def _get(self, stream: Stream, host: str) -> bytes:
        shown, inside = await handshake(
            stream, self._trust, Offer(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, host)
        )
        if inside is None:
            raise StsFetchError("tls")
        for finding in find_faults(
            read(shown), [host], datetime.now(UTC), self._trust.organizations
        ):
            problem = PROBLEMS[finding.id]
            if problem.family is Family.CERTIFICATE and finding.id != "certificate-expires-soon":
                raise WebPkiError(finding.id)
        try:
            return await _exchange(inside, host)
        except TimeoutError:
            raise
        except (OSError, h11.RemoteProtocolError) as error:
            raise StsFetchError("connection") from error


async def _exchange(stream: Stream, host: str) -> bytes:
    http = h11.Connection(h11.CLIENT)
    request = h11.Request(
        method="GET",
        target="/.well-known/mta-sts.txt",
        headers=[("Host", host), ("Connection", "close"), ("User-Agent", "zustellbar")],
    )
    await stream.write(http.send(request) + http.send(h11.EndOfMessage()))
    body = bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await stream.read(16_384))
        elif isinstance(event, h11.Response):
            _refuse(event)
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MAXIMUM_POLICY:
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
