"""Fetches MTA-STS policies for production and the lab: HTTPS by hand, so that every cap is ours.

The address is permitted like a mail server's, and the very same address is connected to; redirects
are not followed (RFC 8461 section 3.3).
"""

import asyncio
import contextlib

from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from checker.conversation.trust import Trust
from checker.network import (
    OUR_FAULTS,
    Connector,
    DnsStatus,
    Permits,
    Resolver,
    Stream,
    StsFetchError,
    UnfetchedError,
    always,
)
from checker.problems import Cause
from checker.route.mta_sts import MAXIMUM_POLICY

_PORT = 443
_SECONDS = 6.0
_SECONDS_OF_EACH = 2.0
"""For a connection to one address where there is another."""

_MOST_ADDRESSES = 4


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
        if self._trust.is_empty():
            raise UnfetchedError(Cause.NO_AUTHORITIES)
        try:
            async with asyncio.timeout(_SECONDS):
                stream = await self._connect(host, permits)
                try:
                    # Few domains have a policy, and what reads it over HTTPS loads slowly.
                    from checker.route.sts_exchange import get_policy  # noqa: PLC0415

                    return await get_policy(stream, host, self._trust, MAXIMUM_POLICY)
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
        *first, last = addresses[:_MOST_ADDRESSES]
        for address in first:
            # The next one may do; what becomes of the last one is told.
            with contextlib.suppress(TimeoutError, StsFetchError):
                async with asyncio.timeout(_SECONDS_OF_EACH):
                    return await self._connect_to(address, permits)
        return await self._connect_to(last, permits)

    async def _connect_to(self, address: str, permits: Permits) -> Stream:
        if not await permits(address):
            raise UnfetchedError(Cause.RATIONED)
        try:
            return await self._connector.connect(address, _PORT)
        except TimeoutError:
            raise
        except OSError as error:
            if error.errno in OUR_FAULTS:
                raise UnfetchedError(OUR_FAULTS[error.errno]) from error
            raise StsFetchError("connection") from error
