"""Who takes looks: this process, another one, or a worker of a cluster."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from checker.bulk.looks import Job, Looked
from checker.canary import Canary
from checker.conversation.probe import Probe, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Port, Seen
from checker.problems import Stage

APART = timedelta(seconds=3)
"""Between two connections to the canary."""

_LEAVING = 10.0
"""Seconds for a good-bye."""


class LostError(Exception):
    """Whoever was asked is gone; the message says who, and what is known of it."""


class UnfitError(LostError):
    """It cannot take looks, and never will; the message says why."""


class Looker(Protocol):
    """Takes looks.

    Attributes:
        name: As people are told of it.
    """

    name: str

    async def prove(self) -> bool | None:
        """Whether its port 25 is open; none where it has no canary to ask.

        Raises:
            LostError: It is gone.
        """

    async def take(self, job: Job) -> Looked:
        """Take a look.

        Raises:
            LostError: It is gone.
        """


class Looking(Protocol):
    """Connects; see :class:`checker.conversation.prober.Prober`."""

    async def once(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Make the first connection."""

    async def leaves_doubt(self, probe: Probe, seen: Seen) -> bool:
        """Whether there would be further ones."""

    async def closer(self, probe: Probe, seen: Seen) -> Seen:
        """Make them."""


class Here:
    """This process."""

    def __init__(
        self, prober: Looking, limit: float, canary: Canary | None, name: str = "this process"
    ) -> None:
        """Take what it looks with.

        Args:
            prober: Connects.
            limit: Seconds after which a look is ended, as a whole check would be.
            canary: Answers whenever the port is open.
            name: As people are told of it.
        """
        self.name = name
        self._prober = prober
        self._limit = limit
        self._canary = canary

    async def prove(self) -> bool | None:
        """Whether port 25 is open; none where there is no canary."""
        if self._canary is None:
            return None
        return await self._canary.prove(APART) is Port.OPEN

    async def take(self, job: Job) -> Looked:
        """Take a look."""
        probe, shown = job.probe, job.seen
        if shown is not None:
            return await self._timed(lambda: self._prober.closer(probe, shown), [])
        stages: list[Stage] = []
        leaving: list[Conversation] = []

        async def look() -> Seen:
            seen, conversation = await self._prober.once(probe, stages.append)
            if conversation is not None:
                leaving.append(conversation)
            return seen

        looked = await self._timed(look, stages)
        # The next look would be a second connection to the same host.
        await _take_leave(leaving)
        return looked

    async def _timed(self, look: Callable[[], Awaitable[Seen]], stages: list[Stage]) -> Looked:
        clock = asyncio.get_running_loop().time
        began = clock()
        seen = None
        try:
            async with asyncio.timeout(self._limit):
                seen = await look()
        except TimeoutError:
            return Looked(max(clock() - began, self._limit), tuple(stages), None)
        return Looked(clock() - began, tuple(stages), seen)


async def _take_leave(leaving: list[Conversation]) -> None:
    try:
        async with asyncio.timeout(_LEAVING):
            for conversation in leaving:
                await conversation.quit()
    except (TimeoutError, OSError):
        for conversation in leaving:
            conversation.stream.close()
