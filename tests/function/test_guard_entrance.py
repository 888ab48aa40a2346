"""Who may enter, and what is told to those who may not now: too much by one, or by all together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from checker.function.app import create_app
from checker.function.errors import HttpError
from checker.function.guard.client import read_networks
from checker.function.guard.counter import MemoryCounter
from checker.function.guard.entrance import Entrance
from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.function.options import Options
from tests.function.conftest import Connect
from tests.function.fakes import MailServer, make_checker

CHECK = "/api/v1/check"
ASKED = {"domain": "example.test"}
HOUR = 3_600


def guarded(
    *, limit: Rate | None = None, at_once: int | None = None, proxies: tuple[str, ...] = ()
) -> Options:
    """Options with these limits and no other."""
    networks = read_networks(proxies)
    return Options(
        guard=GuardOptions(trusted_proxies=networks, client_limit=limit, client_at_once=at_once)
    )


async def test_a_client_over_its_limit_is_told_when_to_come_again(connect: Connect) -> None:
    async with connect(guarded(limit=Rate(2, HOUR))) as client:
        answers = [await client.post(CHECK, json=ASKED) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["cache-control"] == "no-store"
    told = refused.json()
    assert told["code"] == "too-many-checks"
    assert told["type"] == "urn:zustellbar:error:too-many-checks"
    assert 0 < told["retry_after"] <= HOUR
    assert refused.headers["retry-after"] == str(told["retry_after"])


async def test_a_stream_over_the_limit_is_refused_before_it_begins(connect: Connect) -> None:
    headers = {"Accept": "text/event-stream"}
    async with connect(guarded(limit=Rate(1, HOUR))) as client:
        answers = [await client.post(CHECK, data=ASKED, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["code"] == "too-many-checks"


async def test_a_plain_form_over_the_limit_leads_to_the_message(connect: Connect) -> None:
    headers = {"Accept": "text/html"}
    asked = {**ASKED, "lang": "en"}
    async with connect(guarded(limit=Rate(1, HOUR))) as client:
        answers = [await client.post(CHECK, data=asked, headers=headers) for _ in range(2)]
    assert answers[1].status_code == 303
    assert answers[1].headers["location"] == "/en/#error-too-many-checks"
    assert 0 < int(answers[1].headers["retry-after"]) <= HOUR


async def test_what_cannot_be_checked_does_not_count(connect: Connect) -> None:
    async with connect(guarded(limit=Rate(1, HOUR))) as client:
        for typed in ["", "192.0.2.1", "localhost"]:
            assert (await client.post(CHECK, json={"domain": typed})).status_code == 400
        assert (await client.post(CHECK, json=ASKED)).status_code == 200


async def test_clients_behind_a_configured_proxy_have_a_limit_each(connect: Connect) -> None:
    options = guarded(limit=Rate(1, HOUR), proxies=("127.0.0.0/8",))
    told = []
    async with connect(options) as client:
        for address in [
            "192.0.2.1",
            "192.0.2.2",
            "6.6.6.6, 192.0.2.1",
            "2001:db8::1",
            "2001:db8::2",
        ]:
            headers = {"X-Forwarded-For": address}
            told.append((await client.post(CHECK, json=ASKED, headers=headers)).status_code)
    assert told == [200, 200, 429, 200, 429]


async def test_nobody_gets_a_new_limit_by_a_header(connect: Connect) -> None:
    told = []
    async with connect(guarded(limit=Rate(1, HOUR))) as client:
        for address in ["192.0.2.1", "192.0.2.2"]:
            headers = {"X-Forwarded-For": address}
            told.append((await client.post(CHECK, json=ASKED, headers=headers)).status_code)
    assert told == [200, 429]


async def test_a_client_gets_only_so_many_checks_at_once() -> None:
    silent = MailServer(silent=True)
    checker = make_checker(silent)
    app = create_app(checker, guarded(at_once=1))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://function.test"
    ) as client:
        first = asyncio.create_task(client.post(CHECK, json=ASKED))
        await silent.connected.wait()
        refused = await client.post(CHECK, json=ASKED)
        first.cancel()
        await asyncio.wait({first})
        again = await client.post(CHECK, json={"domain": "nowhere.test"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert again.status_code == 200
    await checker.close()


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "text/html"])
async def test_a_check_that_has_ended_makes_room(connect: Connect, accept: str) -> None:
    async with connect(guarded(at_once=1)) as client:
        for _ in range(3):
            response = await client.post(CHECK, data=ASKED, headers={"Accept": accept})
            assert response.status_code in {200, 303}
            assert "error" not in response.headers.get("location", "")


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
    entrance = Entrance(GuardOptions(at_once=3, client_at_once=2), MemoryCounter())
    entering = [entrance.enter(client) for client in ("a", "b", "a", "a", "b", "c")]
    told = await asyncio.gather(*entering, return_exceptions=True)
    assert [getattr(one, "code", None) for one in told] == [
        *(None, None, None),
        *("overloaded", "overloaded", "overloaded"),
    ]
    entrance.leave("b")
    with pytest.raises(HttpError, match="too-many-checks"):
        await entrance.enter("a")
    await entrance.enter("b")


async def test_what_has_ended_makes_room() -> None:
    checker = make_checker(MailServer())
    transport = httpx.ASGITransport(create_app(checker, Options(guard=GuardOptions(at_once=1))))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        for accept in ("application/json", "text/event-stream", "text/html") * 2:
            told = await client.post(CHECK, data=ASKED, headers={"Accept": accept})
            assert told.status_code in {200, 303}
            assert "error" not in told.headers.get("location", "")
    await checker.close()
