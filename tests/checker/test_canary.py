"""A closed port 25 here is told as what it is, and never as a fault of the domain."""

import errno
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checker.canary import DOUBTFUL, OLD, Canary
from checker.check import Answer, Checker
from checker.conversation.trust import Trust
from checker.domain import parse
from checker.facts import Port
from checker.network import Network, Stream
from checker.problems import Stage
from tests.checker.facts_of import attempt, operator
from tests.checker.handmade import HandmadeConnector, HandmadeDns, ScriptedStream, network

CANARY = "192.0.2.99"
REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
NO_ROUTE = OSError(errno.EHOSTUNREACH, "No route to host")
TIMEOUT = TimeoutError()
NO_IPV6 = OSError(errno.ENETUNREACH, "Network is unreachable")
DNS = HandmadeDns(
    "example.org MX 1 mx1.example.org.",
    "example.org MX 2 mx2.example.org.",
    "mx1.example.org A 192.0.2.1",
    "mx2.example.org A 192.0.2.2",
    f"canary.example A {CANARY}",
    "two.example A 192.0.2.98",
    f"two.example A {CANARY}",
)
Server = Callable[[], Stream] | OSError


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def answers() -> Stream:
    return ScriptedStream(b"220 canary.example ESMTP\r\n", b"221 Bye\r\n")


def refuses() -> Stream:
    return ScriptedStream(b"554 go away\r\n", b"221 Bye\r\n")


def silent() -> Stream:
    return ScriptedStream(b"")


def world(*servers: Server, canary: Server | None = None) -> Network:
    known = {f"192.0.2.{number}": server for number, server in enumerate(servers, 1)}
    if canary is not None:
        known[CANARY] = canary
    return network(DNS, known)


def asked(network: Network) -> int:
    """How often the canary was connected to."""
    assert isinstance(network.connector, HandmadeConnector)
    return network.connector.connected.count((CANARY, 25))


async def check(network: Network, canary: Canary | None) -> Answer:
    checker = Checker(network, Trust([]), canary)
    try:
        return await checker.check(parse("example.org"), operator())
    finally:
        await checker.close()


def told(answer: Answer) -> list[str]:
    return [trouble.id for trouble in answer.verdict.troubles]


@pytest.mark.parametrize(
    ("host", "canary", "port"),
    [
        ("canary.example", answers, Port.OPEN),
        (CANARY, answers, Port.OPEN),
        ("two.example", answers, Port.OPEN),
        ("canary.example", refuses, Port.CLOSED),
        ("canary.example", silent, Port.CLOSED),
        ("canary.example", REFUSED, Port.CLOSED),
        ("canary.example", TIMEOUT, Port.CLOSED),
        ("nowhere.example", answers, Port.CLOSED),
    ],
)
async def test_only_a_greeting_of_the_canary_shows_that_the_port_is_open(
    host: str, canary: Server, port: Port
) -> None:
    assert await Canary(host, world(canary=canary)).look(5) is port


@pytest.mark.parametrize("fault", [REFUSED, NO_ROUTE, TIMEOUT])
async def test_with_our_port_closed_no_domain_is_blamed(fault: OSError) -> None:
    outside = world(fault, fault, canary=fault)
    answer = await check(outside, Canary("canary.example", outside))
    assert told(answer) == ["checker-unreachable", "checker-unreachable"]
    assert (answer.verdict.outcome, answer.verdict.disposition) == ("unknown", "undetermined")
    assert answer.verdict.troubles[0].evidence == {"cause": "port-25"}
    assert asked(outside) == 1


@pytest.mark.parametrize("canary", [answers, None])
async def test_with_our_port_open_the_mail_server_is_what_does_not_answer(
    canary: Server | None,
) -> None:
    outside = world(REFUSED, TIMEOUT, canary=canary)
    answer = await check(outside, Canary("canary.example", outside) if canary else None)
    assert told(answer) == ["connection-failed", "connection-timeout"]


async def test_one_connection_proves_that_the_port_is_open() -> None:
    outside = world(TIMEOUT, refuses, canary=TIMEOUT)
    answer = await check(outside, Canary("canary.example", outside))
    assert told(answer) == ["connection-timeout", "greeting-refused"]


async def test_a_check_that_gets_through_does_not_bother_the_canary() -> None:
    outside = world(refuses, refuses, canary=answers)
    await check(outside, Canary("canary.example", outside))
    assert asked(outside) == 0


async def test_a_machine_without_ipv6_beside_a_closed_port() -> None:
    outside = world(NO_IPV6, TIMEOUT, canary=TIMEOUT)
    answer = await check(outside, Canary("canary.example", outside))
    causes = [trouble.evidence["cause"] for trouble in answer.verdict.troubles]
    assert causes == ["no-route", "port-25"]


async def test_the_canary_is_asked_once_in_a_while() -> None:
    clock, outside = Clock(), world(TIMEOUT, TIMEOUT, canary=answers)
    canary = Canary("canary.example", outside, clock)
    for _ in range(3):
        await canary.look(5)
        await check(outside, canary)
    assert asked(outside) == 1
    clock.now += DOUBTFUL
    await canary.look(5)
    assert asked(outside) == 1
    await check(outside, canary)
    assert asked(outside) == 2
    clock.now += OLD
    await canary.look(5)
    await check(outside, canary)
    assert asked(outside) == 3


async def test_what_was_known_is_told_while_the_canary_is_asked_again() -> None:
    servers: dict[str, Server] = {CANARY: TIMEOUT}
    clock, outside = Clock(), network(DNS, servers)
    canary = Canary("canary.example", outside, clock)
    assert await canary.look(5) is Port.CLOSED
    servers[CANARY] = answers
    clock.now += DOUBTFUL
    assert await canary.look(5) is Port.CLOSED
    await check(world(TIMEOUT, TIMEOUT), canary)
    assert await canary.look(5) is Port.OPEN


async def test_who_asks_for_our_health_does_not_wait_for_a_silent_canary() -> None:
    outside = world(canary=lambda: ScriptedStream(None))
    canary = Canary("canary.example", outside)
    assert await canary.look(0.01) is Port.UNKNOWN
    await canary.close()


async def test_what_was_seen_with_the_port_closed_is_excused_for_as_long_as_it_is_shown() -> None:
    servers: dict[str, Server] = {CANARY: TIMEOUT}
    outside, clock = network(DNS, servers), Clock()
    canary = Canary("canary.example", outside, clock)
    await canary.look(5)
    while_closed = attempt("connection-timeout", stage=Stage.CONNECT)
    while_closed = replace(while_closed, checked_at=clock.now)
    servers[CANARY] = answers
    clock.now += OLD
    while_open = replace(while_closed, checked_at=clock.now)
    await canary.settle([while_open])
    for seen, problem in [
        (while_closed, "checker-unreachable"),
        (while_open, "connection-timeout"),
    ]:
        (shown,) = canary.excuse([seen])
        assert [finding.id for finding in shown.findings] == [problem]


async def test_the_one_who_runs_it_is_told_when_it_closes_and_when_it_opens(
    caplog: pytest.LogCaptureFixture,
) -> None:
    servers: dict[str, Server] = {CANARY: answers}
    clock, outside = Clock(), network(DNS, servers)
    canary = Canary("canary.example", outside, clock)
    with caplog.at_level(logging.WARNING):
        for server in (answers, TIMEOUT, TIMEOUT, answers):
            servers[CANARY] = server
            clock.now += OLD
            await check(outside, canary)
    assert [record.getMessage() for record in caplog.records] == [
        "port 25 is closed: the canary is canary.example",
        "port 25 is open: the canary is canary.example",
    ]
