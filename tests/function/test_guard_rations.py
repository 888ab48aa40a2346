"""A domain and a mail server are asked only so often; nobody is refused for that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from dns.rdata import from_text
from dns.rdataclass import IN
from dns.rdatatype import RdataType

from checker.function.app import create_app
from checker.function.guard.client import read_networks
from checker.function.guard.counter import MemoryCounter
from checker.function.guard.options import GuardOptions
from checker.function.guard.rations import Rations
from checker.function.interface import Rate
from checker.function.options import Options
from checker.network import DnsAnswer, DnsStatus
from tests.function.conftest import Connect
from tests.function.fakes import ADDRESS, MailServer, Zone, make_checker

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


@pytest.mark.parametrize("domain", [None, RATE])
async def test_who_wished_for_a_new_look_and_got_the_old_one_is_told_when_there_may_be_one(
    connect: Connect, mail_server: MailServer, domain: Rate | None
) -> None:
    options = Options(guard=GuardOptions(client_limit=None, domain_limit=domain))
    async with connect(options) as client:
        plain, granted, old = [(await ask(client, fresh=fresh)).json() for fresh in ("0", "1", "1")]
        unasked = (await ask(client)).json()
    assert old["attempts"] == granted["attempts"]
    assert greetings(mail_server) == 2
    assert 50 < old["retry_after"] <= 60
    assert not [one for one in (plain, granted, unasked) if "retry_after" in one]


async def test_a_look_that_is_new_for_another_reason_is_called_new(connect: Connect) -> None:
    async with connect(limited()) as client:
        told = [(await ask(client, fresh="1")).json() for _ in "123"]
    assert not [one for one in told if "retry_after" in one]


async def test_a_wish_that_only_the_limit_of_the_address_denied_is_told_of_as_well(
    connect: Connect,
) -> None:
    async with connect(limited(address=RATE)) as client:
        await ask(client)
        await ask(client, fresh="1")
        old = (await ask(client, fresh="1")).json()
    assert 3_500 < old["retry_after"] <= 3_600


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
        told = await ask(client, operator="careful")
    assert told.status_code == 429
    assert told.json()["code"] == "too-many-checks"
    assert 3_500 < int(told.headers["retry-after"]) <= 3_600
    assert greetings(mail_server) == 1


class OwnNames(Zone):
    """Any domain of a stranger names the only mail server's address as its own, five times."""

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Answer for these names as well."""
        if not name.endswith(".stranger.test") or record_type not in {"MX", "A"}:
            return await super().resolve(name, record_type, checking_disabled=checking_disabled)
        if record_type == "A":
            records = [from_text(IN, RdataType.A, ADDRESS)]
        else:
            records = [from_text(IN, RdataType.MX, f"10 mx{n}.{name}.") for n in range(5)]
        return DnsAnswer(DnsStatus.ANSWER, tuple(records))


@asynccontextmanager
async def crowd(mail_server: MailServer, limit: Rate) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a function that believes what is said of who asks."""
    guard = GuardOptions(
        trusted_proxies=read_networks(["127.0.0.0/8"]), domain_limit=None, address_limit=limit
    )
    app = create_app(make_checker(mail_server, OwnNames()), Options(guard=guard))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://function.test"
    ) as client:
        yield client


async def ask_as(who: str, client: httpx.AsyncClient, domain: str, **more: str) -> httpx.Response:
    """Ask as somebody else."""
    headers = {"X-Forwarded-For": who}
    return await client.post(CHECK, data={"domain": domain, **more}, headers=headers)


@pytest.mark.parametrize("fresh", ["", "1"])
async def test_one_client_cannot_use_up_what_others_need(
    mail_server: MailServer, fresh: str
) -> None:
    limit = Rate(40, 3_600)
    async with crowd(mail_server, limit) as client:
        for number in range(24):
            await ask_as("192.0.2.1", client, f"d{number}.stranger.test", fresh=fresh)
        used = greetings(mail_server)
        refused = await ask_as("192.0.2.1", client, "another.stranger.test")
        visitors = [
            (await ask_as(f"198.51.100.{number}", client, "example.test", operator=operator)).json()
            for number, operator in enumerate(["careful", "mediafinanz"])
        ]
    # Three quarters, and the first look; so much again of the quarter for fresh ones.
    assert used == (31 + 8 if fresh else 31)
    assert refused.status_code == 429
    assert {one["outcome"] for one in visitors} == {"fails"}
    assert greetings(mail_server) == used + 2


async def test_however_many_clients_there_are_the_total_never_rises(
    mail_server: MailServer,
) -> None:
    limit = Rate(20, 3_600)
    async with crowd(mail_server, limit) as client:
        for number in range(60):
            who, domain = f"192.0.2.{number}", f"d{number}.stranger.test"
            await ask_as(who, client, domain, fresh=str(number % 2))
        last = await ask_as("198.51.100.1", client, "example.test")
    assert greetings(mail_server) == 20 + 5
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 3_000


async def test_who_has_looked_where_stands_nowhere() -> None:
    kept = set[str]()

    class Listening(MemoryCounter):
        async def wait(self, kind: str, key: str, rate: Rate) -> int:
            kept.add(f"{kind} {key}")
            return await super().wait(kind, key, rate)

    rations = Rations(GuardOptions(), Listening())
    for client in ("192.0.2.1", "192.0.2.2"):
        ration = await rations.ration(client, "example.test", fresh=False)
        assert await ration.permits(ADDRESS)
        assert await ration.permits(ADDRESS)
    assert len(kept) == 5
    assert not any(client in key for key in kept for client in ("192.0.2.1", "192.0.2.2"))


async def test_beyond_the_limit_what_is_known_is_told_with_its_age(
    mail_server: MailServer,
) -> None:
    async with crowd(mail_server, Rate(4, 3_600)) as client:
        known = await ask_as("192.0.2.1", client, "example.test")
        for number in range(4):
            await ask_as("192.0.2.2", client, f"d{number}.stranger.test")
        told = await ask_as("192.0.2.3", client, "example.test", fresh="0")
        unknown = await ask_as("192.0.2.3", client, "d9.stranger.test")
    assert told.json()["attempts"] == known.json()["attempts"]
    assert unknown.status_code == 429
