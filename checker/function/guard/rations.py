"""How much a check may look at before it has to do with what is known already."""

import math
from dataclasses import dataclass

from checker.function.guard.counter import Counter
from checker.function.guard.options import GuardOptions
from checker.function.interface import FRESH, Rate
from checker.network import Permits

_FRESH_FOR_ALL = Rate(10, 60)
"""Fresh looks at one domain, whoever wishes for them."""

_SHARE = 4
"""An address's limit is this many times what is kept for fresh looks beyond it."""


@dataclass(frozen=True, slots=True)
class Ration:
    """What one check may do.

    Attributes:
        fresh: It looks again, also where there is a result.
        older: It has to be content with the last result, whatever its age.
        permits: Whether an address may be looked at once more.
    """

    fresh: bool
    older: bool
    permits: Permits


class Rations:
    """The limits of domains and of addresses."""

    def __init__(self, options: GuardOptions, counter: Counter) -> None:
        """Take the limits, and what counts."""
        self._options = options
        self._counter = counter

    async def ration(self, client: str, domain: str, *, fresh: bool) -> Ration:
        """Count one more check of a domain.

        Args:
            client: Who asks.
            domain: For what.
            fresh: Whether there is a wish for new results.

        Returns:
            What it may do.
        """
        granted = fresh and await self._grants(client, domain)
        older = not granted and not await self._counts("domain", domain, self._options.domain_limit)
        return Ration(granted, older, self._permits_fresh if granted else self.permits)

    async def permits(self, address: str) -> bool:
        """Count one more look at an address; whether that is within the limit."""
        return await self._counts("address", address, self._options.address_limit)

    async def _grants(self, client: str, domain: str) -> bool:
        """Whether a wish for new results is granted."""
        mine = await self._counts("fresh", f"{client} {domain}", FRESH)
        return mine and await self._counts("fresh", domain, _FRESH_FOR_ALL)

    async def _permits_fresh(self, address: str) -> bool:
        """A share that only wishes for a fresh look can use up: others cannot hide a mend."""
        rate = self._options.address_limit
        share = rate and Rate(math.ceil(rate.count / _SHARE), rate.seconds)
        return await self.permits(address) or await self._counts("fresh-address", address, share)

    async def _counts(self, kind: str, key: str, rate: Rate | None) -> bool:
        """Count one more; whether that is within the limit."""
        return rate is None or not await self._counter.wait(kind, key, rate)
