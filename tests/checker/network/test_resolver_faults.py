"""A resolver that is down, slow or lying: told as what it is, and never an exception."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.check import Answer, Checker
from checker.conversation.trust import Trust
from checker.domain import parse
from checker.network import DnsAnswer, DnsStatus, Limits
from checker.network import resolver as resolver_module
from checker.network.resolver import DnspythonResolver
from tests.checker.facts_of import operator
from tests.checker.handmade import HandmadeConnector, network
from tests.checker.name_server import Say, answer, asked, name_server
from tests.examples import examples

MX = "example.org. MX 10 mx.example.org."
QUICK = 2.0


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times that a test can wait for."""
    monkeypatch.setattr(resolver_module, "_TRY", 0.2)
    monkeypatch.setattr(resolver_module, "_LIFETIME", 0.6)


@asynccontextmanager
async def resolver_that(say: Say) -> AsyncIterator[DnspythonResolver]:
    async with name_server(say) as port:
        yield DnspythonResolver("127.0.0.1", port)


def saying(change: Callable[[dns.message.Message], None], *records: str) -> Say:
    """Answers with these records, changed."""

    async def say(query: dns.message.Message, _over: str) -> bytes:
        response = answer(query, *records)
        change(response)
        return response.to_wire()

    return say


async def ask(say: Say, question: str = "example.org MX") -> DnsAnswer:
    async with resolver_that(say) as resolver:
        return await resolver.resolve(*question.split())


async def check(resolver: DnspythonResolver) -> Answer:
    outside = network(limits=Limits(total=20, connect=1, reply=1))
    checker = Checker(replace(outside, resolver=resolver), Trust([]))
    try:
        return await checker.check(parse("example.org"), operator())
    finally:
        await checker.close()


def told(checked: Answer) -> tuple[str, str, object]:
    trouble = checked.verdict.troubles[0]
    return str(checked.verdict.outcome), trouble.id, trouble.evidence.get("cause")


@pytest.mark.parametrize("code", [dns.rcode.FORMERR, dns.rcode.NOTIMP])
@pytest.mark.parametrize("repeats", [True, False])
async def test_who_knows_nothing_of_edns_is_asked_without(
    code: dns.rcode.Rcode, *, repeats: bool
) -> None:
    asked_with: list[bool] = []

    async def say(query: dns.message.Message, _over: str) -> bytes:
        asked_with.append(query.edns >= 0)
        if query.edns < 0:
            return answer(query, MX).to_wire()
        response = dns.message.Message(query.id)
        response.flags = dns.flags.QR | dns.flags.RD
        response.set_rcode(code)
        if repeats:
            response.question = list(query.question)
        return response.to_wire()

    found = await ask(say)
    assert found.status is DnsStatus.ANSWER
    assert len(found.records) == 1
    assert asked_with == [True, False]


async def test_a_question_that_nobody_understands_is_a_failure() -> None:
    asked_with: list[bool] = []

    async def say(query: dns.message.Message, _over: str) -> bytes:
        asked_with.append(query.edns >= 0)
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.FORMERR)
        return response.to_wire()

    assert (await ask(say)).status is DnsStatus.SERVER_FAILURE
    assert asked_with == [True, False]


@pytest.mark.parametrize("family", ["127.0.0.1", "::1"])
async def test_where_nothing_listens_that_is_known_at_once(family: str) -> None:
    version = socket.AF_INET6 if ":" in family else socket.AF_INET
    with socket.socket(version, socket.SOCK_DGRAM) as taken:
        taken.bind((family, 0))
        port = taken.getsockname()[1]
    begun = time.monotonic()
    checked = await check(DnspythonResolver(family, port))
    assert time.monotonic() - begun < QUICK
    assert told(checked) == ("unknown", "checker-unreachable", "resolver")
    assert checked.verdict.disposition == "undetermined"


@pytest.mark.usefixtures("impatient")
async def test_a_resolver_that_never_says_anything_is_our_own_trouble() -> None:
    async def silent(_query: dns.message.Message, _over: str) -> None:
        return None

    async with resolver_that(silent) as resolver:
        assert told(await check(resolver)) == ("unknown", "checker-unreachable", "resolver")


@pytest.mark.usefixtures("impatient")
async def test_a_domain_s_silent_name_servers_are_not_ours() -> None:
    async def knows_the_root(query: dns.message.Message, _over: str) -> bytes | None:
        return answer(query).to_wire() if asked(query) == ". NS" else None

    async with resolver_that(knows_the_root) as resolver:
        assert told(await check(resolver)) == ("unknown", "dns-failure", "timeout")


async def test_a_slow_resolver_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver_module, "_TRY", 0.1)

    async def slow(query: dns.message.Message, _over: str) -> bytes:
        await asyncio.sleep(0.5)
        return answer(query, MX).to_wire()

    assert (await ask(slow)).status is DnsStatus.ANSWER


@pytest.mark.usefixtures("impatient")
async def test_a_packet_may_be_lost() -> None:
    lost: list[str] = []

    async def forgetful(query: dns.message.Message, _over: str) -> bytes | None:
        if not lost:
            lost.append(asked(query))
            return None
        return answer(query, MX).to_wire()

    assert (await ask(forgetful)).status is DnsStatus.ANSWER
    assert lost == ["example.org. MX"]


def _wrong_id(response: dns.message.Message) -> None:
    response.id ^= 1


def _wrong_question(response: dns.message.Message) -> None:
    response.question = [dns.rrset.from_text("other.example.", 0, "IN", "MX")]


def _no_response(response: dns.message.Message) -> None:
    response.flags &= ~dns.flags.QR


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("change", [_wrong_id, _wrong_question, _no_response])
async def test_an_answer_to_another_question_is_none(
    change: Callable[[dns.message.Message], None],
) -> None:
    assert (await ask(saying(change, MX))).status is DnsStatus.UNREACHABLE


@pytest.mark.usefixtures("impatient")
async def test_an_answer_that_is_forged_does_not_keep_the_right_one_out() -> None:
    forged = False

    async def say(query: dns.message.Message, _over: str) -> bytes:
        nonlocal forged
        response = answer(query, MX if forged else "example.org. MX 1 evil.example.")
        response.id ^= 0 if forged else 1
        forged = True
        return response.to_wire()

    (record,) = (await ask(say)).records
    assert "evil" not in record.to_text()


def _truncated(response: dns.message.Message) -> None:
    response.flags |= dns.flags.TC


def _does_not_exist(response: dns.message.Message) -> None:
    response.set_rcode(dns.rcode.NXDOMAIN)


def _refused(response: dns.message.Message) -> None:
    response.set_rcode(dns.rcode.REFUSED)


def _as_it_is(_response: dns.message.Message) -> None:
    """An honest answer."""


LOOP = ("example.org. CNAME www.example.org.", "www.example.org. CNAME example.org.")
CHAIN = [f"a{number}.example. CNAME a{number + 1}.example." for number in range(40)]


@pytest.mark.parametrize(
    ("change", "records", "status"),
    [
        (_truncated, [MX], DnsStatus.SERVER_FAILURE),
        (_does_not_exist, [MX], DnsStatus.SERVER_FAILURE),
        (_does_not_exist, [], DnsStatus.NAME_ERROR),
        (_does_not_exist, ["example.org. CNAME x.example."], DnsStatus.NAME_ERROR),
        (_refused, [MX], DnsStatus.SERVER_FAILURE),
        (_as_it_is, LOOP, DnsStatus.SERVER_FAILURE),
        # However long the way is that the resolver has gone.
        (_as_it_is, ["example.org. CNAME a0.example.", *CHAIN], DnsStatus.NO_DATA),
        (_as_it_is, ["example.org. CNAME example.org."], DnsStatus.SERVER_FAILURE),
        (_as_it_is, ["other.example. MX 10 mx.other.example."], DnsStatus.NO_DATA),
        (_as_it_is, ["example.org. A 192.0.2.1"], DnsStatus.NO_DATA),
    ],
)
async def test_what_does_not_fit_together_is_a_status(
    change: Callable[[dns.message.Message], None], records: list[str], status: DnsStatus
) -> None:
    assert (await ask(saying(change, *records))).status is status


def _many(servers: int, addresses: int) -> Say:
    """Knows a domain of many mail servers with many addresses each."""
    data = {
        "MX": [f"{number} mx{number}.example.org." for number in range(servers)],
        "A": [f"192.0.2.{number}" for number in range(addresses)],
    }

    async def say(query: dns.message.Message, over: str) -> bytes:
        name, record_type = asked(query).split()
        response = answer(query)
        if over == "udp":
            response.flags |= dns.flags.TC
        elif known := data.get(record_type):
            records = dns.rrset.from_text_list(name, 60, "IN", record_type, known)
            response.answer.append(records)
        return response.to_wire(max_size=65_535)

    return say


async def test_a_long_answer_comes_over_tcp_and_little_of_it_is_looked_at() -> None:
    async with resolver_that(_many(100, 50)) as resolver:
        checked = await check(resolver)
    limits = Limits()
    assert len(checked.route.mail_servers) == limits.mail_servers
    assert {len(server.addresses) for server in checked.route.mail_servers} == {limits.addresses}
    # Chance picks among them, so more of them are looked at.
    assert len(checked.attempts) == 2 * operator().delivery.address_limit


async def test_the_longest_answer_is_read_as_by_any_resolver() -> None:
    async with resolver_that(_many(600, 0)) as resolver:
        assert told(await check(resolver)) == ("fails", "no-mail-server", "no-address")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "169.254.169.254"]
)
async def test_a_resolver_that_points_inwards_leads_nowhere(address: str) -> None:
    record_type = "AAAA" if ":" in address else "A"

    async def inwards(query: dns.message.Message, _over: str) -> bytes:
        records = [MX, f"mx.example.org. {record_type} {address}"]
        fitting = [one for one in records if asked(query) == " ".join(one.split(" ")[:2])]
        return answer(query, *fitting).to_wire()

    async with resolver_that(inwards) as resolver:
        outside = replace(network(), resolver=resolver, permits=lambda _: False)
        checker = Checker(outside, Trust([]))
        checked = await checker.check(parse("example.org"), operator())
        await checker.close()
    assert checked.verdict.troubles[0].id == "mail-server-address-invalid"
    assert isinstance(outside.connector, HandmadeConnector)
    assert outside.connector.connected == []


_RECORDS = st.lists(
    st.sampled_from(
        [
            MX,
            "example.org. MX 0 .",
            "example.org. CNAME www.example.org.",
            "www.example.org. CNAME example.org.",
            "www.example.org. MX 1 mx.example.org.",
            "other.example. MX 1 mx.example.org.",
            'example.org. TXT "v=STSv1; id=1;"',
        ]
    ),
    max_size=6,
)


@settings(max_examples=examples(50))
@given(
    records=_RECORDS,
    flags=st.integers(0, 0xFFFF),
    spoiled=st.lists(st.tuples(st.integers(12, 400), st.integers(0, 255)), max_size=4),
    long=st.booleans(),
)
@example(records=[MX], flags=0x8180, spoiled=[(20, 0xC0)], long=True)
async def test_no_answer_whatsoever_is_an_exception(
    records: list[str], flags: int, spoiled: list[tuple[int, int]], *, long: bool
) -> None:
    async def say(query: dns.message.Message, over: str) -> bytes:
        response = answer(query, *records)
        # The bits that say that it is an answer stay: else it would be waited for in vain.
        response.flags = (flags & 0x07FF) | dns.flags.QR
        if long and over == "udp":
            response.flags |= dns.flags.TC
        wire = bytearray(response.to_wire())
        for place, value in spoiled:
            if over == "tcp" and place < len(wire):
                wire[place] = value
        return bytes(wire)

    known = await ask(say)
    assert known.status in set(DnsStatus)
    assert bool(known.records) is (known.status is DnsStatus.ANSWER)
