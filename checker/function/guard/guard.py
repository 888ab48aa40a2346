"""Lets a client's check in, or says when it may come again."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from checker.function.errors import too_many_checks
from checker.function.guard.cache import ProbeCache
from checker.function.guard.client import client_key
from checker.function.guard.counter import Counter
from checker.function.guard.options import GuardOptions, Rate
from checker.function.guard.store import MemoryStore
from checker.probe import Probing

_SHORTLY = 5
"""Seconds after which one of the checks that run at the same time has probably ended."""


_KEPT_RESULTS = 2_000
_FRESH = Rate(1, 60)


class Guard:
    """What all checks of one function share to stay within the limits."""

    def __init__(self, options: GuardOptions) -> None:
        """Start with nothing counted."""
        self._options = options
        self._counter = Counter()
        store = MemoryStore(_KEPT_RESULTS)
        self._cache = ProbeCache(store, timedelta(seconds=options.result_lifetime))
        self._running: dict[str, int] = {}

    def client(self, peer: str | None, forwarded: Sequence[str]) -> str:
        """The key of a client; see :func:`checker.function.guard.client.client_key`."""
        return client_key(peer, forwarded, self._options.trusted_proxies)

    async def enter(self, client: str) -> None:
        """Let a check begin, to be followed by :meth:`leave` in any case.

        Raises:
            HttpError: The client has asked too often, or for too much at once.
        """
        at_once, rate = self._options.client_at_once, self._options.client_limit
        if rate and (seconds := await self._counter.wait("client", client, rate)):
            raise too_many_checks(seconds)
        running = self._running.get(client, 0)
        if at_once is not None and running >= at_once:
            raise too_many_checks(_SHORTLY)
        self._running[client] = running + 1

    async def through(
        self, client: str, domain: str, *, fresh: bool
    ) -> Callable[[Probing], Probing]:
        """What stands between a check and the mail servers.

        Args:
            client: Who asks.
            domain: What for, in A-labels.
            fresh: Wishes to have results that are new; granted from time to time.
        """
        granted = fresh and not await self._counter.wait("fresh", f"{client} {domain}", _FRESH)
        return lambda prober: self._cache.through(prober, fresh=granted)

    def leave(self, client: str) -> None:
        """A check has ended."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
