"""Each look is taken once a run, when it is its turn, by whoever has time for it."""

import asyncio
from typing import Protocol

from checker.bulk.lookers import Lookers
from checker.bulk.looks import Job, Looked, RestingError
from checker.bulk.turns import Turns
from checker.facts import Seen

_COME_LATER = 421
"""RFC 5321 section 3.8: the server shuts the channel down, mostly because there are too many."""


class Memory(Protocol):
    """Keeps looks beyond this process."""

    def find(self, key: str) -> Looked | None:
        """What was kept under a key."""

    def keep(self, key: str, looked: Looked) -> None:
        """Keep what came of a look that was taken just now."""


class Broker:
    """The source of all looks of a run, for all who check domains."""

    def __init__(self, turns: Turns, memory: Memory, lookers: Lookers) -> None:
        """Know nothing but what is kept.

        Args:
            turns: Says when.
            memory: Keeps what came of them.
            lookers: Take them.
        """
        self._turns = turns
        self._memory = memory
        self._lookers = lookers
        self._tasks: dict[str, asyncio.Task[Looked]] = {}
        self._unconnected: dict[str, str] = {}
        self._is_over = False

    async def look(self, job: Job) -> Looked:
        """What comes of a look; see :class:`checker.bulk.looks.Source`."""
        task = self._tasks.get(job.key)
        if task is None:
            kept = self._memory.find(job.key)
            if kept is not None:
                return kept
            # Another process may ask until it is told that the run is over.
            if self._is_over or self._turns.is_resting(job.probe.address):
                raise RestingError
            task = self._tasks[job.key] = asyncio.create_task(self._take(job))
            task.add_done_callback(lambda _: self._tasks.pop(job.key))
        # Unlike an await of the task, this does not end it when this waiter leaves.
        await asyncio.wait({task})
        return task.result()

    async def close(self) -> None:
        """End the looks that are being taken, and begin none."""
        self._is_over = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, job: Job) -> Looked:
        probe = job.probe
        async with self._turns.turn(probe.host, probe.address):
            if job.seen is None:
                if self._turns.is_resting(probe.address):
                    raise RestingError
                # Whoever gives no connection gives none, whatever was to be said on it.
                other = self._unconnected.get(probe.address)
                looked = None if other is None else self._memory.find(other)
                if looked is not None:
                    return looked
            looked = await self._lookers.take(job)
        if looked.is_unconnected:
            self._unconnected[probe.address] = job.key
        elif _is_to_rest(looked.seen) and job.seen is None and self._turns.rest(probe.address):
            raise RestingError
        self._memory.keep(job.key, looked)
        return looked


def _is_to_rest(seen: Seen | None) -> bool:
    return seen is not None and any(reply.code == _COME_LATER for reply in seen.first.replies)
