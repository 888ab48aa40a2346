"""A policy's web server is asked as seldom as a mail server, and nobody is blamed for that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.function.app import create_app
from checker.function.guard.options import GuardOptions
from checker.function.guard.store import MemoryStore
from checker.function.guard.sts_policies import StsPolicyCache
from checker.function.interface import Rate
from checker.function.options import Options
from checker.network import Permits, StsFetchError, UnfetchedError, WebPkiError, always
from checker.problems import Cause
from tests.function.fakes import MailServer, make_checker
from tests.function.test_guard_opt_out import WithRecord

CHECK = "/api/v1/check"
DOMAIN = "example.test"
WEB_SERVER = "127.25.200.9"
MINUTES = timedelta(minutes=5)
POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: other.test\r\nmax_age: 86400\r\n"


class WebServer:
    """Fetches from a web server that counts how often it is asked."""

    def __init__(self, *answers: bytes | StsFetchError) -> None:
        """Take what it says, one after the other."""
        self.asked = 0
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self._answers = list(answers)

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        """Ask it."""
        if not await permits(WEB_SERVER):
            raise UnfetchedError(Cause.RATIONED)
        self.asked += 1
        self.begun.set()
        await self.go_on.wait()
        answer = self._answers.pop(0)
        if isinstance(answer, StsFetchError):
            raise answer
        return answer + domain.encode() * 0


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell it."""
        return self.now


def cache(clock: Clock | None = None, lifetime: timedelta = MINUTES) -> StsPolicyCache:
    """A cache in memory."""
    return StsPolicyCache(MemoryStore(100_000), lifetime, clock or Clock())


async def test_a_policy_counts_for_minutes() -> None:
    clock, server = Clock(), WebServer(b"one", b"two", b"three")
    policies = cache(clock)
    assert [await policies.through(server).fetch(DOMAIN) for _ in "12"] == [b"one"] * 2
    clock.now += MINUTES
    assert await policies.through(server).fetch(DOMAIN) == b"two"
    assert await policies.through(server, fresh=True).fetch(DOMAIN) == b"three"
    clock.now += MINUTES
    assert await policies.through(server, older=True).fetch(DOMAIN) == b"three"


async def test_it_counts_only_for_who_believes_the_same_authorities() -> None:
    store, believed, server = MemoryStore(100_000), ["one"], WebServer(b"one", b"two")
    policies = StsPolicyCache(store, MINUTES, Clock(), lambda: believed[-1])
    told = []
    for authorities in ("one", "other", "one"):
        believed.append(authorities)
        told.append(await policies.through(server).fetch(DOMAIN))
    assert told == [b"one", b"two", b"one"]


@pytest.mark.parametrize("error", [StsFetchError("http-404"), WebPkiError("certificate-expired")])
async def test_so_does_that_there_is_none(error: StsFetchError) -> None:
    server = WebServer(error)
    policies = cache()
    for _ in "12":
        with pytest.raises(type(error), match=str(error)):
            await policies.through(server).fetch(DOMAIN)
    assert server.asked == 1


async def test_beyond_the_limit_the_last_one_is_used() -> None:
    clock, server, left = Clock(), WebServer(b"one"), [True]
    policies = cache(clock)

    async def permits(_address: str) -> bool:
        return bool(left) and left.pop()

    await policies.through(server, permits=permits).fetch(DOMAIN)
    clock.now += MINUTES
    fresh = policies.through(server, fresh=True, permits=permits)
    assert await fresh.fetch(DOMAIN) == b"one"
    with pytest.raises(UnfetchedError, match="rationed"):
        await policies.through(server, permits=permits).fetch("other.test")


async def test_what_was_our_fault_is_not_kept() -> None:
    server = WebServer(UnfetchedError(Cause.TOO_MANY_FILES), b"one")
    policies = cache()
    with pytest.raises(UnfetchedError):
        await policies.through(server).fetch(DOMAIN)
    assert await policies.through(server).fetch(DOMAIN) == b"one"


async def test_checks_at_the_same_time_fetch_it_once() -> None:
    server = WebServer(b"one")
    policies = cache()
    server.go_on.clear()
    waiting = [asyncio.create_task(policies.through(server).fetch(DOMAIN)) for _ in range(5)]
    await server.begun.wait()
    server.go_on.set()
    assert await asyncio.gather(*waiting) == [b"one"] * 5


async def test_one_that_leaves_lets_the_next_one_fetch() -> None:
    server = WebServer(b"one")
    policies = cache()
    server.go_on.clear()
    waiting = [asyncio.create_task(policies.through(server).fetch(DOMAIN)) for _ in "12"]
    await server.begun.wait()
    waiting[0].cancel()
    server.go_on.set()
    assert await waiting[1] == b"one"
    assert server.asked == 2


async def test_without_a_lifetime_each_check_fetches_itself() -> None:
    server = WebServer(b"one", b"two")
    policies = cache(lifetime=timedelta(0))
    assert [await policies.through(server).fetch(DOMAIN) for _ in "12"] == [b"one", b"two"]


@given(st.binary(max_size=100))
def test_what_is_kept_is_what_was_fetched(body: bytes) -> None:
    async def twice() -> list[bytes]:
        policies, server = cache(), WebServer(body)
        return [await policies.through(server).fetch(DOMAIN) for _ in "12"]

    assert asyncio.run(twice()) == [body, body]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"at": 1}', '{"at": "x"}', "nonsense"])
async def test_what_is_none_of_ours_is_not_taken_for_a_policy(text: str) -> None:
    store = MemoryStore(1_000)
    await store.put(f"policy:{DOMAIN} ", text, 60)
    policies = StsPolicyCache(store, MINUTES)
    assert await policies.through(WebServer(b"one")).fetch(DOMAIN) == b"one"


@asynccontextmanager
async def function(server: WebServer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a function for a domain with a policy, whose addresses may be asked once."""
    zone = WithRecord("_mta-sts.example.test", '"v=STSv1; id=1;"')
    checker = make_checker(MailServer(), zone, server)
    guard = GuardOptions(address_limit=Rate(1, 3_600), result_lifetime=0)
    transport = httpx.ASGITransport(create_app(checker, Options(guard=guard)))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        yield client
    await checker.close()


async def test_the_function_counts_web_servers_like_mail_servers() -> None:
    server = WebServer(POLICY, POLICY)
    async with function(server) as client:
        told = [(await client.post(CHECK, data={"domain": DOMAIN})).json() for _ in "12"]
    assert server.asked == 1
    for answer in told:
        assert "sts-policy-invalid" in [problem["id"] for problem in answer["problems"]]


@pytest.mark.parametrize(
    "cause", [Cause.RATIONED, Cause.TOO_MANY_FILES, Cause.RESOLVER, Cause.NO_ROUTE]
)
async def test_that_we_could_not_fetch_it_does_not_matter_to_who_heeds_no_policy(
    cause: Cause,
) -> None:
    async with function(WebServer(UnfetchedError(cause))) as client:
        told = (await client.post(CHECK, data={"domain": DOMAIN})).json()
    assert [problem["id"] for problem in told["problems"]] == ["starttls-not-supported"]
