"""What a worker of a cluster does with an order; without a cluster."""

import asyncio
from pathlib import Path

import pytest

from checker.bulk import desk
from checker.bulk.desk import Broken, Order, Parcel, Proved, serve
from checker.bulk.looks import Job, Looked
from checker.conversation.probe import Probe
from checker.operators import load
from checker.senders.hello import Checking
from checker.tls_version import TlsVersion
from tests.bulk.shared import Shared
from tests.bulk.world import silent

_SENDER = load("profihost").delivery


def job(address: str) -> Job:
    """A look at an address."""
    return Job.first(
        Probe(
            "mx.example.org",
            address,
            ("mx.example.org",),
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_3,
            sni=False,
            server=_SENDER.server,
            system=_SENDER.system,
            checking=next(iter(Checking)),
        )
    )


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    """The world of the run."""
    return Shared(tmp_path / "log")


async def done(order: Order) -> object:
    """What comes of an order."""
    return (await serve(Parcel(order))).open()


async def test_a_host_that_hangs_holds_nobody_elses_result_back(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_WAIT", 5.0)
    hanging, healthy = shared.addresses[:2]
    world = shared()
    world.network.connector.shows[hanging] = [silent]  # type: ignore[attr-defined]
    order = Order("a", lambda: world, ((1, job(hanging)), (2, job(healthy))))
    monkeypatch.setattr(Parcel, "__init__", lambda self, content: setattr(self, "_it", content))
    monkeypatch.setattr(Parcel, "open", lambda self: self._it)
    outcomes = await asyncio.wait_for(done(order), 3)
    assert isinstance(outcomes, tuple)
    ((number, outcome),) = outcomes
    assert number == 2
    assert isinstance(outcome, Looked)
    assert outcome.seen is not None


async def test_whoever_has_forgotten_what_it_was_asked_for_says_so(shared: Shared) -> None:
    assert isinstance(await done(Order("b", shared, begun=frozenset({7}))), Broken)


async def test_a_worker_says_what_it_is(shared: Shared) -> None:
    proved = await done(Order("c", shared, prove=True))
    assert isinstance(proved, Proved)
    assert proved.is_open


async def test_whatever_goes_wrong_is_an_answer_and_no_exception() -> None:
    broken = await done(Order("d", broken_world))  # type: ignore[arg-type]
    assert isinstance(broken, Broken)
    assert "secret" not in broken.why


def broken_world() -> None:
    """A world that cannot be made."""
    raise ValueError("secret.example")


def test_a_parcel_shows_nothing_of_what_is_in_it() -> None:
    assert "example" not in repr(Parcel("customer.example"))
