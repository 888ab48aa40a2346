"""Lets a client's check in, or says when it may come again."""

import asyncio
import contextlib
import hashlib
import json
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from checker.check import Answer, Through
from checker.conversation.probe import Probing
from checker.function.descriptors import room
from checker.function.errors import HttpError, opted_out, overloaded, too_many_checks
from checker.function.guard.cache import LAST, ProbeCache
from checker.function.guard.client import client_key
from checker.function.guard.opt_out import Respectful
from checker.function.guard.options import GuardOptions
from checker.function.guard.pace import Pace
from checker.function.guard.record import load_answer
from checker.function.guard.state import make_state
from checker.function.guard.sts_policies import StsPolicyCache
from checker.function.guard.unasked import all_left_alone
from checker.function.interface import FRESH, Rate
from checker.function.request import CheckRequest
from checker.network import Resolver, StsFetcher
from checker.tell.answer import Json, to_json

_SHORTLY = 5
"""Seconds after which one of the checks that run at the same time has probably ended."""


_OFTEN = 30.0
"""Seconds between two looks for what is to be forgotten."""

Check = Callable[[Through], Awaitable[Answer]]

_FRESH_FOR_ALL = Rate(10, 60)

_SHARE = 4
"""An address's limit is this many times what is kept for fresh looks beyond it."""


class Guard:
    """What all checks of one function share to stay within the limits."""

    def __init__(
        self, options: GuardOptions, resolver: Resolver, circumstances: Callable[[], str] = str
    ) -> None:
        """Start with what is remembered.

        Args:
            options: The limits.
            resolver: Is asked whom to leave alone.
            circumstances: Tells what shapes every answer: what is kept under others does not count.

        Raises:
            SettingsError: The store cannot be used.
        """
        self._resolver = resolver
        self._circumstances = circumstances
        self._options = options
        self._state = make_state(options.store)
        self._store = self._state.store
        lifetime = timedelta(seconds=options.result_lifetime)
        self._cache = ProbeCache(
            self._store, lifetime, permits=self._permits, circumstances=circumstances
        )
        self._sts_policies = StsPolicyCache(
            self._store, lifetime, self._permits, circumstances=circumstances
        )
        self._running: Counter[str] = Counter()
        self._room = options.at_once
        self._pace = Pace()

    def make_room(self) -> None:
        """See to it that as many checks as there may be find files to open, or let fewer in."""
        if self._room is not None:
            self._room = room(self._room)

    def client(self, peer: str | None, forwarded: Sequence[str]) -> str:
        """The key of a client; see :func:`checker.function.guard.client.client_key`."""
        return client_key(peer, forwarded, self._options.trusted_proxies)

    async def enter(self, client: str) -> None:
        """Let a check begin, to be followed by :meth:`leave` in any case.

        Raises:
            HttpError: The client has asked too often, or for too much at once; or there are as
                many checks already as can be done.
        """
        at_once, rate = self._options.client_at_once, self._options.client_limit
        if self._room is not None and self._running.total() >= self._room:
            raise overloaded(_SHORTLY)
        if at_once is not None and self._running[client] >= at_once:
            raise too_many_checks(_SHORTLY)
        # The place is taken before anything is waited for, or too many would find it free.
        self._running[client] += 1
        try:
            seconds = await self._state.counter.wait("client", client, rate) if rate else 0
        except BaseException:
            self.leave(client)
            raise
        if seconds:
            self.leave(client)
            raise too_many_checks(seconds)

    async def answer(self, client: str, asked: CheckRequest, check: Check) -> Json:
        """Answer a request, with a check or with what is known already.

        Args:
            client: Who asks.
            asked: What for.
            check: Does the check, through what it is given.

        Returns:
            The JSON object of the answer; it tells its age.

        Raises:
            HttpError: The owner of the domain wants no checks, or that of each mail server that
                would be tried.
        """
        domain = asked.domain.ascii
        if self._options.opt_out.name(domain):
            raise opted_out()
        shaping = f"{asked.every} {asked.operator!r} {self._circumstances()}"
        key = f"answer:{domain} {hashlib.sha256(shaping.encode()).hexdigest()}"
        fresh = asked.fresh and await self._grants(client, domain)
        older = not fresh and not await self._counts("domain", domain, self._options.domain_limit)
        if older and (last := await self._last(key)):
            return last

        permits = self._permits_fresh if fresh else self._permits

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

        try:
            checked = await check(Through(probing, fetching, self._pace.begin))
        except ExceptionGroup as group:
            # What ends a check from within comes out of its task group.
            for error in group.exceptions:
                if isinstance(error, HttpError):
                    raise error from None
            raise
        if all_left_alone(checked.attempts):
            raise opted_out()
        answer = to_json(checked)
        await self._store.put(key, json.dumps(answer), LAST)
        return answer

    async def _last(self, key: str) -> Json | None:
        """The last answer, where one is kept that can be read."""
        with contextlib.suppress(ValueError):
            return load_answer(await self._store.get(key) or "")
        return None

    async def _grants(self, client: str, domain: str) -> bool:
        """Whether a wish for new results is granted."""
        mine = await self._counts("fresh", f"{client} {domain}", FRESH)
        return mine and await self._counts("fresh", domain, _FRESH_FOR_ALL)

    async def _permits(self, address: str) -> bool:
        return await self._counts("address", address, self._options.address_limit)

    async def _permits_fresh(self, address: str) -> bool:
        """A share that only wishes for a fresh look can use up: others cannot hide a mend."""
        rate = self._options.address_limit
        share = rate and Rate(math.ceil(rate.count / _SHARE), rate.seconds)
        return await self._permits(address) or await self._counts("fresh-address", address, share)

    async def _counts(self, kind: str, key: str, rate: Rate | None) -> bool:
        """Count one more; whether that is within the limit."""
        return rate is None or not await self._state.counter.wait(kind, key, rate)

    def leave(self, client: str) -> None:
        """A check has ended."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    async def forget(self, every: float = _OFTEN) -> None:
        """Drop, again and again, what is kept longer than is told, also while nobody asks.

        Args:
            every: Seconds between.
        """
        while True:
            await asyncio.sleep(every)
            self._state.forget()

    async def close(self) -> None:
        """End the connections to the store."""
        await self._state.close()
