"""Whether failures to connect are the servers' own: our port 25 may have been closed.

A connection proves that it was open for every look that began before; without a canary, also for
those of the next minutes. What is not proved yet is held back, and if that is much, the canary is
asked.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from checker import moment
from checker.canary import OLD, Canary
from checker.facts import Port

MANY = 20
"""Servers in a row that could not be connected to."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class PortClosedError(Exception):
    """Port 25 is closed here, or seems to be; the message says what tells so."""


class PortWatch:
    """Knows up to when the port was open."""

    def __init__(self, canary: Canary | None, now: Callable[[], datetime] = moment.now) -> None:
        """Know nothing yet.

        Args:
            canary: Answers whenever the port is open; without one only connections tell.
            now: Tells the time.
        """
        self._canary = canary
        self._now = now
        # Nobody can be asked, and the last servers of a list may well be dead.
        self._lasts = OLD if canary is None else timedelta()
        self._open_at = _LONG_AGO
        self._in_doubt = 0

    def connected(self) -> None:
        """There was a connection just now."""
        self._open_at = self._now()
        self._in_doubt = 0

    def unconnected(self, began: datetime) -> None:
        """A server could not be connected to."""
        self._in_doubt += not self.is_proved(began)

    def is_proved(self, began: datetime) -> bool:
        """Whether the port was open at that moment."""
        return began <= self._open_at + self._lasts

    async def prove(self) -> None:
        """See that the port is open, before anything else is asked.

        Raises:
            PortClosedError: It is not.
        """
        if self._canary is None:
            return
        if await self._canary.prove() is not Port.OPEN:
            raise PortClosedError("port 25 is closed here: the canary does not answer")
        self.connected()

    async def settle(self) -> None:
        """Ask the canary where too much is in doubt.

        Raises:
            PortClosedError: The port is closed; or it seems to be, and there is no canary.
        """
        if self._in_doubt < MANY:
            return
        if self._canary is None:
            raise PortClosedError(
                f"the last {self._in_doubt} mail servers could not be connected to: is port 25 "
                "closed here? --canary names a mail server that tells"
            )
        await self.prove()
