"""Whether failures to connect are the servers' own: our port 25 may have been closed.

A connection proves that it was open for every look that began before it; without a canary, also
for those of the next minutes. What is not proved yet is held back, and if that is much, the canary
is asked.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from checker import moment
from checker.canary import OLD

MANY = 20
"""Servers in a row that could not be connected to."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class PortClosedError(Exception):
    """Port 25 is closed, or seems to be; the message says what tells so."""


class PortWatch:
    """Knows up to when the port of one process was open."""

    def __init__(
        self, prove: Callable[[], Awaitable[bool | None]], now: Callable[[], datetime] = moment.now
    ) -> None:
        """Know nothing yet.

        Args:
            prove: Asks the canary, if there is one; without one only connections tell.
            now: Tells the time.
        """
        self._prove = prove
        self._now = now
        self._lasts = timedelta()
        self._open_at = _LONG_AGO
        self._in_doubt = 0

    def connected(self, began: datetime | None = None) -> None:
        """There was a connection.

        Args:
            began: When it was begun; just now unless given.
        """
        self._open_at = max(self._open_at, began or self._now())
        self._in_doubt = 0

    def unconnected(self, began: datetime) -> None:
        """A server could not be connected to."""
        self._in_doubt += not self.is_proved(began)

    def is_proved(self, began: datetime) -> bool:
        """Whether the port was open at that moment."""
        return began <= self._open_at + self._lasts

    async def prove(self) -> bool:
        """See that the port is open, as far as that can be seen; whether there was a canary.

        Raises:
            PortClosedError: It is closed.
        """
        is_open = await self._prove()
        if is_open is None:
            # Nobody can be asked, and the last servers of a list may well be dead.
            self._lasts = OLD
            return False
        if not is_open:
            raise PortClosedError("port 25 is closed: the canary does not answer")
        self.connected()
        return True

    @property
    def is_doubtful(self) -> bool:
        """Whether so much is in doubt that the port is to be proved anew."""
        return self._in_doubt >= MANY

    async def settle(self) -> None:
        """Prove the port anew.

        Raises:
            PortClosedError: It is closed; or it seems to be, and there is no canary.
        """
        doubts = self._in_doubt
        if not await self.prove() and self.is_doubtful:
            raise PortClosedError(
                f"the last {doubts} mail servers could not be connected to: is port 25 "
                "closed? --canary names a mail server that tells"
            )
