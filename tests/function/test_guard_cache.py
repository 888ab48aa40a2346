"""A mail server is not asked again for what it said minutes ago, or is saying just now."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import senders
from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.smtp import Conversation
from checker.facts import (
    Choice,
    Connection,
    Failure,
    Finding,
    Handshake,
    MixedReply,
    Oddity,
    PathError,
    Reply,
    Seen,
    Speech,
)
from checker.function.guard.cache import ProbeCache
from checker.function.guard.options import GuardOptions
from checker.function.guard.record import dump, load
from checker.function.guard.store import MemoryStore
from checker.function.options import Options
from checker.problems import Cause, Stage
from checker.senders.hello import Checking
from checker.tls_version import TlsVersion
from tests.function.conftest import Connect
from tests.function.fakes import MailServer

CHECK = "/api/v1/check"
MINUTES = timedelta(minutes=5)
START = datetime(2026, 1, 1, tzinfo=UTC)
PROBE = Probe(
    "mx.example.test",
    "192.0.2.1",
    ("mx.example.test",),
    TlsVersion.TLS_1_2,
    TlsVersion.TLS_1_3,
    sni=False,
    server=senders.Server.POSTFIX,
    system=senders.System.DEBIAN_13,
    checking=Checking.CERTIFICATE,
)


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.now = START

    def __call__(self) -> datetime:
        """Tell it."""
        return self.now


class Closable:
    """A connection of which only the end matters."""

    def __init__(self) -> None:
        """Begin open."""
        self.closed = False

    async def read(self, size: int) -> bytes:
        """Nothing comes."""
        return b"" * size

    async def write(self, data: bytes) -> None:
        """Nothing goes."""

    def close(self) -> None:
        """End."""
        self.closed = True


class Server:
    """A prober whose server answers when it is let."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing asked."""
        self.asked: list[Probe] = []
        self.cancelled = 0
        self.answers = asyncio.Event()
        self.begun = asyncio.Event()
        self.answered = asyncio.Event()
        self.streams: list[Closable] = []
        self._clock = clock

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Answer once it may."""
        self.asked.append(probe)
        began = self._clock()
        watch(Stage.CONNECT)
        self.begun.set()
        try:
            await self.answers.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        stream = Closable()
        self.streams.append(stream)
        self.answered.set()
        return Seen(began, Connection(Stage.DONE)), Conversation(stream, "checker.test", 1.0)


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> ProbeCache:
    """A cache in memory."""
    return ProbeCache(MemoryStore(100_000), MINUTES, clock)


async def look(prober: Probing, probe: Probe = PROBE) -> Seen:
    """What was seen at an address; nobody watches."""
    seen, _ = await prober.probe(probe, lambda _: None)
    return seen


async def test_a_result_counts_for_minutes_and_tells_when_it_was_seen(
    cache: ProbeCache, clock: Clock
) -> None:
    server = Server(clock)
    server.answers.set()
    prober = cache.through(server)
    first = await look(prober)
    clock.now += MINUTES - timedelta(seconds=1)
    assert await look(prober) == first
    assert first.at == START
    assert len(server.asked) == 1
    clock.now += timedelta(seconds=1)
    assert (await look(prober)).at == clock.now
    assert len(server.asked) == 2


async def test_under_other_circumstances_it_is_looked_at_again(clock: Clock) -> None:
    circumstances = ["one authority"]
    cache = ProbeCache(
        MemoryStore(100_000), MINUTES, clock, circumstances=lambda: circumstances[-1]
    )
    server = Server(clock)
    server.answers.set()
    prober = cache.through(server)
    await look(prober)
    for other in [
        replace(PROBE, host="mx2.example.test"),
        replace(PROBE, address="192.0.2.2"),
        replace(PROBE, expected=("example.test", ".example.test")),
        replace(PROBE, maximum=TlsVersion.TLS_1_2),
        replace(PROBE, sni=True),
    ]:
        await look(prober, other)
    circumstances.append("another authority")
    await look(prober)
    assert len(server.asked) == 7


async def test_checks_at_the_same_time_are_one_for_the_server(
    cache: ProbeCache, clock: Clock
) -> None:
    server = Server(clock)
    prober = cache.through(server)
    told: list[Stage] = []
    first = asyncio.create_task(prober.probe(PROBE, lambda _: None))
    await server.begun.wait()
    second = asyncio.create_task(prober.probe(PROBE, told.append))
    server.answers.set()
    (one, talk), (other, silence) = await first, await second
    assert len(server.asked) == 1
    assert one == other
    assert told == [Stage.CONNECT]
    # Only one of them may take leave of the server.
    assert {talk is None, silence is None} == {True, False}


async def test_however_many_come_at_once_one_look_is_counted(clock: Clock) -> None:
    left = [True]

    async def permits(_address: str) -> bool:
        # A store elsewhere takes its time.
        await asyncio.sleep(0)
        return bool(left) and left.pop()

    cache = ProbeCache(MemoryStore(100_000), MINUTES, clock)
    server = Server(clock)
    server.answers.set()
    prober = cache.through(server, permits=permits)
    seen = await asyncio.gather(*(look(prober) for _ in range(5)))
    assert [one.first.stage for one in seen] == [Stage.DONE] * 5
    assert len(server.asked) == 1


class Client:
    """One of many, who may look or not."""

    def __init__(self, *, may: bool) -> None:
        """Begin with nothing asked."""
        self.may = may
        self.asked = 0
        self.begun, self.told = asyncio.Event(), asyncio.Event()
        self.told.set()

    async def permits(self, _address: str) -> bool:
        """Whether one more look is within the limit."""
        self.asked += 1
        self.begun.set()
        await self.told.wait()
        return self.may


async def look_for(clients: list[Client], cache: ProbeCache, server: Server) -> list[Seen]:
    """What all see who come at once."""
    probers = [cache.through(server, permits=client.permits) for client in clients]
    return await asyncio.gather(*map(look, probers))


async def test_what_one_client_is_refused_may_be_granted_to_another(
    cache: ProbeCache, clock: Clock
) -> None:
    clients = [Client(may=may) for may in (False, False, True, True)]
    server = Server(clock)
    server.answers.set()
    seen = await look_for(clients, cache, server)
    assert [one.first.stage for one in seen] == [Stage.DONE] * 4
    assert [client.asked for client in clients] == [1, 1, 1, 0]
    assert len(server.asked) == 1


async def test_thousands_who_are_refused_at_once_cost_one_question_each(
    cache: ProbeCache, clock: Clock
) -> None:
    clients = [Client(may=False) for _ in range(2_000)]
    server = Server(clock)
    seen = await look_for(clients, cache, server)
    assert {one.first.finding and one.first.finding.cause for one in seen} == {Cause.RATIONED}
    assert {client.asked for client in clients} == {1}
    assert server.asked == []
    assert not cache.flights


async def test_who_has_left_is_not_asked_any_more(cache: ProbeCache, clock: Clock) -> None:
    slow, gone, last = (Client(may=may) for may in (False, True, True))
    server = Server(clock)
    server.answers.set()
    slow.told.clear()
    waiting = [
        asyncio.create_task(look(cache.through(server, permits=client.permits)))
        for client in (slow, gone, last)
    ]
    await slow.begun.wait()
    waiting[1].cancel()
    await asyncio.wait(waiting[1:2])
    slow.told.set()
    assert [(await one).first.stage for one in (waiting[0], waiting[2])] == [Stage.DONE] * 2
    assert [client.asked for client in (slow, gone, last)] == [1, 0, 1]


async def test_one_that_leaves_does_not_end_it_for_the_others(
    cache: ProbeCache, clock: Clock
) -> None:
    server = Server(clock)
    prober = cache.through(server)
    waiting = [asyncio.create_task(look(prober)) for _ in range(3)]
    await server.begun.wait()
    waiting[0].cancel()
    waiting[1].cancel()
    await asyncio.wait(waiting[:2])
    server.answers.set()
    assert (await waiting[2]).first.stage is Stage.DONE
    assert server.cancelled == 0


async def test_when_the_last_leaves_it_ends_and_the_next_begins_anew(
    cache: ProbeCache, clock: Clock
) -> None:
    server = Server(clock)
    prober = cache.through(server)
    waiting = [asyncio.create_task(look(prober)) for _ in range(2)]
    await server.begun.wait()
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    server.answers.set()
    assert (await look(prober)).first.stage is Stage.DONE
    assert server.cancelled == 1
    assert len(server.asked) == 2
    assert not cache.flights


async def test_a_connection_that_nobody_took_over_is_closed(
    cache: ProbeCache, clock: Clock
) -> None:
    server = Server(clock)
    waiting = asyncio.create_task(look(cache.through(server)))
    await server.begun.wait()
    server.answers.set()
    await server.answered.wait()
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    assert server.streams[0].closed


async def test_a_fresh_look_neither_takes_a_result_nor_joins_an_older_look(
    cache: ProbeCache, clock: Clock
) -> None:
    server = Server(clock)
    older = asyncio.create_task(look(cache.through(server)))
    await server.begun.wait()
    clock.now += timedelta(seconds=1)
    fresh = asyncio.create_task(look(cache.through(server, fresh=True)))
    server.answers.set()
    assert (await older).at == START
    assert (await fresh).at == clock.now
    clock.now += timedelta(seconds=1)
    assert (await look(cache.through(server, fresh=True))).at == clock.now
    assert (await look(cache.through(server))).at == clock.now
    assert len(server.asked) == 3


async def test_what_an_older_look_saw_late_does_not_replace_what_a_fresh_one_saw(
    cache: ProbeCache, clock: Clock
) -> None:
    slow, mended = Server(clock), Server(clock)
    older = asyncio.create_task(look(cache.through(slow)))
    await slow.begun.wait()
    clock.now += timedelta(seconds=1)
    mended.answers.set()
    fresh = await look(cache.through(mended, fresh=True))
    slow.answers.set()
    assert (await older).at == START
    assert await look(cache.through(slow)) == fresh


async def test_that_we_could_not_look_is_kept_for_nobody(cache: ProbeCache, clock: Clock) -> None:
    class Helpless(Server):
        async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
            seen, conversation = await super().probe(probe, watch)
            finding = Finding("checker-unreachable", cause=Cause.TOO_MANY_FILES)
            return replace(seen, first=Connection(Stage.CONNECT, finding)), conversation

    helpless, server = Helpless(clock), Server(clock)
    helpless.answers.set()
    server.answers.set()
    assert (await look(cache.through(helpless))).first.finding
    assert not (await look(cache.through(server))).first.finding


async def test_a_fault_of_ours_reaches_all_who_wait_and_is_not_kept(cache: ProbeCache) -> None:
    class Broken(Server):
        async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
            del probe, watch
            raise RuntimeError("ours")

    prober = cache.through(Broken(Clock()))
    found = await asyncio.gather(look(prober), look(prober), return_exceptions=True)
    assert [type(one) for one in found] == [RuntimeError, RuntimeError]
    assert not cache.flights


async def test_the_store_keeps_what_was_used_last_until_its_time_is_over() -> None:
    time = 0.0
    store = MemoryStore(5, lambda: time)
    await store.put("a", "1", 10)
    await store.put("b", "2", 10)
    assert await store.get("a") == "1"
    await store.put("c", "3", 20)
    assert [await store.get(key) for key in "abc"] == ["1", None, "3"]
    await store.put("c", "4", 20)
    assert [await store.get(key) for key in "abc"] == ["1", None, "4"]
    time = 10.0
    assert [await store.get(key) for key in "abc"] == [None, None, "4"]
    await store.put("d", "too long", 20)
    assert [await store.get(key) for key in "abcd"] == [None, None, None, None]


_TEXTS = st.text(max_size=20)
_LINES = st.lists(_TEXTS, max_size=3).map(tuple)
_MOMENTS = st.datetimes(timezones=st.just(UTC))
_EVIDENCE = st.dictionaries(
    _TEXTS, _TEXTS | st.integers() | st.booleans() | st.none() | st.lists(_TEXTS, max_size=3)
)
_CODES = st.integers(0, 999)
_DER = st.binary(max_size=20)
_FINDINGS = st.builds(
    Finding,
    _TEXTS,
    _EVIDENCE,
    st.none() | st.sampled_from(Cause),
    st.none() | _CODES,
    st.booleans(),
    st.booleans(),
)
_HANDSHAKES = st.builds(
    Handshake,
    st.none() | st.sampled_from(Failure),
    _TEXTS,
    st.none() | _TEXTS,
    st.none() | _TEXTS,
    st.none() | _TEXTS,
    st.none() | st.integers(),
    st.lists(_DER, max_size=3).map(tuple),
    st.lists(_DER, max_size=3).map(tuple),
    st.lists(st.builds(PathError, st.integers(), st.integers(), _DER), max_size=3).map(tuple),
    st.booleans(),
    st.lists(_DER, max_size=3).map(tuple),
    _TEXTS,
)
_ODDITIES = st.frozensets(st.sampled_from([*Oddity]))
_MIXED = st.builds(MixedReply, st.sampled_from(Stage), _CODES, _CODES, _TEXTS)
_SPEECHES = st.builds(
    Speech,
    _ODDITIES,
    _ODDITIES,
    st.frozensets(_ODDITIES, max_size=2),
    mixed=st.lists(_MIXED, max_size=2).map(tuple),
)
_CONNECTIONS = st.builds(
    Connection,
    st.sampled_from(Stage),
    st.none() | _FINDINGS,
    st.lists(st.builds(Reply, _TEXTS, _CODES, _LINES), max_size=3).map(tuple),
    _SPEECHES,
    _TEXTS,
    st.none() | _HANDSHAKES,
)
_CHOICES = st.builds(
    Choice, st.none() | _TEXTS, st.none() | _TEXTS, st.none() | st.integers(), st.booleans()
)
_SEEN = st.builds(
    Seen,
    _MOMENTS,
    _CONNECTIONS,
    st.none() | _CONNECTIONS,
    st.none() | _CONNECTIONS,
    st.none() | _CHOICES,
)


# Whether a busy machine makes them slowly says nothing.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_SEEN)
def test_what_is_kept_is_what_was_seen(seen: Seen) -> None:
    assert load(dump(seen)) == seen


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"host": 1}', "nonsense"])
def test_what_is_none_of_ours_is_not_taken_for_a_result(text: str) -> None:
    with pytest.raises(ValueError, match=r"nothing seen|Expecting value"):
        load(text)


async def greetings(client: httpx.AsyncClient, server: MailServer, *checks: str) -> int:
    """How often the mail server was greeted for these checks of one domain."""
    for fresh in checks:
        response = await client.post(CHECK, data={"domain": "example.test", "fresh": fresh})
        assert response.status_code == 200
    return sum(line.startswith(b"EHLO") for line in server.heard)


async def test_the_function_asks_a_mail_server_once_in_minutes(
    client: httpx.AsyncClient, mail_server: MailServer
) -> None:
    assert await greetings(client, mail_server, "", "", "") == 1


async def test_after_a_mend_one_fresh_look_is_granted_and_more_are_rationed(
    client: httpx.AsyncClient, mail_server: MailServer
) -> None:
    assert await greetings(client, mail_server, "", "1", "1", "1") == 2


async def test_without_a_lifetime_every_check_looks_itself(
    connect: Connect, mail_server: MailServer
) -> None:
    async with connect(Options(guard=GuardOptions(result_lifetime=0))) as client:
        assert await greetings(client, mail_server, "", "") == 2


async def test_an_answer_tells_when_each_address_was_looked_at(client: httpx.AsyncClient) -> None:
    answers = [(await client.post(CHECK, json={"domain": "example.test"})).json() for _ in "12"]
    (first,), (second,) = (answer["attempts"] for answer in answers)
    assert first["checked_at"] == second["checked_at"] <= answers[1]["checked_at"]
