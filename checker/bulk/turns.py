"""Politeness: whose turn it is to be connected to.

One connection at a time to one host and to one address, few to one network, a limit to all of them
and to new ones per second. Whoever answers 421 is left alone for a while.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TypeVar
from weakref import WeakValueDictionary

_IPV6 = 6
_NETWORK = {4: 24, _IPV6: 48}
"""Bits of an address by which the servers of one provider are known."""

_Lock = TypeVar("_Lock", asyncio.Lock, asyncio.Semaphore)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much is asked at a time.

    Attributes:
        connections: Open ones in all.
        per_second: New ones in all.
        per_network: Open ones to one network: an IPv4 /24, or an IPv6 /48.
        rest: Seconds for which a host is left alone at least that answered 421.
    """

    connections: int = 256
    per_second: float = 100.0
    per_network: int = 8
    rest: float = 60.0


class Turns:
    """Gives each look its turn, and remembers who rests."""

    def __init__(self, caps: Caps) -> None:
        """Begin with nobody connected.

        Args:
            caps: The limits.
        """
        self._caps = caps
        self._all = asyncio.Semaphore(caps.connections)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._addresses: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._networks: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._next = 0.0
        self._rested: dict[str, float] = {}
        self._is_last_call = False

    @asynccontextmanager
    async def turn(self, host: str, address: str) -> AsyncIterator[None]:
        """Wait until a host may be connected to at an address; inside, it may be."""
        version, network = _network(address)
        # Always in this order, so that no two wait for each other.
        async with (
            _shared(self._hosts, host, asyncio.Lock),
            _shared(self._addresses, address, asyncio.Lock),
            _shared(
                self._networks,
                f"{version} {network}",
                lambda: asyncio.Semaphore(self._caps.per_network),
            ),
            self._all,
        ):
            await self._pace()
            yield

    async def _pace(self) -> None:
        now = asyncio.get_running_loop().time()
        at = self._next = max(now, self._next)
        self._next += 1 / self._caps.per_second
        await asyncio.sleep(at - now)

    def rest(self, address: str) -> bool:
        """Leave an address alone until the last call; whether there is one to come."""
        if self._is_last_call:
            return False
        self._rested[address] = asyncio.get_running_loop().time() + self._caps.rest
        return True

    def is_resting(self, address: str) -> bool:
        """Whether an address is to be left alone for now."""
        return address in self._rested and not self._is_last_call

    async def last_call(self) -> None:
        """Wait until all have rested; from then on nobody does any more."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(self._rested.values(), default=now) - now)
        self._is_last_call = True


def _network(address: str) -> tuple[int, str]:
    plain = address.partition("%")[0]
    version = _IPV6 if ":" in plain else 4
    return version, str(ip_network(f"{plain}/{_NETWORK[version]}", strict=False))


def _shared(kept: "WeakValueDictionary[str, _Lock]", key: str, make: Callable[[], _Lock]) -> _Lock:
    """The one for this key, for as long as anybody holds it."""
    lock = kept.get(key)
    if lock is None:
        lock = kept[key] = make()
    return lock
