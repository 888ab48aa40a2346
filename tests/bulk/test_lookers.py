"""Who is given looks, and when a run has nobody left."""

import asyncio

import pytest

from checker.bulk.looker import LostError, UnfitError
from checker.bulk.lookers import Lookers
from checker.bulk.looks import Job, Looked


class Someone:
    """Proves its port when it is let, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        """Take what comes of it."""
        self.name = "worker 1"
        self.proves = asyncio.Event()
        self._error = error

    async def prove(self) -> bool:
        """Whether its port is open."""
        await self.proves.wait()
        if self._error is not None:
            raise self._error
        return True

    async def take(self, _job: Job) -> Looked:
        """Take a look."""
        raise AssertionError


async def test_a_run_ends_when_nobody_is_of_use_and_not_before_the_last_has_shown_it() -> None:
    remarks: list[str] = []
    lookers = Lookers(remarks.append, may_come=True)
    unfit, slow = Someone(UnfitError("another version")), Someone(UnfitError("another version"))
    unfit.proves.set()
    proving = asyncio.create_task(lookers.add(slow))
    await asyncio.sleep(0)
    assert not await lookers.add(unfit)
    lookers.settle()
    slow.proves.set()
    assert not await proving
    with pytest.raises(UnfitError, match="another version"):
        lookers.settle()
    assert remarks == ["worker 1 gets no looks: another version"] * 2


async def test_whoever_is_gone_may_come_back() -> None:
    remarks: list[str] = []
    lookers = Lookers(remarks.append, may_come=True)
    gone = Someone(LostError("it has left the cluster"))
    gone.proves.set()
    assert not await lookers.add(gone)
    lookers.settle()
    assert remarks == ["worker 1 is gone, and others do its work: it has left the cluster"]
