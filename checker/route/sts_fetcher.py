"""Fetches MTA-STS policies for production and the lab: HTTPS by hand, so that every cap is ours.

The address is permitted like a mail server's, and the very same address is connected to; redirects
are not followed (RFC 8461 section 3.3).
"""

import asyncio
from datetime import UTC, datetime

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
        # Few domains have a policy, and only theirs is asked for over HTTP.
        from checker.route.sts_exchange import get_policy  # noqa: PLC0415

        return await get_policy(inside, host, MAXIMUM_POLICY)
