"""Connections of clients, as uvicorn takes them: none is kept for nothing, and nobody has them all.

uvicorn closes a connection that is idle behind a response, but waits without end for the first
request, for the rest of a head, and for a body that the response did not need.
"""

import asyncio
import functools
import os
from collections import Counter

from uvicorn.protocols.http.h11_impl import H11Protocol

from checker.function.descriptors import share
from checker.function.guard.client import UNKNOWN, client_key, is_one_of
from checker.function.guard.options import GuardOptions

_PATIENCE = 10.0
"""Seconds for the head of a request."""


class Connections:
    """How many connections each client has."""

    def __init__(self, options: GuardOptions) -> None:
        """Begin with none.

        Args:
            options: How many there may be, and who speaks for many clients.
        """
        self._options = options
        self._open: Counter[str] = Counter()

    def open(self, peer: str | None) -> bool:
        """Count one more, to be followed by :meth:`close`; whether it is within the limit.

        Args:
            peer: IP address at the other end; none where it has no address.
        """
        key = client_key(peer, (), ())
        self._open[key] += 1
        limit = self._options.client_connections
        if limit is None or key == UNKNOWN or is_one_of(peer, self._options.trusted_proxies):
            # Whoever comes through a socket without addresses is a proxy, too.
            return True
        return self._open[key] <= share(limit)

    def close(self, peer: str | None) -> None:
        """Count one less."""
        key = client_key(peer, (), ())
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]


@functools.cache
def _connections() -> Connections:
    """Those of this process."""
    return Connections(GuardOptions.from_environment(os.environ))


class Connection(H11Protocol):
    """One connection; what ``--http`` tells uvicorn to make."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, if the client has not too many already."""
        super().connection_made(transport)
        if _connections().open(self._peer):
            self._mind()
        else:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        _connections().close(self._peer)
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Go on."""
        super().data_received(data)
        self._mind()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._stop_waiting()
        super().on_response_complete()
        self._mind()

    @property
    def _peer(self) -> str | None:
        return self.client[0] if self.client else None

    def _mind(self) -> None:
        """See to it that the time for a head counts as long as no request is being answered."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self.transport.is_closing():
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(_PATIENCE, self.timeout_keep_alive_handler)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
