"""A whole check of every domain of the lab says what real mail servers would do."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from checker.domain import parse
from checker.operators import load
from checker.problems import Stage
from checker.production import build_checker
from checker.tell.answer import to_json
from tests.checker.facts_of import contradictions
from tests.checks import Table, settings_of
from tests.lab import Lab
from tests.lab.domains import DOMAINS
from tests.lab.expectations import DELIVERS
from tests.lab.servers import MAIL_SERVERS, RUNNING

EXPECTED = {row.domain: row.expected for row in DOMAINS}
HEALTHY = [row for row in DOMAINS if set(row.expected.values()) == {DELIVERS}]


@pytest.mark.parametrize("domain", [row.domain for row in DOMAINS])
def test_the_outcome_and_the_first_problem(table: Table, domain: str) -> None:
    verdicts = {
        operator: answer.verdict
        for (checked, operator), answer in table.answers.items()
        if checked == domain
    }
    seen = {name: (one.outcome, one.troubles[0].id) for name, one in verdicts.items()}
    assert seen == EXPECTED[domain]


def test_no_answer_contradicts_itself(table: Table) -> None:
    found = {row: contradictions(answer.verdict) for row, answer in table.answers.items()}
    assert {row: broken for row, broken in found.items() if broken} == {}


def test_every_attempt_tells_where_it_came_and_how_far(table: Table) -> None:
    for (domain, operator), answer in table.answers.items():
        assert answer.operator.name == operator
        for attempt in answer.attempts:
            assert attempt.stage in set(Stage) - {Stage.ROUTE}, (domain, operator)
            assert not attempt.host.endswith("."), (domain, operator)


def test_nobody_waits_longer_than_gateways_do(table: Table) -> None:
    # Amazon's API Gateway gives up after 29 seconds, others later.
    slow = {row: seconds for row, seconds in table.seconds.items() if seconds > 28}
    assert slow == {}


def texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, one in value.items():
                yield from (*texts(key), *texts(one))
        case list():
            for one in value:
                yield from texts(one)


def test_no_answer_holds_what_a_terminal_or_a_reader_could_mistake(table: Table) -> None:
    for row, answer in table.answers.items():
        seen = json.loads(json.dumps(to_json(answer)))
        assert all(text.isprintable() for text in texts(seen)), row


def test_no_answer_is_longer_than_anybody_reads(table: Table) -> None:
    for row, answer in table.answers.items():
        assert len(json.dumps(to_json(answer))) < 50_000, row


def test_hostile_text_is_told_as_text(table: Table) -> None:
    (attempt,) = table.answers["hostile-text.test", "careful"].attempts
    said = "".join(line for reply in attempt.replies for line in reply.lines)
    assert "<script>alert(1)</script>" in said
    assert "\N{REPLACEMENT CHARACTER}[31m" in said


@pytest.mark.parametrize("domain", [row.domain for row in HEALTHY])
def test_a_healthy_server_sees_one_polite_connection(table: Table, domain: str) -> None:
    addresses = {
        attempt.address
        for (checked, _), answer in table.answers.items()
        for attempt in answer.attempts
        if checked == domain
    }
    # Some domains share a server, and one server passes everything on to another one behind it.
    checks = sum(
        attempt.address in addresses
        for answer in table.answers.values()
        for attempt in answer.attempts
    )
    connections, commands = 0, Counter[str]()
    for server in RUNNING:
        if str(server.address) in addresses:
            connections += table.traffic[server.id].connections
        if str(server.address) in addresses or server.id == f"behind.{domain}":
            commands += table.traffic[server.id].commands
    assert connections == checks
    assert commands == {"EHLO": 2 * checks, "STARTTLS": checks, "QUIT": checks}


def test_no_server_is_pestered(table: Table) -> None:
    # Some domains have the mail server of another one.
    checks = Counter(
        attempt.address for answer in table.answers.values() for attempt in answer.attempts
    )
    pestered = {}
    for server in RUNNING:
        seen = table.traffic[server.id]
        known = set(seen.commands) <= {"EHLO", "HELO", "STARTTLS", "QUIT"}
        own = len(MAIL_SERVERS[server.id].domain.expected)
        if not known or seen.connections > 3 * max(own, checks[str(server.address)]):
            pestered[server.id] = seen
    assert pestered == {}


async def test_all_servers_are_looked_at_when_asked_for(lab: Lab) -> None:
    checker = build_checker(settings_of(lab))
    domain = parse("first-expired.test")
    some = await checker.check(domain, load("profihost"))
    every = await checker.check(domain, load("profihost"), every=True)
    await checker.close()
    assert [attempt.host for attempt in some.attempts] == ["mx1.first-expired.test"]
    assert [attempt.host for attempt in every.attempts] == [
        "mx1.first-expired.test",
        "mx2.first-expired.test",
    ]
    assert some.verdict == every.verdict
