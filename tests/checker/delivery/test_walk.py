"""The walk from address to address, as the operator's server would go it."""

import asyncio
import errno
from collections.abc import Callable

import pytest

from checker.check import Answer, Checker
from checker.conversation.trust import Trust
from checker.domain import parse
from checker.network import DnsAnswer, DnsStatus, Limits, Network, Stream
from checker.operators import Operator
from checker.senders import Server
from checker.tell.lines import lines
from tests.checker.facts_of import operator
from tests.checker.handmade import (
    SILENCE,
    Flood,
    HandmadeConnector,
    HandmadeDns,
    ScriptedStream,
    network,
)
from tests.lab.floods import EARLY_HELLO_REQUESTS

TRUST = Trust()
READY = b"220 mx ready\r\n"
OFFER = b"250-mx\r\n250 STARTTLS\r\n"
BYE = b"221 bye\r\n"


def refuses() -> ScriptedStream:
    return ScriptedStream(b"554 no mail from you\r\n", BYE)


def takes_in_clear() -> ScriptedStream:
    return ScriptedStream(READY, b"250 mx\r\n", BYE)


def refuses_starttls() -> ScriptedStream:
    return ScriptedStream(READY, OFFER, b"502 no\r\n", BYE)


def says_nothing() -> ScriptedStream:
    return ScriptedStream(SILENCE)


def world(*servers: Callable[[], Stream], limits: Limits | None = None) -> Network:
    """A domain with mail servers of falling preference, one address each."""
    records = [
        record
        for number, _ in enumerate(servers, 1)
        for record in (
            f"example.org MX {number} mx{number}.example.org.",
            f"mx{number}.example.org A 192.0.2.{number}",
        )
    ]
    addresses = {f"192.0.2.{number}": server for number, server in enumerate(servers, 1)}
    return network(HandmadeDns(*records), addresses, limits=limits)


async def check(world: Network, sender: Operator, *, every: bool = False) -> Answer:
    checker = Checker(world, TRUST)
    answer = await checker.check(parse("example.org"), sender, every=every)
    await checker.close()
    return answer


def tried(answer: Answer) -> list[str]:
    return [attempt.address.removeprefix("192.0.2.") for attempt in answer.attempts]


IN_CLEAR = operator(level="may", without_starttls="send-in-clear")


async def test_the_first_server_that_takes_the_mail_ends_the_walk() -> None:
    answer = await check(world(refuses, takes_in_clear, takes_in_clear), IN_CLEAR)
    assert tried(answer) == ["1", "2"]
    assert answer.verdict.outcome == "delivers-with-warnings"


async def test_not_more_addresses_than_the_operator_tries() -> None:
    world_of_seven = world(*[refuses] * 7)
    assert tried(await check(world_of_seven, operator())) == ["1", "2", "3", "4", "5"]
    assert tried(await check(world_of_seven, operator(address_limit=2))) == ["1", "2"]


def floods() -> Flood:
    return Flood(b"", b"220-and one more line\r\n")


def floods_in_tls() -> ScriptedStream:
    return ScriptedStream(READY, OFFER, b"220 go\r\n", EARLY_HELLO_REQUESTS * 20)


@pytest.mark.parametrize("flood", [floods, floods_in_tls])
@pytest.mark.parametrize("every", [False, True])
async def test_a_domain_that_floods_has_only_so_many_addresses_looked_at(
    flood: Callable[[], Stream], *, every: bool
) -> None:
    patient = Limits()
    flooding = world(*[flood] * 5, takes_in_clear, limits=patient)
    answer = await check(flooding, operator(), every=every)
    assert tried(answer) == ["1", "2", "3", "4"]
    assert answer.attempts[3].stage == "connect"
    assert answer.verdict.outcome == "unknown"
    # One that floods does not keep the next one from being asked.
    mixed = await check(world(flood, flood, takes_in_clear, limits=patient), IN_CLEAR)
    assert tried(mixed)[:2] == ["1", "2"]


async def test_a_refused_starttls_ends_the_walk_of_postfix_alone() -> None:
    servers = world(refuses_starttls, takes_in_clear)
    assert tried(await check(servers, operator())) == ["1"]
    answer = await check(servers, operator(server=Server.EXIM, without_starttls="send-in-clear"))
    assert tried(answer) == ["1", "2"]


async def test_all_servers_when_asked_for_to_warn_of_what_breaks_without_the_first() -> None:
    servers = world(takes_in_clear, refuses)
    answer = await check(servers, IN_CLEAR, every=True)
    assert tried(answer) == ["1", "2"]
    assert answer.verdict.outcome == "delivers-with-warnings"
    assert "greeting-refused" in [trouble.id for trouble in answer.verdict.troubles]
    assert tried(await check(servers, IN_CLEAR)) == ["1"]


def equal(*servers: Callable[[], Stream]) -> Network:
    """Mail servers of the same preference, two addresses each."""
    records = [
        record
        for number, _ in enumerate(servers, 1)
        for record in (
            f"example.org MX 10 mx{number}.example.org.",
            f"mx{number}.example.org A 192.0.2.{number}",
            f"mx{number}.example.org A 192.0.2.{number}0",
        )
    ]
    addresses = {f"192.0.2.{number}": server for number, server in enumerate(servers, 1)}
    return network(HandmadeDns(*records), addresses)


@pytest.mark.parametrize(
    "servers", [(takes_in_clear, refuses_starttls), (refuses_starttls, takes_in_clear)]
)
async def test_servers_of_one_preference_are_all_asked_for_any_may_be_picked(
    servers: tuple[Callable[[], Stream], ...],
) -> None:
    sender = operator(without_starttls="send-in-clear", level="encrypt")
    answer = await check(equal(*servers), sender)
    assert {"1", "2"} <= set(tried(answer))
    assert answer.verdict.outcome == "unknown"
    (decisive,) = [trouble for trouble in answer.verdict.troubles if trouble.decisive]
    assert (decisive.id, decisive.evidence["equal_preference"]) == ("starttls-failed", 10)


async def test_time_that_is_up_after_the_mail_was_taken_is_no_warning() -> None:
    servers = world(takes_in_clear, says_nothing, limits=Limits(total=0.3, reply=60))
    whole = await check(servers, IN_CLEAR, every=True)
    assert whole.verdict == (await check(servers, IN_CLEAR)).verdict


async def test_an_operator_without_ipv6_leaves_it_out() -> None:
    dns = HandmadeDns(
        "example.org MX 1 mx.example.org.",
        "mx.example.org A 192.0.2.1",
        "mx.example.org AAAA 2001:db8::1",
    )
    servers = {"192.0.2.1": refuses, "2001:db8::1": refuses}
    with_ipv6 = await check(network(dns, servers), operator())
    without = await check(network(dns, servers), operator(ipv6=False))
    assert tried(with_ipv6) == ["1", "2001:db8::1"]
    assert tried(without) == ["1"]


async def test_one_connection_at_a_time_and_the_port_of_the_network() -> None:
    whole = world(refuses, refuses)
    await check(whole, operator())
    assert isinstance(whole.connector, HandmadeConnector)
    assert whole.connector.connected == [("192.0.2.1", 25), ("192.0.2.2", 25)]


async def test_a_machine_without_a_way_out_is_no_fault_of_the_domain() -> None:
    dns = HandmadeDns("example.org MX 1 mx.example.org.", "mx.example.org AAAA 2001:db8::1")
    no_ipv6 = OSError(errno.ENETUNREACH, "Network is unreachable")
    answer = await check(network(dns, {"2001:db8::1": no_ipv6}), operator())
    assert [trouble.id for trouble in answer.verdict.troubles] == ["checker-unreachable"]
    assert (answer.verdict.outcome, answer.verdict.disposition) == ("unknown", "undetermined")


async def test_a_machine_without_ipv6_does_not_spoil_what_ipv4_shows() -> None:
    dns = HandmadeDns(
        "example.org MX 1 mx1.example.org.",
        "example.org MX 2 mx2.example.org.",
        "mx1.example.org AAAA 2001:db8::1",
        "mx2.example.org A 192.0.2.2",
    )
    no_ipv6 = OSError(errno.ENETUNREACH, "Network is unreachable")
    servers: dict[str, Callable[[], Stream] | OSError] = {
        "2001:db8::1": no_ipv6,
        "192.0.2.2": takes_in_clear,
    }
    answer = await check(network(dns, servers), IN_CLEAR)
    assert tried(answer) == ["2001:db8::1", "2"]
    assert [trouble.id for trouble in answer.verdict.troubles] == ["starttls-not-supported"]


async def test_when_time_is_up_what_was_seen_still_counts() -> None:
    servers = world(refuses, says_nothing, limits=Limits(total=0.3, reply=60))
    begun = asyncio.get_running_loop().time()
    answer = await check(servers, operator())
    assert asyncio.get_running_loop().time() - begun < 3
    assert tried(answer) == ["1", "2"]
    assert answer.verdict.outcome == "unknown"
    assert [trouble.id for trouble in answer.verdict.troubles] == [
        "greeting-refused",
        "connection-timeout",
    ]
    assert answer.attempts[1].stage == "greeting"


async def test_when_time_is_up_before_the_route_is_known() -> None:
    class Deaf(HandmadeDns):
        async def resolve(
            self, name: str, record_type: str, *, checking_disabled: bool = False
        ) -> DnsAnswer:
            await asyncio.sleep(60)
            return await super().resolve(name, record_type, checking_disabled=checking_disabled)

    answer = await check(network(Deaf(), limits=Limits(total=0.1)), operator())
    assert answer.verdict.outcome == "unknown"
    assert [trouble.id for trouble in answer.verdict.troubles] == ["dns-failure"]
    assert answer.attempts == ()


@pytest.mark.parametrize("status", [DnsStatus.TIMEOUT, DnsStatus.SERVER_FAILURE])
async def test_tlsa_records_that_cannot_be_had_do_not_stop_who_heeds_none(
    status: DnsStatus,
) -> None:
    dns = HandmadeDns(
        "example.org MX 1 mx.example.org.",
        "mx.example.org A 192.0.2.1",
        failures={"_25._tcp.mx.example.org TLSA": status},
        signed=True,
    )
    answer = await check(network(dns, {"192.0.2.1": takes_in_clear}), IN_CLEAR)
    assert answer.verdict.outcome == "delivers-with-warnings"


async def test_the_lines_for_a_terminal_hold_nothing_that_moves_it() -> None:
    def hostile() -> ScriptedStream:
        return ScriptedStream(b"554 \x1b[2J\x9b\xe2\x80\xae<b>\x07 go away\r\n", BYE)

    answer = await check(world(hostile), operator())
    told = list(lines(answer))
    assert all(line.isprintable() for line in told)
    assert any("go away" in line for line in told)
    assert told[0] == "example.org, sent by careful: unknown"
