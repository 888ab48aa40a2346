"""One worker of a cluster as the client sees it; without a cluster."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from checker.bulk import cluster
from checker.bulk.cluster import BATCH
from checker.bulk.desk import Order, Parcel
from checker.bulk.looker import LostError
from checker.bulk.looks import Looked
from tests.bulk.shared import Shared
from tests.bulk.test_desk import job

SLOW = 9
"""Of so many looks one lasts three tasks."""


class Client:
    """A cluster's client; its worker has a look that is slow, or says nothing at all."""

    def __init__(self, *, is_silent: bool = False) -> None:
        """Remember how many looks the worker had at a time."""
        self.most = 0
        self._is_silent = is_silent
        self._left: dict[int, int] = {}

    def submit(self, _serve: object, parcel: Parcel, **_: object) -> "Future":
        """Give the worker a task."""
        order = parcel.open()
        assert isinstance(order, Order)
        self._left |= {number: 3 if number % SLOW == 0 else 1 for number, _ in order.jobs}
        self.most = max(self.most, len(self._left))
        self._left = {number: tasks - 1 for number, tasks in self._left.items()}
        ready = [number for number, tasks in self._left.items() if tasks == 0]
        for number in ready:
            del self._left[number]
        looked = Looked(0.1, (), None)
        outcomes = None if self._is_silent else tuple((number, looked) for number in ready)
        return Future(outcomes)


class Future:
    """What comes of a task."""

    def __init__(self, outcomes: object) -> None:
        """Take it; none never comes."""
        self._outcomes = outcomes

    def __await__(self) -> Generator[object, object, Parcel]:
        """Wait for it."""
        yield from asyncio.sleep(3_600 if self._outcomes is None else 0).__await__()
        return Parcel(self._outcomes)

    def release(self) -> None:
        """Let it go."""


async def test_a_worker_has_no_more_looks_than_are_to_be_asked_again_if_it_dies(
    tmp_path: Path,
) -> None:
    client, shared = Client(), Shared(tmp_path / "log", servers=200)
    worker = cluster._Worker(client, "tcp://w", "run", shared)  # noqa: SLF001 - there is no other way to one
    worker.begin(worker.serve())
    jobs = map(job, shared.addresses)
    async with asyncio.timeout(10):
        found = await asyncio.gather(*map(worker.take, jobs))
    await worker.close()
    assert len(found) == 200
    assert client.most == BATCH


async def test_a_worker_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_SILENCE", 0.05)
    shared = Shared(tmp_path / "log")
    worker = cluster._Worker(Client(is_silent=True), "tcp://w", "run", shared)  # noqa: SLF001 - as above
    with pytest.raises(LostError, match="does not answer"):
        await worker.prove()
    worker.begin(worker.serve())
    with pytest.raises(LostError, match="does not answer"):
        await worker.take(job(shared.addresses[0]))
    assert worker.is_lost
