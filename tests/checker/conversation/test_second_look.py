"""Which further connections are made to a server, and what is said in each."""

import asyncio
import threading
from dataclasses import dataclass, replace

import pytest

from checker.conversation import looking, second_look
from checker.conversation.looking import look
from checker.conversation.probe import Probe
from checker.conversation.second_look import SecondLook
from checker.conversation.session import unwatched
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.facts import Choice, Connection, Failure, Finding, Handshake, PathError, Seen
from checker.problems import Stage
from checker.senders import Server, System
from checker.senders.hello import Checking
from checker.tls_version import TlsVersion
from tests.checker.certificates import NOW, certificate
from tests.checker.certificates import der_of as der
from tests.checker.handmade import ADDRESS, ScriptedStream, network

HOST = "mx.example.org"
GOOD = Handshake(
    version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", chain=(der(certificate(HOST)),)
)
MISNAMED = replace(GOOD, chain=(der(certificate("other.example")),))
OLD = replace(GOOD, version="TLSv1", cipher="AES256-SHA")
CLOSED = Handshake(Failure.CLOSED)
UNRECOGNIZED = Handshake(Failure.ALERT, "tlsv1 unrecognized name")

PROBE = Probe(
    HOST,
    ADDRESS,
    expected=(HOST,),
    minimum=TlsVersion.TLS_1_2,
    maximum=TlsVersion.TLS_1_3,
    sni=False,
    server=Server.POSTFIX,
    system=System.DEBIAN_13,
    checking=Checking.CERTIFICATE,
)
BY_ADDRESS = replace(PROBE, host=ADDRESS)
NAMING = replace(PROBE, sni=True)

NOTHING = Choice()
EVERYTHING = "everything"
"""Said in a hello that offers everything; the others are the sender's own."""


def over(handshake: Handshake | None, finding: str | None = None) -> Connection:
    stage = Stage.DONE if handshake is not None and handshake.version else Stage.TLS
    return Connection(stage, Finding(finding) if finding else None, handshake=handshake)


def needs(first: Connection, probe: Probe = PROBE) -> bool:
    return SecondLook(probe, network(), Trust()).is_needed(first)


@pytest.mark.parametrize(
    ("first", "needed"),
    [
        (over(GOOD), False),
        (over(MISNAMED), True),
        # Issued by nobody who is known: there may be another one for who asks by name.
        *(
            (over(replace(GOOD, errors=(PathError(code, 0, GOOD.chain[0]),))), True)
            for code in (2, 18, 19, 20, 21)
        ),
        # Its time is over for everybody.
        (over(replace(GOOD, errors=(PathError(10, 0, GOOD.chain[0]),))), False),
        (over(CLOSED, "tls-handshake-failed"), True),
        (over(Handshake(Failure.ALERT), "tls-handshake-failed"), True),
        # What speaks no TLS speaks none the next time, either.
        (over(Handshake(Failure.NOT_TLS), "tls-handshake-failed"), False),
        (over(Handshake(Failure.ALERT), "tls-client-certificate-required"), False),
        (over(Handshake(Failure.LOCAL), "certificate-invalid"), False),
        (Connection(Stage.GREETING, Finding("greeting-refused")), False),
        (Connection(Stage.TLS, Finding("connection-timeout")), False),
    ],
)
def test_a_healthy_server_is_asked_once(first: Connection, *, needed: bool) -> None:
    assert needs(first) is needed


@pytest.mark.parametrize("probe", [NAMING, BY_ADDRESS])
def test_who_was_named_or_has_no_name_is_not_asked_again_for_a_certificate(probe: Probe) -> None:
    assert not needs(over(MISNAMED), probe)
    assert needs(over(CLOSED, "tls-handshake-failed"), probe)


@dataclass
class Hears:
    """A server that is asked, and what it was asked for."""

    answers: list[Connection]
    choice: Choice = NOTHING

    def __post_init__(self) -> None:
        """Nothing was said yet."""
        self.said: list[tuple[str, str | None]] = []
        self.left = 0

    async def converse(
        self, address: str, offer: Offer, _network: object, _trust: object
    ) -> "tuple[Connection, Hears | None]":
        """One connection."""
        assert address == ADDRESS
        if offer.rules is None:
            assert (offer.minimum, offer.maximum) == (TlsVersion.TLS_1_0, TlsVersion.TLS_1_3)
        else:
            assert offer.rules == PROBE.rules
            assert (offer.minimum, offer.maximum) == (PROBE.minimum, PROBE.maximum)
        self.said.append((EVERYTHING if offer.rules is None else "own", offer.server_name))
        answer = self.answers.pop(0)
        return answer, self if answer.stage is Stage.DONE else None

    async def greet(self, address: str, server_name: str | None, _network: object) -> Choice:
        """One connection with a hello that no library says."""
        assert address == ADDRESS
        self.said.append(("by hand", server_name))
        return self.choice

    async def quit(self) -> None:
        """Be said good-bye to."""
        self.left += 1


async def looked(
    server: Hears, first: Connection, monkeypatch: pytest.MonkeyPatch, probe: Probe = PROBE
) -> Seen:
    monkeypatch.setattr(second_look, "converse", server.converse)
    monkeypatch.setattr(second_look, "greet_by_hand", server.greet)
    seen = await SecondLook(probe, network(), Trust()).look(Seen(NOW, first))
    assert (seen.at, seen.first) == (NOW, first)
    # Nobody is left waiting for a command.
    assert server.left == sum(way[0] != "by hand" for way in server.said) - sum(
        one is not None and one.stage is not Stage.DONE for one in (seen.named, seen.widened)
    )
    return seen


FAILED = over(CLOSED, "tls-handshake-failed")
SSL_3 = Choice("SSLv3", "RC4-SHA")


async def test_a_wrong_certificate_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Hears([over(GOOD)])
    seen = await looked(server, over(MISNAMED), monkeypatch)
    assert server.said == [("own", HOST)]
    assert (seen.named, seen.widened, seen.choice) == (over(GOOD), None, None)


async def test_a_server_that_knows_nobody_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Hears([over(GOOD)])
    seen = await looked(server, over(UNRECOGNIZED), monkeypatch)
    assert server.said == [("own", HOST)]
    assert (seen.named, seen.widened) == (over(GOOD), None)


async def test_a_server_that_does_not_know_its_name_is_offered_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Hears([over(GOOD)])
    seen = await looked(server, over(UNRECOGNIZED), monkeypatch, NAMING)
    assert server.said == [(EVERYTHING, HOST)]
    assert (seen.named, seen.widened) == (None, over(GOOD))


async def test_what_the_sender_would_refuse_needs_no_third_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Hears([over(OLD)])
    seen = await looked(server, FAILED, monkeypatch)
    assert server.said == [(EVERYTHING, None)]
    assert (seen.named, seen.widened, seen.choice) == (None, over(OLD), None)


async def test_where_everything_helps_and_nothing_would_be_refused_a_name_may_have_been_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Hears([over(GOOD), over(GOOD)])
    seen = await looked(server, FAILED, monkeypatch)
    assert server.said == [(EVERYTHING, None), ("own", HOST)]
    assert (seen.named, seen.widened) == (over(GOOD), over(GOOD))


@pytest.mark.parametrize(("probe", "name"), [(NAMING, HOST), (BY_ADDRESS, None)])
async def test_who_was_named_or_has_no_name_is_not_asked_by_name(
    probe: Probe, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Hears([over(GOOD)])
    seen = await looked(server, FAILED, monkeypatch, probe)
    assert server.said == [(EVERYTHING, name)]
    assert seen.named is None


@pytest.mark.parametrize(
    ("probe", "first_name", "name"),
    [(PROBE, None, HOST), (NAMING, HOST, HOST), (BY_ADDRESS, None, None)],
)
async def test_where_no_library_is_understood_the_choice_is_asked_for_by_hand(
    probe: Probe, first_name: str | None, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Hears([FAILED], SSL_3)
    seen = await looked(server, FAILED, monkeypatch, probe)
    assert server.said == [(EVERYTHING, first_name), ("by hand", name)]
    assert (seen.named, seen.widened, seen.choice) == (None, FAILED, SSL_3)


async def test_an_address_is_named_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Hears([FAILED])
    await looked(server, FAILED, monkeypatch, replace(BY_ADDRESS, sni=True))
    assert server.said[-1] == ("by hand", None)


async def test_a_server_that_no_longer_comes_as_far_as_tls_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = Connection(Stage.GREETING, Finding("temporarily-refused", code=421))
    server = Hears([busy])
    seen = await looked(server, FAILED, monkeypatch)
    assert server.said == [(EVERYTHING, None)]
    assert (seen.named, seen.widened, seen.choice) == (None, busy, None)


async def test_whether_it_is_needed_is_found_out_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    where = []

    def is_needed(*_: object) -> bool:
        where.append(threading.current_thread())
        return False

    monkeypatch.setattr(SecondLook, "is_needed", is_needed)
    await look(PROBE, unwatched, network(), Trust())
    assert len(where) == 1
    assert threading.main_thread() not in where


async def test_where_time_runs_out_meanwhile_no_connection_stays_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = ScriptedStream(b"220 mx\r\n", b"250 mx\r\n")

    async def no_end(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(looking, "elsewhere", no_end)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await look(PROBE, unwatched, network(servers={ADDRESS: lambda: server}), Trust())
    assert server.closed
