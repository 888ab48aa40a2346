"""Who may enter: so many checks at the same time, and so many by one client."""

from collections import Counter as Bag
from collections.abc import Sequence

from checker.function.descriptors import room
from checker.function.errors import overloaded, too_many_checks
from checker.function.guard.client import client_key
from checker.function.guard.counter import Counter
from checker.function.guard.options import GuardOptions

_SHORTLY = 5
"""Seconds after which one of the checks that run at the same time has probably ended."""


class Entrance:
    """Lets a client's check begin, or says when it may come again."""

    def __init__(self, options: GuardOptions, counter: Counter) -> None:
        """Begin with nobody inside.

        Args:
            options: The limits.
            counter: Counts what each client asks.
        """
        self._options = options
        self._counter = counter
        self._running: Bag[str] = Bag()
        self._room = options.at_once

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
            seconds = await self._counter.wait("client", client, rate) if rate else 0
        except BaseException:
            self.leave(client)
            raise
        if seconds:
            self.leave(client)
            raise too_many_checks(seconds)

    def leave(self, client: str) -> None:
        """A check has ended."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
