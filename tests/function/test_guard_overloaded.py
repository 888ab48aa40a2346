"""When as many checks go on as can be done, the next visitor is told so at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from checker.function.app import create_app
from checker.function.errors import HttpError
from checker.function.guard.client import read_networks
from checker.function.guard.guard import Guard
from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.function.options import Options
from tests.function.fakes import MailServer, Zone, make_checker

CHECK = "/api/v1/check"
ASKED = {"domain": "example.test"}


@asynccontextmanager
async def full(rate: Rate | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a function that may do one check, which waits for a mail server."""
    silent = MailServer(silent=True)
    checker = make_checker(silent)
    guard = GuardOptions(
        at_once=1, trusted_proxies=read_networks(["127.0.0.0/8"]), client_limit=rate
    )
    transport = httpx.ASGITransport(create_app(checker, Options(guard=guard)))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        waiting = asyncio.create_task(ask(client, "192.0.2.1"))
        await silent.connected.wait()
        yield client
        waiting.cancel()
        await asyncio.wait({waiting})
    await checker.close()


async def ask(
    client: httpx.AsyncClient, address: str, accept: str = "application/json"
) -> httpx.Response:
    """Ask from an address."""
    headers = {"X-Forwarded-For": address, "Accept": accept}
    return await client.post(CHECK, data={**ASKED, "lang": "en"}, headers=headers)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_one_too_many_is_told_when_to_come_again(accept: str) -> None:
    async with full() as client:
        refused = await ask(client, "198.51.100.1", accept)
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["cache-control"] == "no-store"
    told = refused.json()
    assert (told["code"], told["type"]) == ("overloaded", "urn:zustellbar:error:overloaded")
    assert refused.headers["retry-after"] == str(told["retry_after"])


async def test_a_plain_form_leads_to_the_message() -> None:
    async with full() as client:
        refused = await ask(client, "198.51.100.1", "text/html")
    assert (refused.status_code, refused.headers["location"]) == (303, "/en/#error-overloaded")
    assert int(refused.headers["retry-after"]) > 0


async def test_who_is_turned_away_loses_none_of_its_checks() -> None:
    async with full(Rate(1, 3_600)) as client:
        told = [(await ask(client, "198.51.100.1")).json()["code"] for _ in range(3)]
    assert told == ["overloaded"] * 3


async def test_of_many_at_the_same_moment_no_more_begin_than_may() -> None:
    guard = Guard(GuardOptions(at_once=3, client_at_once=2), Zone())
    entering = [guard.enter(client) for client in ("a", "b", "a", "a", "b", "c")]
    told = await asyncio.gather(*entering, return_exceptions=True)
    assert [getattr(one, "code", None) for one in told] == [
        *(None, None, None),
        *("overloaded", "overloaded", "overloaded"),
    ]
    guard.leave("b")
    with pytest.raises(HttpError, match="too-many-checks"):
        await guard.enter("a")
    await guard.enter("b")


async def test_what_has_ended_makes_room() -> None:
    checker = make_checker(MailServer())
    transport = httpx.ASGITransport(create_app(checker, Options(guard=GuardOptions(at_once=1))))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        for accept in ("application/json", "text/event-stream", "text/html") * 2:
            told = await client.post(CHECK, data=ASKED, headers={"Accept": accept})
            assert told.status_code in {200, 303}
            assert "error" not in told.headers.get("location", "")
    await checker.close()
