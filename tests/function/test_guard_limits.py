"""How often a client may ask, and what it is told when that is too often."""

import asyncio

import httpx
import pytest

from checker.function.app import create_app
from checker.function.guard.client import read_networks
from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.function.options import Options
from checker.settings import SettingsError
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


def test_limits_come_from_the_environment() -> None:
    options = GuardOptions.from_environment(
        {
            "CHECKER_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
            "CHECKER_CLIENT_LIMIT": "7/10 minutes",
            "CHECKER_CLIENT_AT_ONCE": "off",
        }
    )
    assert options == GuardOptions(
        trusted_proxies=read_networks(["10.0.0.0/8", "fd00::/8"]),
        client_limit=Rate(7, 600),
        client_at_once=None,
    )
    assert GuardOptions.from_environment({"CHECKER_CLIENT_LIMIT": " "}) == GuardOptions()
    hourly = GuardOptions.from_environment({"CHECKER_CLIENT_LIMIT": "9/hour"})
    assert hourly.client_limit == Rate(9, HOUR)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("CHECKER_TRUSTED_PROXIES", "everyone"),
        ("CHECKER_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CHECKER_CLIENT_LIMIT", "many"),
        ("CHECKER_CLIENT_LIMIT", "0/minute"),
        ("CHECKER_CLIENT_LIMIT", "5/fortnight"),
        ("CHECKER_CLIENT_AT_ONCE", "0"),
        ("CHECKER_CLIENT_AT_ONCE", "-1"),
    ],
)
def test_a_limit_that_cannot_be_used_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        GuardOptions.from_environment({variable: text})
