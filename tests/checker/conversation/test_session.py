"""What is told of a mail server that does not get as far as TLS."""

import asyncio
import errno
import json
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.check import Checker
from checker.conversation.session import converse
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.delivery.verdict import Outcome
from checker.delivery.walk import Step
from checker.domain import parse
from checker.facts import Attempt, Finding, Oddity
from checker.network import Limits, Stream
from checker.operators import load
from checker.problems import PROBLEMS, Cause, Stage
from checker.tell.answer import to_json
from checker.tell.lines import lines
from checker.tls_version import TlsVersion
from tests.checker.handmade import ADDRESS, SILENCE, HandmadeDns, ScriptedStream, Turn, network
from tests.examples import examples

READY = b"220 mx.example.org ESMTP\r\n"
OFFER = b"250-mx.example.org\r\n250 STARTTLS\r\n"
GO = b"220 2.0.0 Ready\r\n"
BYE = b"221 2.0.0 Bye\r\n"
TRUST = Trust()


async def attempt(server: ScriptedStream | OSError) -> tuple[Attempt, list[Stage]]:
    """Check a domain with one mail server; tell what came of it, and the stages announced."""
    dns = HandmadeDns("example.org MX 10 mx.example.org.", f"mx.example.org A {ADDRESS}")
    servers = {ADDRESS: server if isinstance(server, OSError) else lambda: server}
    checker = Checker(network(dns, servers), TRUST)
    stages: list[Stage] = []

    def watch(step: Step) -> None:
        if step.target is not None:
            stages.append(step.stage)

    answer = await checker.check(parse("example.org"), load("careful"), watch)
    await checker.close()
    (seen,) = answer.attempts
    assert {finding.id for finding in seen.findings} <= set(PROBLEMS)
    return seen, stages


@pytest.mark.parametrize(
    ("turns", "stage", "problem", "evidence"),
    [
        ([b""], "greeting", "connection-failed", {"cause": "closed"}),
        ([ConnectionResetError()], "greeting", "connection-failed", {"cause": "reset"}),
        ([SILENCE], "greeting", "connection-timeout", {"cause": "timeout"}),
        ([b"HTTP/1.1 400\r\n"], "greeting", "not-smtp", {"cause": "no-reply-code"}),
        *(
            ([b"%03d hello\r\n" % code, BYE], "greeting", "not-smtp", {"code": code})
            for code in (0, 120, 300, 354, 620)
        ),
        (
            [b"421 4.3.2 busy\r\n"],
            "greeting",
            "temporarily-refused",
            {"code": 421, "text": "4.3.2 busy"},
        ),
        ([b"450 later\r\n", BYE], "greeting", "temporarily-refused", {"code": 450}),
        ([b"554 no\r\n", BYE], "greeting", "greeting-refused", {"code": 554, "text": "no"}),
        ([b"521 never\r\n", BYE], "greeting", "greeting-refused", {"code": 521}),
        ([READY, b""], "ehlo", "connection-failed", {"cause": "closed"}),
        ([READY, SILENCE], "ehlo", "connection-timeout", {"cause": "timeout"}),
        ([READY, b"421 closing\r\n"], "ehlo", "temporarily-refused", {"code": 421}),
        *(
            ([READY, ehlo, b"450 who\r\n", BYE], "ehlo", "temporarily-refused", {"code": 450})
            for ehlo in (b"450 who\r\n", b"500 what\r\n")
        ),
        *(
            ([READY, ehlo, b"550 no\r\n", BYE], "ehlo", "greeting-refused", {"code": 550})
            for ehlo in (b"450 later\r\n", b"550 go away\r\n")
        ),
        *(
            (
                [READY, b"%d what\r\n" % code, b"250 mx\r\n", BYE],
                "starttls",
                "starttls-not-supported",
                {"ehlo_code": code},
            )
            for code in (150, 354, 450, 500, 502, 550, 650)
        ),
        ([READY, b"250 mx\r\n", BYE], "starttls", "starttls-not-supported", {}),
        (
            [READY, b"250-mx\r\n250 XXXXXXXA\r\n", BYE],
            "starttls",
            "starttls-not-supported",
            {"masked": True},
        ),
        *(
            (
                [READY, OFFER, b"%d later\r\n" % code, BYE],
                "starttls",
                "starttls-failed",
                {"code": code},
            )
            for code in (120, 354, 454, 620)
        ),
        ([READY, OFFER, b"502 no\r\n", BYE], "starttls", "starttls-failed", {"code": 502}),
        ([READY, OFFER, b"554 no\r\n", BYE], "starttls", "starttls-failed", {"code": 554}),
        *(
            (
                [READY, OFFER, b"%d no\r\n" % code],
                "starttls",
                "starttls-failed",
                {"code": code, "cause": "closed"},
            )
            for code in (454, 554)
        ),
        # Some say that they close, and stay.
        ([READY, OFFER, b"421 closing\r\n", BYE], "starttls", "starttls-failed", {"code": 421}),
        ([READY, OFFER, b""], "starttls", "starttls-failed", {"cause": "closed"}),
        ([READY, OFFER, SILENCE], "starttls", "connection-timeout", {"cause": "timeout"}),
        # RFC 5321 section 3.8: the whole server goes away, whatever it was asked.
        ([READY, OFFER, b"421 closing\r\n"], "starttls", "temporarily-refused", {"code": 421}),
        ([READY, OFFER, GO, SILENCE], "tls", "connection-timeout", {"stage": "tls"}),
    ],
)
async def test_before_tls(
    turns: list[Turn], stage: str, problem: str, evidence: dict[str, object]
) -> None:
    server = ScriptedStream(*turns)
    seen, announced = await attempt(server)
    assert seen.stage == stage
    assert [finding.id for finding in seen.findings] == [problem]
    assert evidence.items() <= seen.findings[0].told.items()
    assert announced[-1] == stage or (stage, announced[-1]) == ("starttls", "ehlo")
    assert server.closed
    assert [line for line in server.commands if line.startswith(("MAIL", "RCPT", "DATA"))] == []
    # Whoever still listens is told good-bye, and nobody else.
    assert ("QUIT" in server.commands) == (BYE in turns)


@pytest.mark.parametrize("code", [120, 354, 454, 554])
@pytest.mark.parametrize(
    ("left", "cause"),
    [
        (BYE, None),
        (b"502 what\r\n", None),
        (bytes.fromhex("15030300020246"), Cause.CLOSED),
        (b"", Cause.CLOSED),
        (ConnectionResetError(), Cause.CLOSED),
        (SILENCE, Cause.SILENT),
    ],
)
async def test_who_refuses_starttls_may_wait_for_a_handshake_all_the_same(
    code: int, left: Turn, cause: Cause | None
) -> None:
    turns = [READY, OFFER, b"%d no\r\n" % code, left]
    seen, _ = await attempt(ScriptedStream(*turns))
    assert [(one.id, one.code, one.cause) for one in seen.findings] == [
        ("starttls-failed", code, cause)
    ]
    assert [reply.command for reply in seen.replies] == ["connect", "EHLO", "STARTTLS"]


@pytest.mark.parametrize(
    ("number", "finding"),
    [
        ("ECONNREFUSED", Finding("connection-failed", {"stage": "connect", "cause": "refused"})),
        ("ECONNRESET", Finding("connection-failed", {"stage": "connect", "cause": "reset"})),
        (
            "EHOSTUNREACH",
            Finding("connection-failed", {"stage": "connect", "cause": "host-unreachable"}),
        ),
        ("EPROTO", Finding("connection-failed", {"stage": "connect", "cause": "network"})),
        ("ENETUNREACH", Finding("checker-unreachable", cause=Cause.NO_ROUTE)),
        ("EAFNOSUPPORT", Finding("checker-unreachable", cause=Cause.NO_ROUTE)),
        ("EADDRNOTAVAIL", Finding("checker-unreachable", cause=Cause.NO_ROUTE)),
        ("EMFILE", Finding("checker-unreachable", cause=Cause.TOO_MANY_FILES)),
        ("EPERM", Finding("checker-unreachable", cause=Cause.NOT_PERMITTED)),
    ],
)
async def test_no_connection(number: str, finding: Finding) -> None:
    code = getattr(errno, number)
    seen, announced = await attempt(OSError(code, os.strerror(code)))
    assert seen.stage == Stage.CONNECT
    assert seen.findings == (finding,)
    assert announced == [Stage.CONNECT]


@pytest.mark.parametrize(
    ("turns", "stage", "first", "last"),
    [
        ([b"554-no\r\n220 mx\r\n", OFFER, GO], Stage.GREETING, 554, 220),
        ([b"220-mx\r\n421 no\r\n", OFFER, GO], Stage.GREETING, 220, 421),
        ([READY, b"550-no\r\n250-STARTTLS\r\n250 x\r\n", GO], Stage.EHLO, 550, 250),
        ([READY, b"250-mx\r\n250-STARTTLS\r\n421 x\r\n", GO], Stage.EHLO, 250, 421),
        ([READY, OFFER, b"454-no\r\n220 go\r\n"], Stage.STARTTLS, 454, 220),
        ([READY, OFFER, b"220-go\r\n554 no\r\n"], Stage.STARTTLS, 220, 554),
    ],
)
async def test_a_look_goes_on_where_any_sender_would(
    turns: list[Turn], stage: Stage, first: int, last: int
) -> None:
    dns = HandmadeDns("example.org MX 10 mx.example.org.", f"mx.example.org A {ADDRESS}")
    offer = Offer(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
    world = network(dns, {ADDRESS: lambda: ScriptedStream(*turns)})
    seen, _ = await converse(ADDRESS, offer, world, TRUST)
    assert seen.stage == Stage.TLS
    assert seen.handshake is not None
    (mixed,) = seen.speech.mixed
    assert (mixed.stage, mixed.first, mixed.last) == (stage, first, last)


@pytest.mark.parametrize(
    ("greeting", "name", "echoes"),
    [
        ("mx.example.org", "{ours}", True),
        ("mx.example.org", "{OURS}=x", True),
        ("{ours}", "{ours}", False),
        ("mx.example.org", "mx.example.org Hello {ours}", False),
    ],
)
async def test_a_server_that_gives_the_clients_name_for_its_own(
    greeting: str, name: str, *, echoes: bool
) -> None:
    dns = HandmadeDns("example.org MX 10 mx.example.org.", f"mx.example.org A {ADDRESS}")
    offer = Offer(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
    ours = network(dns).client_name
    turns = [
        f"{code} {text.format(ours=ours, OURS=ours.upper())}\r\n".encode()
        for code, text in ((220, greeting), (250, name))
    ]
    world = network(dns, {ADDRESS: lambda: ScriptedStream(*turns, BYE)})
    seen, conversation = await converse(ADDRESS, offer, world, TRUST)
    assert conversation is not None
    conversation.stream.close()
    assert (Oddity.SENDERS_NAME in seen.speech.hello) is echoes


async def test_who_says_421_to_ehlo_and_stays_is_asked_by_helo() -> None:
    dns = HandmadeDns("example.org MX 10 mx.example.org.", f"mx.example.org A {ADDRESS}")
    offer = Offer(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
    turns = [READY, b"421 closing\r\n", b"250 mx\r\n", BYE]
    world = network(dns, {ADDRESS: lambda: ScriptedStream(*turns)})
    seen, conversation = await converse(ADDRESS, offer, world, TRUST)
    assert conversation is not None
    conversation.stream.close()
    assert seen.finding == Finding("starttls-not-supported", {"ehlo_code": 421}, Cause.STAYS_OPEN)


async def test_a_server_that_never_takes_up_the_connection() -> None:
    class Nobody:
        async def connect(self, _address: str, _port: int) -> Stream:
            await asyncio.sleep(60)
            raise AssertionError("nobody waits for that long")

    world = replace(network(limits=Limits(connect=0.05)), connector=Nobody())
    offer = Offer(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
    seen, conversation = await converse(ADDRESS, offer, world, Trust([]))
    assert (seen.stage, conversation) == (Stage.CONNECT, None)
    assert seen.finding == Finding("connection-timeout", {"stage": "connect"})


@pytest.mark.parametrize(
    ("turns", "stage"), [([SILENCE], "greeting"), ([READY, SILENCE], "ehlo"), ([b""], "greeting")]
)
async def test_it_is_told_where_a_server_fell_silent(turns: list[Turn], stage: str) -> None:
    seen, _ = await attempt(ScriptedStream(*turns))
    assert seen.findings[0].evidence["stage"] == stage


async def test_a_server_that_closes_in_the_handshake() -> None:
    seen, _ = await attempt(ScriptedStream(READY, OFFER, GO))
    assert seen.stage == Stage.TLS
    assert [finding.id for finding in seen.findings] == ["tls-handshake-failed"]


async def test_a_refusal_that_is_text_of_a_stranger() -> None:
    seen, _ = await attempt(ScriptedStream(b"554-\x1b[31m<b>\r\n554 \xe2\x80\xaeno\r\n", BYE))
    assert seen.findings[0].evidence["text"] == "\ufffd[31m<b> \ufffdno"


_TURN = st.one_of(
    st.sampled_from([READY, OFFER, GO, BYE, b"250 mx.example.org\r\n", b"454 later\r\n", SILENCE]),
    st.binary(max_size=60),
    st.binary(max_size=40).map(lambda text: b"250-" + text + b"\r\n250 STARTTLS\r\n"),
    st.builds(b"%03d %b\r\n".__mod__, st.tuples(st.integers(0, 999), st.binary(max_size=40))),
    st.sampled_from([ConnectionResetError(), OSError(), BrokenPipeError()]),
)


@settings(max_examples=examples(100))
@given(st.lists(_TURN, max_size=6), st.integers(1, 200))
async def test_whatever_a_server_says_there_is_an_answer(turns: list[Turn], chunk: int) -> None:
    dns = HandmadeDns("example.org MX 10 mx.example.org.", f"mx.example.org A {ADDRESS}")
    servers = {ADDRESS: lambda: ScriptedStream(*turns, chunk=chunk)}
    quick = Limits(total=1.0, connect=0.01, reply=0.01)
    checker = Checker(network(dns, servers, limits=quick), TRUST)
    answer = await checker.check(parse("example.org"), load("careful"))
    await checker.close()
    assert answer.verdict.outcome in {Outcome.FAILS, Outcome.UNKNOWN}
    assert {trouble.id for trouble in answer.verdict.troubles} <= set(PROBLEMS)
    assert json.loads(json.dumps(to_json(answer)))["domain"] == "example.org"
    assert all(line.isprintable() for line in lines(answer))
