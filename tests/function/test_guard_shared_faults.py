"""Whatever becomes of the shared store, no check ends in a fault of ours, and no limit is lost."""

import asyncio
from collections import Counter as Bag
from collections.abc import Callable

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.commands.examining import Examination, NoResolver
from checker.conversation.trust import Trust
from checker.function.guard.shared import PREFIX, Seal, SharedServer, SharedStore
from checker.function.guard.store import MemoryStore
from checker.function.interface import Rate
from tests.checker.handmade import network
from tests.function.fakes import MailServer, make_checker
from tests.function.faulty_store import Fault, faulty
from tests.function.redis_server import RedisServer
from tests.function.test_guard_shared import CHECK, copies, warnings

LIMIT = 4
COPIES = 2
OPTIONS = {
    "client_limit": Rate(LIMIT, 3_600),
    "client_at_once": None,
    "domain_limit": None,
    "address_limit": None,
}
LIES = [
    b"$7\r\ngarbage\r\n",
    b"$4\r\n\xff\xfe\xfd\xfc\r\n",
    b"$-1\r\n",
    b":0\r\n",
    b":1\r\n",
    b":-5\r\n",
    b":99999999999999999999999999\r\n",
    b"*2\r\n$3\r\nfoo\r\n$3\r\nbar\r\n",
    b"*2\r\n:1\r\n:99999999999\r\n",
    b"*-1\r\n",
    b"+OK\r\n",
    b"-ERR I lie\r\n",
    b"-MOVED 3999 127.0.0.1:1\r\n",
    b"-NOSCRIPT\r\n",
    b"nonsense\r\n",
    b"\r\n",
    b"",
]


async def ask_all(clients: list[httpx.AsyncClient], times: int) -> Bag[int]:
    """Ask each copy so often, one after the other; how often each status came."""
    found = Bag[int]()
    for number in range(times):
        asked = {"domain": "example.test", "fresh": str(number % 2)}
        told = await asyncio.gather(*(client.post(CHECK, data=asked) for client in clients))
        found.update(response.status_code for response in told)
    return found


def checkers() -> tuple[object, object]:
    """Of two copies."""
    return make_checker(MailServer()), make_checker(MailServer())


async def test_a_slow_store_keeps_every_limit(
    redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        faulty(redis, Fault(delay=0.2)) as address,
        copies(address, checkers(), **OPTIONS) as clients,  # type: ignore[arg-type]
    ):
        assert await ask_all(clients, 3) == {200: LIMIT, 429: 2}
    assert warnings(caplog) == []


async def test_who_comes_while_it_cannot_follow_does_not_wait_for_it(redis: RedisServer) -> None:
    fault = Fault(delay=0.5)
    async with faulty(redis, fault) as address:
        server = SharedServer(address)
        store = SharedStore(server, MemoryStore(10_000))
        async with asyncio.timeout(5):
            # One after the other these would take ten seconds.
            await asyncio.gather(*(store.get(f"{number}") for number in range(320)))
        await server.close()


async def test_a_full_store_is_told_once_and_each_copy_counts_by_itself(
    redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with copies(redis, checkers(), **OPTIONS) as clients:  # type: ignore[arg-type]
        before = await ask_all(clients, 1)
        redis.command(b"CONFIG", b"SET", b"maxmemory-policy", b"noeviction")
        redis.command(b"CONFIG", b"SET", b"maxmemory", b"1")
        found = before + await ask_all(clients, LIMIT + 1)
    assert set(found) == {200, 429}
    assert LIMIT <= found[200] <= COPIES * LIMIT
    assert len(warnings(caplog)) == COPIES


async def test_one_that_can_be_read_alone_is_not_back(
    redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis.command(b"CONFIG", b"SET", b"maxmemory", b"1")
    server = SharedServer(redis.address, pause=0.0)
    store = SharedStore(server, MemoryStore(1_000))
    await store.put("a", "b", 60)
    assert [await store.get("a") for _ in range(3)] == ["b"] * 3
    await server.close()
    assert len(warnings(caplog)) == 1


async def test_the_doctor_says_whether_it_can_be_written_to(redis: RedisServer) -> None:
    async def told(address: str) -> str:
        look = Examination(
            network=network(), resolver=NoResolver(), trust=Trust([], []), store=address
        )
        return str((await look.look()).store)

    assert await told(redis.address) == ""
    redis.command(b"CONFIG", b"SET", b"maxmemory", b"1")
    assert "memory" in await told(redis.address)
    redis.command(b"CONFIG", b"SET", b"maxmemory", b"0")
    # One for each command that the client sends at once.
    lies = b"-ERR I \x1b[31mlie\r\n" * 8
    async with faulty(redis, Fault(lie=lies)) as address:
        assert "I \N{REPLACEMENT CHARACTER}[31mlie" in await told(address)


async def test_a_store_that_forgets_gives_nobody_a_second_limit(redis: RedisServer) -> None:
    async with copies(redis, checkers(), **OPTIONS) as (one, _):  # type: ignore[arg-type]
        found = await ask_all([one], LIMIT + 1)
        for _ in range(3):
            redis.command(b"FLUSHALL")
            found += await ask_all([one], 2)
        redis.kill()
        redis.start()
        found += await ask_all([one], 2)
    assert found == {200: LIMIT, 429: 9}


@pytest.mark.parametrize("lie", LIES)
async def test_a_store_that_lies_does_no_harm(redis: RedisServer, lie: bytes) -> None:
    fault = Fault()
    async with (
        faulty(redis, fault) as address,
        copies(address, checkers(), **OPTIONS) as clients,  # type: ignore[arg-type]
    ):
        found = await ask_all(clients, 1)
        fault.lie = lie
        found += await ask_all(clients, LIMIT + 1)
    assert set(found) == {200, 429}
    assert found[200] <= COPIES * LIMIT


def garbled(redis: RedisServer, garble: Callable[[bytes], tuple[bytes, ...]]) -> None:
    """Change everything that the server holds."""
    for key in redis.command(b"KEYS", b"*").split(b"\r\n")[2::2]:
        redis.command(b"DEL", key)
        redis.command(*garble(key))


@pytest.mark.parametrize(
    "garble",
    [
        lambda key: (b"SET", key, b"garbage"),
        lambda key: (b"SET", key, b'{"seal": "00", "text": "{}"}'),
        lambda key: (b"SET", key, b"[" * 10_000),
        lambda key: (b"SET", key, b"\xff\xfe"),
        lambda key: (b"RPUSH", key, b"garbage", b"-1", b"nan", b"\xff"),
        lambda key: (b"RPUSH", key, *[b"99999999999"] * 10),
        lambda key: (b"HSET", key, b"a", b"b"),
    ],
)
async def test_values_that_are_not_ours_do_no_harm(
    redis: RedisServer, garble: Callable[[bytes], tuple[bytes, ...]]
) -> None:
    limits = {**OPTIONS, "domain_limit": Rate(1, 3_600)}
    async with copies(redis, checkers(), **limits) as clients:  # type: ignore[arg-type]
        found = await ask_all(clients, 1)
        for _ in range(LIMIT):
            garbled(redis, garble)
            found += await ask_all(clients, 1)
    assert set(found) == {200, 429}
    assert found[200] <= COPIES * LIMIT


# The seal says who has kept a text, not what is in it.
SEAL = Seal("secret")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(), st.text())
def test_what_was_kept_comes_back_and_nothing_else(key: str, text: str) -> None:
    sealed = SEAL.close(key, text)
    assert SEAL.open(key, sealed) == text
    assert SEAL.open(f"{key}x", sealed) is None
    assert Seal("another").open(key, sealed) is None
    assert SEAL.open(key, sealed.replace('"text": "', '"text": "x')) is None


@given(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()), st.binary()))
def test_whatever_else_comes_is_nothing(sealed: object) -> None:
    assert SEAL.open("key", sealed) is None


async def test_what_another_has_written_is_not_taken_for_ours(redis: RedisServer) -> None:
    server = SharedServer(redis.address)
    store = SharedStore(server, MemoryStore(1_000))
    redis.command(b"SET", f"{PREFIX}a".encode(), b'{"text": "theirs"}')
    assert await store.get("a") is None
    await store.put("a", "ours", 60)
    assert await store.get("a") == "ours"
    await server.close()
