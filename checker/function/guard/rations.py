"""How much a check may look at before it has to do with what is known already."""

import hashlib
import math
import secrets
from dataclasses import dataclass, field

from checker.function.guard.counter import Counter
from checker.function.guard.options import GuardOptions
from checker.function.interface import FRESH, Rate

_FRESH_FOR_ALL = Rate(10, 60)
"""Fresh looks at one domain, whoever wishes for them."""

_SHARE = 4
"""Of an address's limit one part in so many is kept for clients that have not used it yet. And it
is this many times what is kept for fresh looks beyond it."""

_SHORTLY = 60
"""Seconds after which it is worth while to ask again, where nobody has counted for how long."""


@dataclass(frozen=True, slots=True)
class Ration:
    """What one check may do.

    Attributes:
        fresh: It looks again, also where there is a result.
        older: It has to be content with the last result, whatever its age.
        fresh_after: Seconds after which a wish for new results that was not granted may be.
    """

    fresh: bool
    older: bool
    fresh_after: int
    _rations: "Rations"
    _client: str
    _refusals: list[int] = field(default_factory=list)

    @property
    def retry_after(self) -> int:
        """Seconds after which the looks that it was not permitted may be taken."""
        return max(self._refusals, default=_SHORTLY)

    @property
    def new_after(self) -> int:
        """Seconds after which all may be looked at anew; 0 where nothing was denied."""
        return max([self.fresh_after, *self._refusals])

    async def permits(self, address: str) -> bool:
        """Count one more look at an address; whether that is within the limit."""
        seconds = await self._rations.wait(self._client, address, fresh=self.fresh)
        if seconds:
            self._refusals.append(seconds)
        return not seconds


class Rations:
    """The limits of domains and of addresses."""

    def __init__(self, options: GuardOptions, counter: Counter) -> None:
        """Take the limits, and what counts."""
        self._options = options
        self._wait = counter.wait
        # Each copy's own: a client is new to each of them once, and no other can read it.
        self._secret = secrets.token_bytes(32)

    async def ration(self, client: str, domain: str, *, fresh: bool) -> Ration:
        """Count one more check of a domain.

        Args:
            client: Who asks.
            domain: For what.
            fresh: Whether there is a wish for new results.

        Returns:
            What it may do.
        """
        fresh_after = await self._wait_for_fresh(client, domain) if fresh else 0
        granted = fresh and not fresh_after
        rate = self._options.domain_limit
        older = not granted and rate is not None and await self._wait("domain", domain, rate) > 0
        return Ration(granted, older, fresh_after, self, client)

    async def wait(self, client: str, address: str, *, fresh: bool) -> int:
        """Count one more look at an address.

        Args:
            client: Who asks.
            address: Of whom.
            fresh: Whether a wish for new results was granted. For these there is a share that
                nothing else can use up: others cannot hide a mend.

        Returns:
            0, or the whole seconds until there may be one.
        """
        rate = self._options.address_limit
        if rate is None:
            return 0
        seconds = await self._wait_among_others("address", client, address, rate)
        if seconds and fresh:
            share = Rate(math.ceil(rate.count / _SHARE), rate.seconds)
            return await self._wait_among_others("fresh-address", client, address, share)
        return seconds

    async def _wait_among_others(self, kind: str, client: str, address: str, rate: Rate) -> int:
        """Count one more of a limit that all share, and that no client alone can use up."""
        used = await self._wait(f"{kind}-by", self._both(client, address), Rate(1, rate.seconds))
        if used:
            common = rate.count - math.ceil(rate.count / _SHARE)
            if not common:
                return used
            again = Rate(common, rate.seconds)
            if seconds := await self._wait(f"{kind}-again", address, again):
                return seconds
        return await self._wait(kind, address, rate)

    def _both(self, client: str, address: str) -> str:
        """Tells whether it is the same two again, and not who they are."""
        pair = f"{client} {address}".encode()
        return hashlib.blake2b(pair, digest_size=8, key=self._secret).hexdigest()

    async def _wait_for_fresh(self, client: str, domain: str) -> int:
        """Seconds until a wish for new results may be granted; 0 where it is."""
        mine = await self._wait("fresh", f"{client} {domain}", FRESH)
        return mine or await self._wait("fresh", domain, _FRESH_FOR_ALL)
