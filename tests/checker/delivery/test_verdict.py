"""What would become of a mail."""

from dataclasses import replace
from itertools import product

import pytest

from checker.delivery.verdict import Trouble, Verdict, decide
from checker.facts import Attempt, Finding, MailServer, Route
from checker.operators import Level
from checker.problems import PROBLEMS, Stage
from checker.senders import Server
from tests.checker.facts_of import attempt, contradictions, finding, operator, route

ACCEPTED = ("accepted", None, None)
MEDIAFINANZ_BOUNCES = ("bounced", "PT0S", "operator")
PROFIHOST_RETRIES = ("retried", "P3D", "sender")
CAREFUL_RETRIES = ("retried", "P5D", "sender")
CAREFUL_BOUNCES = ("bounced", "PT0S", "sender")
NOBODY_KNOWS = ("undetermined", None, None)

FINE = attempt(number=1)
EXPIRED = attempt("certificate-expired", number=1)
OLD = attempt("tls-version", number=1, stage=Stage.TLS)
DOWN = attempt("connection-failed", number=1, stage=Stage.CONNECT)
BUSY = attempt("temporarily-refused", number=1, stage=Stage.GREETING)
CLEAR = attempt("starttls-not-supported", number=1, stage=Stage.STARTTLS)
REFUSED = attempt(finding("starttls-failed", None, 502), number=1, stage=Stage.STARTTLS)
LATER = attempt(finding("starttls-failed", None, 454), number=1, stage=Stage.STARTTLS)
SOON = attempt("certificate-expires-soon", number=1)
CUT_OFF = attempt("checker-unreachable", number=1, stage=Stage.CONNECT)
EQUAL_REFUSED = replace(
    attempt(finding("starttls-failed", None, 502), number=2, stage=Stage.STARTTLS), preference=10
)
EQUAL_OLD = replace(attempt("tls-version", number=2, stage=Stage.TLS), preference=10)
SECOND_FINE = attempt(number=2)
SECOND_OLD = attempt("tls-version", number=2, stage=Stage.TLS)
SECOND_DOWN = attempt("connection-failed", number=2, stage=Stage.CONNECT)


def fate(verdict: Verdict) -> tuple[str, str | None, str | None]:
    return (str(verdict.disposition), verdict.when, verdict.report_to)


def marked(verdict: Verdict) -> list[str]:
    return [f"{'*' * trouble.decisive}{trouble.id}" for trouble in verdict.troubles]


@pytest.mark.parametrize(
    ("name", "attempts", "outcome", "becomes", "troubles"),
    [
        ("careful", [FINE], "delivers", ACCEPTED, ["*no-problem-found"]),
        (
            "careful",
            [SOON],
            "delivers-with-warnings",
            ACCEPTED,
            ["certificate-expires-soon"],
        ),
        ("mediafinanz", [OLD], "fails", MEDIAFINANZ_BOUNCES, ["*tls-version"]),
        ("profihost", [OLD], "fails", PROFIHOST_RETRIES, ["*tls-version"]),
        ("careful", [OLD], "fails", CAREFUL_RETRIES, ["*tls-version"]),
        ("mediafinanz", [EXPIRED], "fails", MEDIAFINANZ_BOUNCES, ["*certificate-expired"]),
        (
            "profihost",
            [EXPIRED],
            "delivers-with-warnings",
            ACCEPTED,
            ["certificate-expired"],
        ),
        ("careful", [EXPIRED], "fails", CAREFUL_RETRIES, ["*certificate-expired"]),
        ("mediafinanz", [CLEAR], "fails", MEDIAFINANZ_BOUNCES, ["*starttls-not-supported"]),
        ("profihost", [CLEAR], "unknown", NOBODY_KNOWS, ["*starttls-not-supported"]),
        ("careful", [CLEAR], "fails", CAREFUL_RETRIES, ["*starttls-not-supported"]),
        ("mediafinanz", [LATER], "fails", MEDIAFINANZ_BOUNCES, ["*starttls-failed"]),
        ("careful", [LATER], "fails", CAREFUL_RETRIES, ["*starttls-failed"]),
        # Postfix bounces at once, however long it would try otherwise, and asks nobody else.
        ("careful", [REFUSED, SECOND_FINE], "fails", CAREFUL_BOUNCES, ["*starttls-failed"]),
        ("profihost", [REFUSED], "unknown", NOBODY_KNOWS, ["*starttls-failed"]),
        ("mediafinanz", [DOWN], "unknown", MEDIAFINANZ_BOUNCES, ["*connection-failed"]),
        ("profihost", [DOWN], "unknown", PROFIHOST_RETRIES, ["*connection-failed"]),
        ("careful", [BUSY], "unknown", CAREFUL_RETRIES, ["*temporarily-refused"]),
        ("careful", [CUT_OFF], "unknown", NOBODY_KNOWS, ["*checker-unreachable"]),
        (
            "careful",
            [DOWN, SECOND_FINE],
            "delivers-with-warnings",
            ACCEPTED,
            ["connection-failed"],
        ),
        (
            "careful",
            [EXPIRED, SECOND_FINE],
            "delivers-with-warnings",
            ACCEPTED,
            ["certificate-expired"],
        ),
        # One server that may come back leaves it open; the most preferred one decides.
        (
            "careful",
            [EXPIRED, SECOND_DOWN],
            "unknown",
            CAREFUL_RETRIES,
            ["*certificate-expired", "connection-failed"],
        ),
        (
            "careful",
            [DOWN, SECOND_OLD],
            "unknown",
            CAREFUL_RETRIES,
            ["*connection-failed", "tls-version"],
        ),
        (
            "careful",
            [EXPIRED, SECOND_OLD],
            "fails",
            CAREFUL_RETRIES,
            ["*certificate-expired", "tls-version"],
        ),
        # What only we cannot reach says nothing of the others.
        ("careful", [CUT_OFF, SECOND_FINE], "delivers", ACCEPTED, ["*no-problem-found"]),
        ("careful", [CUT_OFF, SECOND_OLD], "fails", CAREFUL_RETRIES, ["*tls-version"]),
        # Looked at only when asked for: what would break if the first server were down.
        ("careful", [FINE, SECOND_OLD], "delivers-with-warnings", ACCEPTED, ["tls-version"]),
        # Of the same preference any may be picked first, whatever the order here.
        (
            "careful",
            [FINE, EQUAL_REFUSED],
            "unknown",
            NOBODY_KNOWS,
            ["*starttls-failed"],
        ),
        (
            "careful",
            [EQUAL_REFUSED, FINE],
            "unknown",
            NOBODY_KNOWS,
            ["*starttls-failed"],
        ),
        ("careful", [FINE, EQUAL_OLD], "delivers-with-warnings", ACCEPTED, ["tls-version"]),
        ("careful", [EQUAL_OLD, FINE], "delivers-with-warnings", ACCEPTED, ["tls-version"]),
        (
            "careful",
            [EQUAL_REFUSED, DOWN],
            "unknown",
            CAREFUL_BOUNCES,
            ["*starttls-failed", "connection-failed"],
        ),
    ],
)
def test_the_walk(
    name: str,
    attempts: list[Attempt],
    outcome: str,
    becomes: tuple[str, str | None, str | None],
    troubles: list[str],
) -> None:
    verdict = decide(operator(name), route(servers=2), attempts)
    assert verdict.outcome == outcome
    assert fate(verdict) == becomes
    assert marked(verdict) == troubles


@pytest.mark.parametrize(
    ("name", "findings", "outcome", "becomes", "troubles"),
    [
        ("mediafinanz", ["null-mx"], "fails", MEDIAFINANZ_BOUNCES, ["*null-mx"]),
        ("profihost", ["null-mx"], "fails", CAREFUL_BOUNCES, ["*null-mx"]),
        ("careful", ["domain-not-found"], "fails", CAREFUL_BOUNCES, ["*domain-not-found"]),
        ("careful", ["no-mail-server"], "fails", CAREFUL_BOUNCES, ["*no-mail-server"]),
        (
            "careful",
            ["mail-server-address-invalid"],
            "fails",
            CAREFUL_BOUNCES,
            ["*mail-server-address-invalid"],
        ),
        ("mediafinanz", ["dns-failure"], "unknown", MEDIAFINANZ_BOUNCES, ["*dns-failure"]),
        ("profihost", ["dns-failure"], "unknown", PROFIHOST_RETRIES, ["*dns-failure"]),
        ("careful", ["checker-unreachable"], "unknown", NOBODY_KNOWS, ["*checker-unreachable"]),
        (
            "careful",
            ["dns-failure", "no-mail-server"],
            "unknown",
            CAREFUL_RETRIES,
            ["*dns-failure", "no-mail-server"],
        ),
        (
            "careful",
            ["dnssec-invalid", "domain-not-found"],
            "fails",
            CAREFUL_BOUNCES,
            ["*domain-not-found", "dnssec-invalid"],
        ),
    ],
)
def test_a_route_without_an_end(
    name: str,
    findings: list[str],
    outcome: str,
    becomes: tuple[str, str | None, str | None],
    troubles: list[str],
) -> None:
    verdict = decide(operator(name), route(*map(Finding, findings), servers=0), [])
    assert verdict.outcome == outcome
    assert fate(verdict) == becomes
    assert marked(verdict) == troubles


def test_bogus_signatures_warn_unless_the_operator_validates() -> None:
    bogus = route(Finding("dnssec-invalid"))
    verdict = decide(operator(), bogus, [FINE])
    assert (verdict.outcome, marked(verdict)) == ("delivers-with-warnings", ["dnssec-invalid"])
    verdict = decide(operator(validating_resolver=True), bogus, [FINE])
    assert (verdict.outcome, marked(verdict)) == ("fails", ["*dnssec-invalid"])
    assert fate(verdict) == CAREFUL_RETRIES


def test_the_last_refusal_decides_when_exim_returns_the_mail() -> None:
    exim = operator(server=Server.EXIM)
    refused = finding("greeting-refused", None, 554, stage="greeting")
    first, last = (attempt(refused, number=number, stage=Stage.GREETING) for number in (1, 2))
    assert fate(decide(exim, route(servers=2), [BUSY, last])) == CAREFUL_BOUNCES
    assert fate(decide(exim, route(servers=2), [first, SECOND_DOWN])) == CAREFUL_RETRIES


def test_a_trouble_says_where_and_shows_its_evidence() -> None:
    expired = attempt(finding("certificate-expired", not_after="2026-10-01T00:00:00Z"), number=3)
    verdict = decide(operator(), route(servers=3), [expired])
    evidence = {"not_after": "2026-10-01T00:00:00Z"}
    assert verdict.troubles == (
        Trouble("certificate-expired", "mx3.example.org", "192.0.2.3", True, evidence),  # noqa: FBT003 - as the record has it
    )


def test_a_server_without_address_is_told_beside_one_that_takes_the_mail() -> None:
    whole = route()
    half = MailServer("gone.example.org", 5, findings=(Finding("no-mail-server"),))
    verdict = decide(operator(), replace(whole, mail_servers=(half, *whole.mail_servers)), [FINE])
    assert verdict.outcome == "delivers-with-warnings"
    assert [(trouble.id, trouble.host) for trouble in verdict.troubles] == [
        ("no-mail-server", "gone.example.org")
    ]


def ipv6_only() -> Route:
    server = MailServer("mx.example.org", 10, ("2001:db8::1",))
    return replace(route(), mail_servers=(server,))


def test_an_operator_without_ipv6_finds_no_server_that_has_nothing_else() -> None:
    verdict = decide(operator(ipv6=False), ipv6_only(), [])
    assert (verdict.outcome, marked(verdict)) == ("fails", ["*no-mail-server"])
    assert fate(verdict) == CAREFUL_BOUNCES


def test_time_that_is_up_before_the_first_attempt_is_no_fault_of_the_domain() -> None:
    verdict = decide(operator(), ipv6_only(), [])
    assert verdict.outcome == "unknown"
    assert [trouble.decisive for trouble in verdict.troubles] == [True]


def test_no_verdict_on_any_problem_contradicts_itself() -> None:
    ids = [problem.id for problem in PROBLEMS.values() if problem.family != "sender-side"]
    stages = [Stage.STARTTLS, Stage.TLS, Stage.DONE]
    found = {
        case: contradictions(decide(operator(level=level), route(), [attempt(id_, stage=stage)]))
        for case in product(ids, stages, Level)
        for id_, stage, level in [case]
    }
    assert {case: broken for case, broken in found.items() if broken} == {}
