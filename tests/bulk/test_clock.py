"""The time of one domain: what counts, and what does not."""

import asyncio

import pytest

from checker.bulk.clock import Clock

LIMIT = 0.2


@pytest.fixture
def clock() -> Clock:
    """The clock of a domain that is alone."""
    return Clock(asyncio.Semaphore(1))


async def test_work_counts(clock: Clock) -> None:
    async def work() -> None:
        async with clock.timeout(LIMIT):
            await clock.begin()
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await work()


async def test_waiting_does_not(clock: Clock) -> None:
    async with clock.timeout(LIMIT):
        await clock.begin()
        async with clock.waiting():
            await asyncio.sleep(2 * LIMIT)


async def test_of_two_that_wait_at_the_same_time_the_last_starts_the_clock(clock: Clock) -> None:
    async with clock.timeout(LIMIT):
        await clock.begin()
        with clock.stopped():
            async with clock.waiting():
                await asyncio.sleep(LIMIT)
            await asyncio.sleep(LIMIT)


async def test_what_another_one_spent_is_charged(clock: Clock) -> None:
    async with clock.timeout(60) as timeout:
        await clock.begin()
        before = timeout.when() or 0.0
        await clock.charge(30)
        assert timeout.when() == pytest.approx(before - 30, abs=1)


async def test_a_charge_beyond_the_limit_ends_the_check(clock: Clock) -> None:
    async def hear() -> None:
        async with clock.timeout(60):
            await clock.begin()
            await clock.charge(60)
            raise AssertionError("it went on")

    with pytest.raises(TimeoutError):
        await hear()


async def test_who_waits_makes_room_for_another_one() -> None:
    working = asyncio.Semaphore(1)
    one, other = Clock(working), Clock(working)
    async with one.timeout(5), other.timeout(5):
        await one.begin()
        async with one.waiting():
            await other.begin()
            other.end()
        one.end()
        one.end()
    assert not working.locked()
    await working.acquire()
    assert working.locked()
