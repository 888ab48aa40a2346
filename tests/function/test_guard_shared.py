"""Copies of the function with one Valkey or Redis server act as one; without it, each by itself."""

import asyncio
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from checker.check import Checker
from checker.function.app import create_app
from checker.function.guard.counter import Counter, MemoryCounter
from checker.function.guard.options import GuardOptions
from checker.function.guard.shared import PREFIX, SharedCounter, SharedServer, SharedStore
from checker.function.guard.store import MemoryStore
from checker.function.interface import Rate
from checker.function.options import Options
from checker.settings import SettingsError
from tests.function.fakes import MailServer, Zone, make_checker
from tests.function.redis_server import RedisServer
from tests.function.test_guard_opt_out import WithRecord
from tests.serving import ROOT, command, end, environment

CHECK = "/api/v1/check"
ASKED = {"domain": "example.test"}
RATE = Rate(2, 60)
HOURLY = Rate(2, 3_600)
THRICE = Rate(3, 60)
PATIENCE = 20.0
LOGGER = "checker.function.guard.shared"


class Clock:
    """A time that is set."""

    def __init__(self, now: float) -> None:
        """Start somewhere."""
        self.now = now

    def __call__(self) -> float:
        """Tell it."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, also for the library that counts."""
    clock = Clock(float(int(time.time())))
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest_asyncio.fixture
async def server(redis: RedisServer, clock: Clock) -> AsyncIterator[SharedServer]:
    """What one copy knows of the server."""
    server = SharedServer(redis.address, clock=clock)
    yield server
    await server.close()


@pytest.fixture(params=["memory", "shared"])
def counter(request: pytest.FixtureRequest, clock: Clock) -> Counter:
    """Both ways to count."""
    own = MemoryCounter(clock=clock)
    if request.param == "memory":
        return own
    return SharedCounter(request.getfixturevalue("server"), own)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What whoever runs the function is warned of."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


@pytest.mark.programs
async def test_no_moment_lets_more_pass_than_the_limit(counter: Counter, clock: Clock) -> None:
    told, start = [], clock.now
    for moment in (0, 59, 59.5, 60.5, 61, 118, 119.5, 120, 121):
        clock.now = start + moment
        told.append(await counter.wait("client", "192.0.2.1", RATE))
    # Never more than two within any 60 seconds; and who waits as long as told may ask again.
    assert told == [0, 0, 1, 0, 58, 1, 0, 1, 0]


@pytest.mark.programs
async def test_each_key_and_kind_is_counted_for_itself(counter: Counter) -> None:
    for kind, key in [("client", "a"), ("client", "b"), ("domain", "a")]:
        assert [await counter.wait(kind, key, RATE) for _ in range(3)] == [0, 0, 60]


async def test_memory_forgets_what_no_longer_counts_and_of_too_many_what_was_first() -> None:
    clock = Clock(0.0)
    counter = MemoryCounter(3, clock)
    assert [await counter.wait("client", key, Rate(1, 60)) for key in "abcd"] == [0] * 4
    assert [await counter.wait("client", key, Rate(1, 60)) for key in "dcba"] == [60, 60, 60, 0]


@asynccontextmanager
async def copies(
    redis: RedisServer | str, checkers: tuple[Checker, Checker], **guard: object
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of two functions that share the server, and nothing else."""
    address = redis if isinstance(redis, str) else redis.address
    options = Options(guard=GuardOptions(store=address, **guard))  # type: ignore[arg-type]
    apps = [create_app(checker, options) for checker in checkers]
    clients = [
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://function.test")
        for app in apps
    ]
    async with (
        clients[0],
        clients[1],
        apps[0].router.lifespan_context(apps[0]),
        apps[1].router.lifespan_context(apps[1]),
    ):
        yield clients


async def ask(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    """Ask for the domain."""
    return await client.post(CHECK, data={**ASKED, **fields})


async def test_copies_count_together(redis: RedisServer) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer())
    async with copies(redis, checkers, client_limit=HOURLY) as (one, other):
        told = [await ask(client) for client in (one, other, one, other)]
    assert [response.status_code for response in told] == [200, 200, 429, 429]
    assert 3_500 < int(told[-1].headers["retry-after"]) <= 3_600


async def test_what_one_has_seen_the_other_knows(redis: RedisServer) -> None:
    unasked = MailServer()
    async with copies(redis, (make_checker(MailServer()), make_checker(unasked))) as (one, other):
        first, second = (await ask(one)).json(), (await ask(other)).json()
    assert first["attempts"] == second["attempts"]
    assert not unasked.connected.is_set()


async def test_beyond_a_domain_s_limit_the_answer_of_any_copy_is_given(redis: RedisServer) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer())
    async with copies(redis, checkers, domain_limit=Rate(1, 3_600)) as (one, other):
        assert (await ask(one)).json() == (await ask(other)).json()


async def test_a_copy_that_introduces_itself_otherwise_gives_no_answer_of_another(
    redis: RedisServer,
) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer(), client_name="other.test")
    async with copies(redis, checkers, domain_limit=Rate(1, 3_600)) as (one, other):
        asked = [(await ask(client)).json() for client in (one, other)]
    told = [answer["attempts"][0]["ehlo_name"] for answer in asked]
    assert told == ["checker.test", "other.test"]


async def test_a_fresh_look_is_granted_once_by_all_copies(redis: RedisServer) -> None:
    servers = MailServer(), MailServer()
    checkers = make_checker(servers[0]), make_checker(servers[1])
    async with copies(redis, checkers) as (one, other):
        for client in (one, one, other):
            await ask(client, fresh="1")
    assert servers[0].connected.is_set()
    assert not servers[1].connected.is_set()


async def test_who_opted_out_is_left_alone_by_all_copies(redis: RedisServer) -> None:
    zone = WithRecord("_zustellbar.mx.example.test", '"opt-out"')
    checkers = make_checker(MailServer(), zone), make_checker(MailServer(), Zone())
    async with copies(redis, checkers) as (one, other):
        told = [
            (await ask(client, operator=operator)).status_code
            for client, operator in [(one, "careful"), (other, "careful"), (other, "mediafinanz")]
        ]
    assert told == [403] * 3


async def test_what_is_kept_is_json_and_numbers(redis: RedisServer, server: SharedServer) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer())
    async with copies(redis, checkers) as (one, _):
        await ask(one)
    texts, moments = [], []
    async for key in server.client.scan_iter():
        assert key.startswith(PREFIX)
        assert 0 < await server.client.ttl(key) <= 3_600
        if key.startswith(f"{PREFIX}limit"):
            moments += await server.client.lrange(key, 0, -1)  # type: ignore[misc]
        else:
            texts.append(await server.client.get(key))
    assert {type(json.loads(text)) for text in texts} == {dict}
    assert len(texts) == 2
    assert len(moments) == 4
    assert all(re.fullmatch(r"[0-9.]+", moment) for moment in moments)


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "null", "{}"])
async def test_what_is_none_of_ours_is_not_taken_for_an_answer(
    redis: RedisServer, text: str
) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer())
    options = {"domain_limit": Rate(1, 3_600)}
    async with copies(redis, checkers, **options) as (one, other):
        await ask(one)
        for key in re.findall(rb"\S+:(?:answer|probe):.+(?=\r)", redis.command(b"KEYS", b"*")):
            redis.command(b"SET", key, text.encode())
        told = await ask(other)
    assert told.status_code == 200
    assert told.json()["problems"][0]["id"] == "starttls-not-supported"


def killed(redis: RedisServer) -> None:
    """It dies."""
    redis.kill()


def hanging(redis: RedisServer) -> None:
    """It takes connections and never answers."""
    redis.stop()


def forbidding(redis: RedisServer) -> None:
    """It answers every command with an error."""
    redis.command(b"ACL", b"SETUSER", b"default", b"nocommands")


@pytest.mark.parametrize("lose", [killed, hanging, forbidding])
async def test_a_lost_server_is_told_once_and_harms_no_check(
    redis: RedisServer, lose: Callable[[RedisServer], None], caplog: pytest.LogCaptureFixture
) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer())
    async with copies(redis, checkers, client_limit=HOURLY) as (one, other):
        assert (await ask(one)).status_code == 200
        lose(redis)
        began = time.monotonic()
        told = await asyncio.gather(*(ask(client) for client in [one, other] * 3))
        # Long before the visitor's gateway gives up, though each check asks the store often.
        assert time.monotonic() - began < PATIENCE
    # Each copy counts by itself now, and knows what it let pass before.
    assert sorted(response.status_code for response in told) == [200] * 3 + [429] * 3
    assert len(warnings(caplog)) == 2
    assert all("this copy counts by itself" in line for line in warnings(caplog))
    assert "secret" not in caplog.text
    redis.go_on()


async def test_a_server_that_is_not_there_at_the_start_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    checkers = make_checker(MailServer()), make_checker(MailServer())
    async with copies("redis://:geheim@127.0.0.1:9/0", checkers) as (one, other):
        told = [(await ask(client)).status_code for client in (one, one, other, other)]
    assert told == [200] * 4
    assert len(warnings(caplog)) == 2
    assert "geheim" not in caplog.text


async def test_a_server_that_is_back_is_used_again(
    redis: RedisServer, server: SharedServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    store = SharedStore(server, MemoryStore(1_000, clock))
    counter = SharedCounter(server, MemoryCounter(clock=clock))
    for key in "ab":
        await store.put(key, "before", 60)
        assert await counter.wait("client", key, THRICE) == 0
        redis.kill()
        assert await store.get(key) is None
        await store.put(key, "meanwhile", 60)
        assert await store.get(key) == "meanwhile"
        assert await counter.wait("client", key, THRICE) == 0
        redis.start()
        # Nobody asks it at every turn whether it is back.
        assert await store.get(key) == "meanwhile"
        clock.now += 5
        assert await store.get(key) is None
        await store.put(key, "after", 60)
        assert await counter.wait("client", key, THRICE) == 0
        assert b"after" in redis.command(b"GET", f"{PREFIX}{key}".encode())
        assert redis.command(b"KEYS", f"{PREFIX}limit*/{key}/*".encode()).startswith(b"*1")
        # What it has forgotten this copy has not.
        assert await counter.wait("client", key, THRICE) > 0
    assert len(warnings(caplog)) == 2


async def test_while_it_is_lost_only_one_at_a_time_waits_for_it(
    redis: RedisServer, server: SharedServer, clock: Clock
) -> None:
    store = SharedStore(server, MemoryStore(1_000, clock))
    redis.stop()
    await store.get("a")
    clock.now += 5
    began = time.monotonic()
    first = asyncio.create_task(store.get("a"))
    await asyncio.gather(*(store.get("a") for _ in range(100)))
    assert not first.done()
    assert time.monotonic() - began < 1
    await first
    redis.go_on()


@pytest.mark.parametrize("address", ["geheim", "http://geheim@host", "redis://:geheim@host:port"])
def test_an_address_that_cannot_be_used_is_told_without_its_password(address: str) -> None:
    with pytest.raises(SettingsError, match="CHECKER_STORE") as told:
        SharedServer(address)
    assert "geheim" not in str(told.value)
    assert "geheim" not in repr(GuardOptions(store=address))


async def test_valkey_has_its_own_scheme(redis: RedisServer) -> None:
    server = SharedServer(redis.address.replace("redis://", "valkey://"))
    await SharedStore(server, MemoryStore(0)).put("a", "b", 60)
    assert b"b" in redis.command(b"GET", f"{PREFIX}a".encode())
    await server.close()


def test_without_the_client_library_the_lock_that_holds_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(SettingsError, match=r"CHECKER_STORE: needs requirements/store\.txt"):
        SharedServer("redis://127.0.0.1")
    assert "redis==" in (ROOT / "requirements" / "store.txt").read_text()


@pytest.mark.programs
def test_without_a_server_nothing_is_loaded_for_it() -> None:
    look = "import checker.function.asgi as it, sys; it.load(); print({*sys.modules} & {*sys.argv})"
    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", look, "redis", "limits", "prometheus_client"],
        cwd=ROOT,
        env=environment(CHECKER_RESOLVER="127.0.0.1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")


@contextmanager
def process(redis: RedisServer, resolver: str, errors: Path) -> Iterator[Callable[[], str]]:
    """A function in a process of its own, as everybody starts it; tells its origin."""
    variables = environment(
        CHECKER_STORE=redis.address,
        CHECKER_CLIENT_LIMIT="3/hour",
        CHECKER_RESOLVER=resolver,
    )
    with (
        errors.open("wb") as log,
        subprocess.Popen(  # noqa: S603 - a module of our own
            command("--port", "0"),
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as running,
    ):
        try:
            assert running.stdout
            line = running.stdout.readline
            yield lambda: line().strip().rstrip("/")
        finally:
            end(running)


def test_processes_share_the_limit_until_the_server_is_killed(
    redis: RedisServer, nowhere: str, tmp_path: Path
) -> None:
    logs = [tmp_path / "one", tmp_path / "other"]
    with process(redis, nowhere, logs[0]) as first, process(redis, nowhere, logs[1]) as second:
        one, other = first(), second()

        def ask(origin: str) -> int:
            return httpx.post(f"{origin}{CHECK}", data=ASKED, timeout=PATIENCE).status_code

        together = [ask(origin) for origin in (one, other, one, other, one)]
        redis.kill()
        alone = [ask(origin) for origin in (one, one, one, one, other)]
    assert together == [200, 200, 200, 429, 429]
    assert alone == [200, 429, 429, 429, 200]
    for log in logs:
        (line,) = log.read_text().splitlines()
        assert line.startswith("the store is lost (")
