"""What is remembered of visitors and results is gone from memory when its time is over."""

import asyncio

from checker.function.app import create_app
from checker.function.guard.counter import MemoryCounter
from checker.function.guard.guard import Guard
from checker.function.guard.options import GuardOptions
from checker.function.guard.store import MemoryStore
from checker.function.interface import Rate
from checker.function.options import Options
from tests.function.fakes import MailServer, Zone, make_checker

CLIENT, OTHER = "192.0.2.7", "192.0.2.8"


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time in seconds."""
        return self.now


def held(thing: object) -> str:
    """Everything that an object holds, as text."""
    return repr(vars(thing))


async def test_a_client_is_forgotten_when_its_window_is_over() -> None:
    clock = Clock()
    counter = MemoryCounter(clock=clock)
    counter.forget()
    await counter.wait("client", CLIENT, Rate(1, 600))
    clock.now = 300
    await counter.wait("client", OTHER, Rate(1, 600))
    clock.now = 599
    counter.forget()
    assert CLIENT in held(counter)
    clock.now = 600
    counter.forget()
    assert CLIENT not in held(counter)
    assert await counter.wait("client", OTHER, Rate(1, 600)) == 300


async def test_a_result_is_forgotten_when_its_time_is_over() -> None:
    clock = Clock()
    store = MemoryStore(1_000, clock)
    await store.put("answer:example.test", "one", 3_600)
    await store.put("answer:other.test", "another", 7_200)
    await store.get("answer:example.test")
    clock.now = 3_600
    store.forget()
    assert "example.test" not in held(store)
    assert await store.get("answer:other.test") == "another"
    clock.now = 7_200
    store.forget()
    assert "other" not in held(store)


async def test_nobody_has_to_come_for_that() -> None:
    options = GuardOptions(client_limit=Rate(1, 1))
    guard = Guard(options, Zone())
    await guard.entrance.enter(CLIENT)
    guard.entrance.leave(CLIENT)
    forgetting = asyncio.create_task(guard.forget(every=0.01))
    async with asyncio.timeout(30):
        while CLIENT in held(guard._state.counter):  # noqa: ASYNC110, SLF001 - nothing tells of it
            await asyncio.sleep(0.01)
    forgetting.cancel()


async def test_it_goes_on_for_as_long_as_the_function_runs() -> None:
    checker = make_checker(MailServer())
    app = create_app(checker, Options())
    before = asyncio.all_tasks()
    async with app.router.lifespan_context(app):
        (task,) = asyncio.all_tasks() - before
        assert not task.done()
    await asyncio.wait({task})
    assert task.cancelled()
