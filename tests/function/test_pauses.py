"""The longest pause of the event loop is told for some minutes."""

import asyncio
import time

from checker.function.pauses import Pauses


class Clock:
    """A time that is set."""

    now = 0.0

    def __call__(self) -> float:
        """Tell it."""
        return self.now


def test_the_longest_is_told_for_minutes_and_then_forgotten() -> None:
    clock = Clock()
    pauses = Pauses(clock)
    assert pauses.longest == 0.0
    for seconds in (0.2, 0.7, 0.1):
        pauses.note(seconds)
    assert pauses.longest == 0.7
    clock.now = 310.0
    pauses.note(0.3)
    assert pauses.longest == 0.7
    clock.now = 620.0
    assert pauses.longest == 0.3
    clock.now = 930.0
    assert pauses.longest == 0.0


def test_nothing_is_told_of_long_ago_even_if_nobody_asked_meanwhile() -> None:
    clock = Clock()
    pauses = Pauses(clock)
    pauses.note(0.7)
    clock.now = 700.0
    assert pauses.longest == 0.0


async def test_what_blocks_the_loop_is_noticed() -> None:
    pauses = Pauses()
    watching = asyncio.create_task(pauses.watch())
    await asyncio.sleep(0)
    time.sleep(0.2)  # noqa: ASYNC251 - that is what is to be noticed
    await asyncio.sleep(0.01)
    watching.cancel()
    assert pauses.longest > 0.15
