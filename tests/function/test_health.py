"""``/healthz`` and every answer know whether our own port 25 is open."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from checker.check import Checker
from checker.conversation.trust import Trust
from checker.function.app import create_app
from checker.function.options import Options
from checker.production import build_checker
from checker.settings import Settings
from tests.checker.handmade import HandmadeDns, network
from tests.lab import Lab

CHECK = "/api/v1/check"
OPEN, CLOSED = "mx.healthy.test", "mx.connection-refused.test"
# The lab's resolver knows nothing of the root.
WELL = (200, {"status": "ok", "port_25": "open", "dnssec": "unknown", "authorities": "found"})
FAILING = (
    503,
    {"status": "failing", "port_25": "closed", "dnssec": "unknown", "authorities": "found"},
)
NOT_KNOWN = (
    200,
    {"status": "ok", "port_25": "unknown", "dnssec": "unknown", "authorities": "found"},
)

Running = Callable[[str | None], Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def running(lab: Lab) -> AsyncIterator[Running]:
    """Makes a client of a function that has this canary in the lab."""
    async with AsyncExitStack() as stack:

        async def run(canary: str | None) -> httpx.AsyncClient:
            settings = Settings(
                resolver=lab.resolver,
                smtp_port=lab.smtp_port,
                allow_network=lab.allow_network,
                ca_file=lab.ca_file,
                canary=canary,
            )
            checker = build_checker(settings)
            stack.push_async_callback(checker.close)
            transport = httpx.ASGITransport(create_app(checker, Options()))
            client = httpx.AsyncClient(transport=transport, base_url="http://function.test")
            return await stack.enter_async_context(client)

        yield run


@pytest.mark.parametrize(("canary", "health"), [(OPEN, WELL), (CLOSED, FAILING), (None, NOT_KNOWN)])
async def test_our_health_is_that_of_our_port_25(
    running: Running, canary: str | None, health: tuple[int, dict[str, str]]
) -> None:
    client = await running(canary)
    together = await asyncio.gather(*(client.get("/healthz") for _ in range(5)))
    assert [(response.status_code, response.json()) for response in together] == [health] * 5
    assert together[0].headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("canary", "problem"),
    [
        (OPEN, "connection-failed"),
        (CLOSED, "checker-unreachable"),
        (None, "connection-failed"),
    ],
)
async def test_a_mail_server_that_cannot_be_connected_to(
    running: Running, canary: str | None, problem: str
) -> None:
    client = await running(canary)
    for _ in range(2):
        # The second answer is made of what the first one found.
        response = await client.post(CHECK, json={"domain": "connection-refused.test"})
        answer = response.json()
        assert (answer["outcome"], answer["problems"][0]["id"]) == ("unknown", problem)
    page = await client.post(
        CHECK, data={"domain": "connection-refused.test"}, headers={"Accept": "text/html"}
    )
    assert page.headers["location"].startswith(f"/problems/{problem}/#outcome-unknown")


async def test_a_mail_server_that_answers_is_judged_whatever_the_canary_does(
    running: Running,
) -> None:
    client = await running(CLOSED)
    for domain, outcome in [("healthy.test", "delivers"), ("expired.test", "fails")]:
        response = await client.post(CHECK, json={"domain": domain})
        assert response.json()["outcome"] == outcome


async def test_it_says_that_it_is_well(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


@pytest.mark.parametrize(("signed", "dnssec"), [(True, "validated"), (False, "not-validated")])
async def test_it_says_whether_the_resolver_validates(*, signed: bool, dnssec: str) -> None:
    root = ". SOA a.example. b.example. 1 7200 3600 1209600 3600"
    app = create_app(Checker(network(HandmadeDns(root, signed=signed)), Trust()), Options())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        health = (await client.get("/healthz")).json()
    assert (health["status"], health["dnssec"]) == ("ok", dnssec)


async def test_it_says_that_there_is_no_authority_to_believe(tmp_path: Path) -> None:
    checker = Checker(network(HandmadeDns()), Trust(places=[tmp_path]))
    transport = httpx.ASGITransport(create_app(checker, Options()))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        response = await client.get("/healthz")
    health = response.json()
    told = (response.status_code, health["status"], health["authorities"])
    assert told == (503, "failing", "none")
