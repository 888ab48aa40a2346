"""Where more comes than this process can follow, who would wait too long is told so."""

import asyncio
import math
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from checker.function.app import create_app
from checker.function.errors import HttpError
from checker.function.guard.pace import PATIENCE, Pace
from checker.function.options import Options
from checker.settings import FUNCTION_TIMEOUT
from tests.function.fakes import MailServer, make_checker

CHECK = "/api/v1/check"
ASKED = {"domain": "example.test", "lang": "en"}
SOON = 0.05


async def test_a_process_at_its_ease_lets_all_begin() -> None:
    pace = Pace(busy=math.inf)
    await asyncio.gather(*(pace.begin() for _ in range(1_000)))


async def test_a_busy_one_turns_away_who_waits_too_long() -> None:
    pace = Pace(SOON, busy=0)
    with pytest.raises(HttpError) as told:
        await pace.begin()
    assert (told.value.status, told.value.code) == (503, "overloaded")
    assert told.value.retry_after


async def test_nobody_overtakes() -> None:
    pace, begun = Pace(busy=math.inf), []

    async def begin(number: int) -> None:
        await pace.begin()
        begun.append(number)

    await asyncio.gather(*(begin(number) for number in range(50)))
    assert begun == list(range(50))


async def test_who_leaves_is_not_waited_for() -> None:
    pace = Pace(busy=math.inf)
    waiting = [asyncio.create_task(pace.begin()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in waiting[:2]:
        task.cancel()
    await waiting[2]


def test_enough_time_is_left_for_a_silent_mail_server() -> None:
    assert FUNCTION_TIMEOUT - PATIENCE > 12


@pytest_asyncio.fixture
async def busy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a function that is busy all the time."""
    monkeypatch.setattr("checker.function.guard.between.Pace", lambda: Pace(SOON, busy=0))
    checker = make_checker(MailServer())
    transport = httpx.ASGITransport(create_app(checker, Options()))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        yield client
    await checker.close()


async def test_a_visitor_is_told_when_to_come_again(busy: httpx.AsyncClient) -> None:
    told = await busy.post(CHECK, data=ASKED)
    assert (told.status_code, told.json()["code"]) == (503, "overloaded")
    assert int(told.headers["retry-after"]) > 0


async def test_also_in_a_stream_that_has_begun(busy: httpx.AsyncClient) -> None:
    told = await busy.post(CHECK, data=ASKED, headers={"Accept": "text/event-stream"})
    assert told.status_code == 200
    assert "event: error" in told.text
    assert '"overloaded"' in told.text


async def test_and_by_a_plain_form(busy: httpx.AsyncClient) -> None:
    told = await busy.post(CHECK, data=ASKED, headers={"Accept": "text/html"})
    assert told.headers["location"] == "/en/#error-overloaded"
