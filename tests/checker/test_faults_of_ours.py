"""A fault of ours at one look is told as one, and neither ends a check nor decides it."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import check as whole
from checker.certificate.shown import read
from checker.check import Answer, Checker
from checker.conversation import looking
from checker.conversation.smtp import Conversation
from checker.conversation.trust import Trust
from checker.delivery import joining, others, walk
from checker.delivery.verdict import Outcome
from checker.domain import parse
from checker.network import Limits
from checker.operators import load
from checker.route import mail_servers, mta_sts
from checker.tell.answer import to_json
from checker.tell.lines import lines
from tests.checker import certificates
from tests.checker.certificates import (
    ALTERNATIVE_NAME,
    COMMON_NAME,
    KEY,
    alternative_names,
    attribute,
    certificate,
    der_of,
    extension,
    handwritten,
    name,
    tlv,
)
from tests.checker.handmade import ADDRESS, HandmadeDns, network
from tests.checker.tls_server import TlsMailServer, UnservableError, context
from tests.examples import examples

OTHER_ADDRESS = "192.0.2.2"
RECORDS = (
    "example.org MX 10 mx.example.org.",
    f"mx.example.org A {ADDRESS}",
    f"mx.example.org A {OTHER_ADDRESS}",
)
LEAF = certificate("mx.example.org", subject=name("mx.example.org", "Example"))
INTERMEDIATE = certificate(
    subject=name("Example Issuing CA"), extensions=(x509.BasicConstraints(ca=True, path_length=0),)
)
CHAIN = (der_of(LEAF), der_of(INTERMEDIATE))
NAME = "secret.example.org"


async def check(
    *chain: bytes,
    trust: Trust | None = None,
    operator: str = "careful",
    records: Sequence[str] = RECORDS,
) -> Answer:
    """What comes of a mail to example.org, whose servers show these certificates."""
    shown = context(chain or CHAIN, KEY)
    servers = dict.fromkeys((ADDRESS, OTHER_ADDRESS), lambda: TlsMailServer(shown))
    # That a busy machine is slow is no fault of a certificate.
    world = network(HandmadeDns(*records), servers, limits=Limits())
    checker = Checker(world, trust or Trust())
    answer = await checker.check(parse("example.org"), load(operator), every=True, also=True)
    await checker.close()
    assert json.dumps(to_json(answer))
    assert all(line.isprintable() for line in lines(answer))
    return answer


class Noted(logging.Handler):
    """Keeps what is logged as a fault of ours."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.faults.append(record.getMessage())


async def faultless(*chain: bytes, **given: Any) -> Answer:  # noqa: ANN401 - as for check
    """The same, where nothing of it may be too much for us."""
    noted, log = Noted(), logging.getLogger("checker.faults")
    log.addHandler(noted)
    try:
        answer = await check(*chain, **given)
    finally:
        log.removeHandler(noted)
    assert noted.faults == []
    return answer


ORGANIZATION = "55040a"
T61_STRING, BIT_STRING, BMP_STRING = 0x14, 0x03, 0x1E
SUBJECT = attribute(COMMON_NAME, b"mx.example.org")

ODD = {
    "an empty name of a service": alternative_names(
        (0x82, b"mx.example.org"),
        (0xA0, tlv(0x06, bytes.fromhex("2b06010505070807")) + tlv(0xA0, tlv(0x16, b""))),
    ),
    "a doubled extension": alternative_names((0x82, b"mx.example.org")) * 2,
    "no names": extension(ALTERNATIVE_NAME, tlv(0x30)),
    "no sequence of names": extension(ALTERNATIVE_NAME, b"\xff"),
}


@pytest.mark.parametrize("oddity", ODD)
async def test_an_odd_extension_is_read(oddity: str) -> None:
    assert (await faultless(handwritten(ODD[oddity]))).attempts[0].certificate


@pytest.mark.parametrize("tag", [T61_STRING, BIT_STRING, BMP_STRING])
@pytest.mark.parametrize("of", ["subject", "issuer"])
async def test_a_name_of_an_odd_kind_is_read(tag: int, of: str) -> None:
    odd = SUBJECT + attribute(ORGANIZATION, b"\x00\xe4\xff\xfe", tag)
    chain = handwritten(alternative_names((0x82, b"mx.example.org")), **{of: odd})  # type: ignore[arg-type]
    assert (await faultless(chain, CHAIN[1])).attempts[0].certificate


async def test_an_authority_with_an_odd_name_hides_no_other(tmp_path: Path) -> None:
    odd = handwritten(subject=attribute(ORGANIZATION, b"Pl\xe4tzchen", T61_STRING))
    plain = der_of(certificate(subject=name("Example Root", "Example Organization")))
    file = tmp_path / "ca.pem"
    file.write_text("".join(map(certificates.pem_of, (odd, plain))))
    trust = Trust([file])
    assert "Example Organization" in trust.organizations()
    assert (await faultless(trust=trust)).attempts[0].certificate


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
async def test_no_mutated_certificate_is_too_much_from_the_handshake_to_the_answer(
    data: st.DataObject,
) -> None:
    chain = [bytearray(one) for one in CHAIN]
    for _ in range(data.draw(st.integers(1, 3))):
        one = data.draw(st.sampled_from(chain))
        at = data.draw(st.integers(0, len(one) - 1))
        one[at] = data.draw(st.sampled_from([0, 1, 0x30, 0x7F, 0x80, 0xFF, one[at] ^ 1]))
    operator = data.draw(st.sampled_from(["careful", "mediafinanz"]))
    try:
        answer = await faultless(*map(bytes, chain), operator=operator)
    except UnservableError:
        return
    for attempt in answer.attempts:
        told = {finding.id for finding in attempt.findings}
        assert attempt.certificate or told & {"certificate-invalid", "tls-handshake-failed"}


def broken(*_: object, **__: object) -> object:
    """A fault of ours."""
    raise RuntimeError(NAME)


Patched = tuple[object, str]


@pytest.mark.parametrize(
    ("patched", "problem", "cause"),
    [
        ((looking, "converse"), "checker-unreachable", "internal"),
        ((joining, "read"), "certificate-invalid", "unreadable"),
        ((joining, "find_faults"), "certificate-invalid", "unreadable"),
        ((joining, "heard"), "certificate-invalid", "unreadable"),
        ((mail_servers._Questions, "ask"), "checker-unreachable", "internal"),  # noqa: SLF001
        ((whole, "targets"), "checker-unreachable", "internal"),
        ((mta_sts, "apply"), "checker-unreachable", "internal"),
        ((walk, "react"), "checker-unreachable", "internal"),
        ((others, "judge"), "checker-unreachable", "internal"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else None,
)
async def test_a_fault_of_ours_is_a_result(
    patched: Patched,
    problem: str,
    cause: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(*patched, broken)
    answer = await check()
    first = answer.verdict.troubles[0]
    assert (first.id, first.evidence["cause"]) == (problem, cause)
    assert answer.verdict.outcome is not Outcome.DELIVERS
    if problem == "checker-unreachable":
        assert answer.verdict.outcome is Outcome.UNKNOWN
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "RuntimeError" in told
    assert NAME not in told
    assert "example.org" not in told
    assert all(record.levelno == logging.ERROR for record in caplog.records)


async def test_a_second_look_that_fails_leaves_what_the_first_one_saw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = await check()
    monkeypatch.setattr(looking, "SecondLook", broken)
    answer = await check()
    assert answer.verdict.troubles == plain.verdict.troubles
    assert answer.attempts[0].findings == plain.attempts[0].findings


async def test_a_leave_that_cannot_be_taken_changes_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_talk: Conversation) -> None:
        broken()

    plain = await check()
    monkeypatch.setattr(Conversation, "quit", fail)
    answer = await check()
    assert answer.verdict == plain.verdict
    assert [one.findings for one in answer.attempts] == [one.findings for one in plain.attempts]


async def test_a_fault_at_one_address_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [None]

    def broken_once(*given: object) -> object:
        if faults:
            faults.pop()
            return broken()
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(joining, "read", broken_once)
    answer = await check()
    assert [attempt.address for attempt in answer.attempts] == [ADDRESS, OTHER_ADDRESS]
    assert [attempt.certificate is None for attempt in answer.attempts] == [True, False]


@pytest.mark.parametrize("operator", ["careful", "mediafinanz"])
async def test_without_authorities_nobody_knows_whether_a_mail_arrives(
    operator: str, tmp_path: Path
) -> None:
    answer = await check(trust=Trust(places=[tmp_path]), operator=operator)
    first = answer.verdict.troubles[0]
    assert answer.verdict.outcome is Outcome.UNKNOWN
    assert (first.id, first.evidence["cause"]) == ("checker-unreachable", "no-authorities")


async def test_without_authorities_who_needs_none_goes_on(tmp_path: Path) -> None:
    answer = await check(trust=Trust(places=[tmp_path]), operator="profihost")
    assert answer.verdict.outcome is Outcome.DELIVERS
