"""A domain and a mail server are asked only so often; nobody is refused for that."""

import httpx
import pytest

from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.function.options import Options
from tests.function.conftest import Connect
from tests.function.fakes import MailServer

CHECK = "/api/v1/check"
RATE = Rate(1, 3_600)


def limited(*, domain: Rate | None = None, address: Rate | None = None) -> Options:
    """Options with these limits, and results that count no longer as soon as they are there."""
    return Options(
        guard=GuardOptions(
            client_limit=None, result_lifetime=0, domain_limit=domain, address_limit=address
        )
    )


async def ask(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    """Ask for the domain."""
    return await client.post(CHECK, data={"domain": "example.test", **fields})


def greetings(server: MailServer) -> int:
    """How often the mail server was greeted."""
    return sum(line.startswith(b"EHLO") for line in server.heard)


async def test_a_domain_over_its_limit_gets_its_last_answer(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(limited(domain=RATE)) as client:
        first, second = await ask(client), await ask(client)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert greetings(mail_server) == 1


async def test_another_sender_says_another_hello_and_so_has_a_look_of_its_own(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(limited(domain=RATE)) as client:
        await ask(client, operator="profihost")
        told = [(await ask(client, operator="careful")).json() for _ in "12"]
    assert [(one["operator"], one["outcome"]) for one in told] == [("careful", "fails")] * 2
    assert greetings(mail_server) == 2


@pytest.mark.parametrize("accept", ["text/event-stream", "text/html"])
async def test_the_last_answer_comes_in_every_form(connect: Connect, accept: str) -> None:
    headers = {"Accept": accept}
    asked = {"domain": "example.test"}
    async with connect(limited(domain=RATE)) as client:
        first, second = [await client.post(CHECK, data=asked, headers=headers) for _ in "12"]
    assert first.headers.get("location") == second.headers.get("location")
    assert first.text.splitlines()[-2:] == second.text.splitlines()[-2:]


async def test_a_fresh_look_is_granted_beyond_the_limit_of_the_domain(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(limited(domain=RATE)) as client:
        for _ in "12":
            await ask(client)
        await ask(client, fresh="1")
        await ask(client, fresh="1")
    assert greetings(mail_server) == 2


async def test_an_address_over_its_limit_is_told_by_its_last_result(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(limited(address=RATE)) as client:
        first, second = [(await ask(client)).json() for _ in "12"]
    assert second["attempts"] == first["attempts"]
    assert second["outcome"] == "fails"
    assert greetings(mail_server) == 1


async def test_a_fresh_look_is_granted_where_others_have_used_up_the_limit_of_the_address(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(limited(address=RATE)) as client:
        await ask(client)
        for _ in "12":
            await ask(client, fresh="1")
    assert greetings(mail_server) == 2


async def test_where_there_is_no_result_yet_the_limit_is_not_the_domain_s_fault(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(limited(address=RATE)) as client:
        await ask(client, operator="mediafinanz")
        told = (await ask(client, operator="careful")).json()
    assert told["outcome"] == "unknown"
    (problem,) = told["problems"]
    assert (problem["id"], problem["evidence"]) == ("checker-unreachable", {"cause": "rationed"})
    assert greetings(mail_server) == 1
