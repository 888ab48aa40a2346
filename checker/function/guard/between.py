"""What stands between a check and the world: what is known already, and whom to leave alone."""

from collections.abc import Callable
from datetime import timedelta

from checker.check import Through
from checker.conversation.probe import Probing
from checker.function.guard.cache import ProbeCache
from checker.function.guard.opt_out import Respectful
from checker.function.guard.options import GuardOptions
from checker.function.guard.pace import Pace
from checker.function.guard.rations import Ration
from checker.function.guard.store import Store
from checker.function.guard.sts_policies import StsPolicyCache
from checker.network import Resolver, StsFetcher


class Between:
    """What all checks of one function share on their way to the world."""

    def __init__(
        self,
        options: GuardOptions,
        resolver: Resolver,
        store: Store,
        circumstances: Callable[[], str],
    ) -> None:
        """Start with what the store holds.

        Args:
            options: How long a result counts, and whom to leave alone.
            resolver: Is asked whom else to leave alone.
            store: Keeps results.
            circumstances: Tells what shapes every result: what is kept under others does not count.
        """
        self._options = options
        self._resolver = resolver
        self._store = store
        lifetime = timedelta(seconds=options.result_lifetime)
        self._cache = ProbeCache(store, lifetime, circumstances=circumstances)
        self._sts_policies = StsPolicyCache(store, lifetime, circumstances=circumstances)
        self._pace = Pace()

    def through(self, ration: Ration) -> Through:
        """What a check has to go through.

        Args:
            ration: How much it may look at.
        """
        fresh, older, permits = ration.fresh, ration.older, ration.permits

        def probing(prober: Probing) -> Probing:
            respectful = Respectful(
                prober,
                self._options.opt_out,
                self._resolver,
                self._store,
                self._options.result_lifetime,
            )
            return self._cache.through(respectful, fresh=fresh, older=older, permits=permits)

        def fetching(fetcher: StsFetcher) -> StsFetcher:
            return self._sts_policies.through(fetcher, fresh=fresh, older=older, permits=permits)

        return Through(probing, fetching, self._pace.begin)
