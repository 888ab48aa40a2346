"""Runs over a handmade world: how often each server is asked, and what comes of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from checker.bulk import looker
from checker.bulk.domains import World
from checker.bulk.engine import Engine
from checker.bulk.port import MANY, PortClosedError
from checker.bulk.store import Store
from checker.bulk.turns import Caps
from checker.canary import Canary
from checker.check import Checker
from checker.domain import Domain
from checker.function.guard.opt_out import OptOuts
from checker.operators import load
from tests.bulk.world import (
    PROFIHOST,
    Servers,
    began,
    busy,
    dead,
    healthy,
    mail_of,
    outcomes,
    silent,
    world,
)
from tests.checker.handmade import HandmadeDns

ONE, TWO, THREE = "192.0.2.1", "192.0.2.2", "198.51.100.3"


def domains(count: int, host: Callable[[int], str] = lambda _: "mx.example.org") -> list[str]:
    """The records of so many domains."""
    names = (f"d{number}.example" for number in range(count))
    return [record for n, name in enumerate(names) for record in mail_of(name, host(n))]


def names(count: int) -> list[str]:
    """Their names."""
    return [f"d{number}.example" for number in range(count)]


async def test_a_server_is_asked_once_however_many_domains_use_it(tmp_path: Path) -> None:
    servers = Servers()
    made = world(servers, *domains(200), f"mx.example.org A {ONE}")
    found = await outcomes(tmp_path, made, *names(200))
    assert len(found) == 200
    assert {outcome for outcome, _ in found.values()} <= {"delivers", "delivers-with-warnings"}
    assert servers.connections == {ONE: 1}


async def test_a_server_of_many_names_is_asked_once_as_well(tmp_path: Path) -> None:
    servers = Servers()
    hosts = [f"mx{number}.example.org A {ONE}" for number in range(50)]
    made = world(servers, *domains(50, lambda n: f"mx{n}.example.org"), *hosts)
    found = await outcomes(tmp_path, made, *names(50))
    assert len(found) == 50
    assert servers.connections == {ONE: 1}


async def test_for_a_name_that_no_certificate_bears_there_is_one_more_connection(
    tmp_path: Path,
) -> None:
    servers = Servers()
    records = [
        *domains(50, lambda n: "mx.one.example" if n % 2 else "mx.two.example"),
        f"mx.one.example A {ONE}",
        f"mx.two.example A {ONE}",
    ]
    made = world(servers, *records, operators=[load("careful")])
    found = await outcomes(tmp_path, made, *names(50))
    assert set(found.values()) == {("fails", "certificate-host-mismatch")}
    assert servers.connections == {ONE: 3}


async def test_each_name_gets_the_verdict_of_a_single_check(tmp_path: Path) -> None:
    """The certificate bears one of the names; and a careful sender minds that."""
    records = [
        *mail_of("good.example", "mx.example.org"),
        *mail_of("bad.example", "mx.other.example"),
        *mail_of("second.example", "gone.example", "mx.example.org"),
        *mail_of("dead.example", "dead.example.org"),
        "null.example MX 0 .",
        f"mx.example.org A {ONE}",
        f"mx.other.example A {ONE}",
        f"dead.example.org A {THREE}",
    ]
    checked = ["good", "bad", "second", "dead", "null", "none"]
    listed = [f"{name}.example" for name in checked]
    for operator in (load("careful"), PROFIHOST, load("mediafinanz")):
        servers = Servers({THREE: [dead]})
        made = world(servers, *records, operators=[operator])
        folder = tmp_path / operator.name
        folder.mkdir()
        found = await outcomes(folder, made, *listed)
        single = Checker(made.network, made.trust)
        for name in listed:
            verdict = (await single.check(Domain(name, name), operator)).verdict
            assert found[name] == (verdict.outcome, verdict.troubles[0].id), (operator.name, name)
        await single.close()


async def test_never_two_connections_to_one_host(tmp_path: Path) -> None:
    servers = Servers()
    records = [
        *domains(60, lambda n: f"mx{n % 6}.example.org"),
        *(f"mx{n}.example.org A 192.0.2.{1 + n // 2}" for n in range(6)),
        f"mx0.example.org A {TWO}",
    ]
    made = world(servers, *records, operators=[load("careful")])
    await outcomes(tmp_path, made, *names(60))
    assert max(servers.most[address] for address in servers.connections) == 1
    assert servers.most["all"] > 1


async def test_the_caps_are_kept(tmp_path: Path) -> None:
    servers = Servers()
    hosts = [f"mx{n}.example.org A 203.0.{n % 2}.{n + 1}" for n in range(40)]
    made = world(servers, *domains(40, lambda n: f"mx{n}.example.org"), *hosts)
    made = replace(made, caps=Caps(connections=5, per_second=10_000.0, per_network=2))
    await outcomes(tmp_path, made, *names(40))
    assert servers.most["all"] == 4
    made = replace(made, caps=Caps(connections=3, per_second=200.0))
    began_at = asyncio.get_running_loop().time()
    (tmp_path / "again").mkdir()
    await outcomes(tmp_path / "again", made, *names(40))
    assert servers.most["all"] == 4
    assert asyncio.get_running_loop().time() - began_at >= 39 / 200


async def test_who_answers_421_rests_and_comes_last(tmp_path: Path) -> None:
    servers = Servers({ONE: [busy, healthy]})
    records = [
        *domains(30, lambda n: "busy.example.org" if n % 2 else f"mx{n}.example.org"),
        f"busy.example.org A {ONE}",
        *(f"mx{n}.example.org A 203.0.113.{n + 1}" for n in range(0, 30, 2)),
    ]
    found = await outcomes(tmp_path, world(servers, *records), *names(30))
    assert {outcome for outcome, _ in found.values()} <= {"delivers", "delivers-with-warnings"}
    assert servers.connections[ONE] == 2
    assert servers.order[-1] == ONE


async def test_who_answers_421_again_is_told_as_that(tmp_path: Path) -> None:
    servers = Servers({ONE: [busy]})
    made = world(servers, *domains(5), f"mx.example.org A {ONE}")
    found = await outcomes(tmp_path, made, *names(5))
    assert set(found.values()) == {("unknown", "temporarily-refused")}
    assert servers.connections == {ONE: 2}


async def test_all_that_rest_rest_at_the_same_time(tmp_path: Path) -> None:
    """A domain whose servers are all busy is told so after one rest, not after one for each."""
    servers = Servers({ONE: [busy], TWO: [busy]})
    records = mail_of("d0.example", "mx1.example.org", "mx2.example.org")
    hosts = [f"mx1.example.org A {ONE}", f"mx2.example.org A {TWO}"]
    found = await outcomes(tmp_path, world(servers, *records, *hosts), *names(1))
    assert set(found.values()) == {("unknown", "temporarily-refused")}
    assert servers.connections == {ONE: 2, TWO: 1}


async def test_a_silent_server_costs_its_time_once_and_nobody_else_any(tmp_path: Path) -> None:
    """All that use it are told what a single check would say; others that wait are not."""
    servers = Servers({ONE: [silent]})
    records = [
        *domains(20, lambda n: "silent.example.org" if n % 2 else "mx.example.org"),
        f"silent.example.org A {ONE}",
        f"mx.example.org A {TWO}",
    ]
    made = world(servers, *records, total=0.4)
    began_at = asyncio.get_running_loop().time()
    found = await outcomes(tmp_path, made, *names(20))
    assert asyncio.get_running_loop().time() - began_at < 3.0
    assert servers.connections == {ONE: 1, TWO: 1}
    single = Checker(made.network, made.trust)
    alone = (await single.check(Domain("d1.example", "d1.example"), PROFIHOST)).verdict
    await single.close()
    for name, (outcome, problem) in found.items():
        if int(name[1:].partition(".")[0]) % 2:
            assert (outcome, problem) == (alone.outcome, alone.troubles[0].id)
        else:
            assert outcome.startswith("delivers")


async def test_who_opted_out_is_left_alone(tmp_path: Path) -> None:
    servers = Servers()
    records = [
        *mail_of("listed.example", "mx.example.org"),
        *mail_of("host.example", "mx.listed.example"),
        *mail_of("record.example", "mx.says-so.example"),
        f"mx.example.org A {ONE}",
        f"mx.listed.example A {TWO}",
        f"mx.says-so.example A {THREE}",
        "_zustellbar.mx.says-so.example TXT opt-out",
    ]
    made = world(servers, *records)
    made = replace(made, opt_outs=OptOuts(frozenset({"listed.example", "mx.listed.example"})))
    found = await outcomes(tmp_path, made, "listed.example", "host.example", "record.example")
    assert set(found.values()) == {("unknown", "checker-unreachable")}
    assert not servers.connections


async def test_a_question_to_the_dns_is_asked_once(tmp_path: Path) -> None:
    made = world(Servers(), *domains(50), f"mx.example.org A {ONE}")
    await outcomes(tmp_path, made, *names(50))
    dns = made.network.resolver
    assert isinstance(dns, HandmadeDns)
    assert len(dns.asked) == len(set(dns.asked))


async def test_two_senders_share_what_was_seen_where_they_say_the_same(tmp_path: Path) -> None:
    servers = Servers()
    careful = load("careful")
    twin = replace(careful, name="twin")
    made = world(servers, *domains(9), f"mx.example.org A {ONE}", operators=[careful, twin])
    store = Store(tmp_path / "bulk.sqlite")
    run = began(store, made, *names(9))
    await Engine(made, store, run).run()
    assert {one.operator for one in store.answers(run)} == {"careful", "twin"}
    assert servers.connections[ONE] <= 2
    store.close()


async def test_a_run_that_was_stopped_asks_only_for_the_rest(tmp_path: Path) -> None:
    hosts = [f"mx{n}.example.org A 203.0.113.{n + 1}" for n in range(100)]
    servers = Servers()
    made = world(
        servers,
        *domains(100, lambda n: f"mx{n}.example.org"),
        *hosts,
        caps=Caps(connections=3, per_second=100.0, per_network=100),
    )
    store = Store(tmp_path / "bulk.sqlite")
    run = began(store, made, *names(100))
    told: list[object] = []
    some = asyncio.Event()

    def tell(answers: object) -> None:
        told.append(answers)
        if len(told) > 10:
            some.set()

    task = asyncio.create_task(Engine(made, store, run, tell).run())
    await some.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    done = {one.domain for one in store.answers(run)}
    assert 10 < len(done) < 100
    store.close()
    asked = set(servers.connections)
    store = Store(tmp_path / "bulk.sqlite")
    again = store.unfinished("f")
    assert again == run
    await Engine(replace(made, caps=Caps(per_second=10_000.0)), store, run).run()
    assert len(list(store.answers(run))) == 100
    twice = {address for address, count in servers.connections.items() if count > 1}
    assert len(twice) <= 3, "what was in flight may be asked again, and nothing else"
    assert twice <= asked
    store.close()


def closed(count: int) -> tuple[Servers, World]:
    """A world of so many servers of which none can be connected to."""
    servers = Servers({f"203.0.113.{n + 1}": [dead] for n in range(count)})
    hosts = [f"mx{n}.example.org A 203.0.113.{n + 1}" for n in range(count)]
    records = [*domains(count, lambda n: f"mx{n}.example.org"), *hosts]
    return servers, world(servers, *records)


async def test_a_closed_port_is_told_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    servers, made = closed(3 * MANY)
    store = Store(tmp_path / "bulk.sqlite")
    run = began(store, made, *names(3 * MANY))
    with pytest.raises(PortClosedError, match="is port 25 closed"):
        await Engine(made, store, run).run()
    assert list(store.answers(run)) == []
    servers.shows.clear()
    assert await Engine(made, store, run).run() == 0
    assert {one.outcome for one in store.answers(run)} <= {"delivers", "delivers-with-warnings"}
    store.close()


async def test_with_a_canary_nothing_is_asked_before_it_has_answered(tmp_path: Path) -> None:
    servers, made = closed(3 * MANY)
    made = replace(made, canary=Canary("203.0.113.1", made.network))
    store = Store(tmp_path / "bulk.sqlite")
    run = began(store, made, *names(3 * MANY))
    with pytest.raises(PortClosedError, match="canary"):
        await Engine(made, store, run).run()
    assert servers.connections.total() == 1
    store.close()


async def test_with_a_canary_that_answers_dead_servers_are_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looker, "APART", timedelta())
    servers, made = closed(3 * MANY)
    servers.shows[ONE] = [healthy]
    made = replace(made, canary=Canary(ONE, made.network))
    found = await outcomes(tmp_path, made, *names(3 * MANY))
    assert set(found.values()) == {("unknown", "connection-failed")}


async def test_a_few_dead_servers_are_no_closed_port(tmp_path: Path) -> None:
    _, made = closed(MANY - 1)
    found = await outcomes(tmp_path, made, *names(MANY - 1))
    assert set(found.values()) == {("unknown", "connection-failed")}


async def test_many_dead_servers_behind_others_that_live_are_no_closed_port(
    tmp_path: Path,
) -> None:
    """One domain has them all, so that they are asked last, one after the other."""
    servers, _ = closed(3 * MANY)
    gone = [f"mx{n}.example.org" for n in range(3 * MANY)]
    records = [*mail_of("many.example", *gone[:25]), *mail_of("live.example", "mx.example.org")]
    hosts = [f"{host} A 203.0.113.{n + 1}" for n, host in enumerate(gone)]
    made = world(servers, *records, *hosts, f"mx.example.org A {ONE}", operators=[load("careful")])
    found = await outcomes(tmp_path, made, "many.example", "live.example")
    assert found["many.example"] == ("unknown", "connection-failed")
    assert found["live.example"][0].startswith("delivers")
