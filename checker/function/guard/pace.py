"""Lets checks begin no faster than this process can follow.

A process that has begun more than it can do reads every answer late, and would take its own delay
for that of a name server or a mail server. A check that hangs costs nothing and delays nobody.
"""

import asyncio

from checker.function.errors import overloaded

PATIENCE = 12.0
"""Seconds after which who waits to begin is turned away; a whole check has 25."""

_BUSY = 0.02
"""Seconds for one turn of the event loop, in which all that has anything to do does a bit."""

_SHORTLY = 5
"""Seconds after which it is worth while to ask again."""


class Pace:
    """Lets one after the other begin, in the order in which they came."""

    def __init__(self, patience: float = PATIENCE, busy: float = _BUSY) -> None:
        """Choose the limits.

        Args:
            patience: Seconds to wait at most.
            busy: Seconds that a turn of the event loop may take before nobody begins.
        """
        self._patience = patience
        self._busy = busy
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Wait for one's turn.

        Raises:
            HttpError: It does not come in time.
        """
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(self._patience), self._lock:
                busy = True
                while busy:
                    before = clock()
                    await asyncio.sleep(0)
                    busy = clock() - before > self._busy
        except TimeoutError:
            raise overloaded(_SHORTLY) from None
