"""The time limit of one domain's check, which stands still while it waits for others."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class Clock:
    """Counts what a single check of the domain would have taken.

    A check that waits its turn at a mail server, or for a look that another domain began, has
    spent nothing of its own time. Once it knows what was seen, it is charged what that took.
    """

    def __init__(self, working: asyncio.Semaphore) -> None:
        """Begin with nothing spent.

        Args:
            working: So many domains are busy at the same time; who waits for a look is not.
        """
        self._working = working
        self._is_working = False
        self._timeout: asyncio.Timeout | None = None
        self._stops = 0
        self._left = 0.0

    def timeout(self, seconds: float) -> asyncio.Timeout:
        """What ends the check after so many seconds of its own."""
        self._timeout = asyncio.timeout(seconds)
        return self._timeout

    async def begin(self) -> None:
        """Wait until there is room for one more domain."""
        with self.stopped():
            await self._working.acquire()
        self._is_working = True

    def end(self) -> None:
        """Make room for another domain."""
        if self._is_working:
            self._is_working = False
            self._working.release()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Spend nothing inside; several parts of a check may wait at the same time."""
        now = asyncio.get_running_loop().time
        if not self._stops:
            self._left = (self._deadline() or now()) - now()
            self._set(None)
        self._stops += 1
        try:
            yield
        finally:
            self._stops -= 1
            if not self._stops:
                self._set(now() + self._left)

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """Spend nothing inside, and let another domain be busy meanwhile."""
        with self.stopped():
            self.end()
            yield
            await self._working.acquire()
            self._is_working = True

    async def charge(self, seconds: float) -> None:
        """Count so many seconds as spent.

        Where the limit is reached by that, this does not return: the check is over.
        """
        deadline = self._deadline()
        if self._stops or deadline is None:
            self._left -= seconds
            return
        self._set(deadline - seconds)
        if deadline - seconds <= asyncio.get_running_loop().time():
            await asyncio.Event().wait()

    def _deadline(self) -> float | None:
        return self._timeout.when() if self._timeout is not None else None

    def _set(self, deadline: float | None) -> None:
        # Once it has struck, it cannot be set any more.
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(deadline)
