"""Every problem of the table can come out of the product; how, the tests beside this one check."""

import errno

import pytest

from checker.bounce.rules import RULES
from checker.check import Checker
from checker.conversation.trust import Trust
from checker.domain import parse
from checker.operators import load
from checker.problems import OURS, PROBLEMS
from scripts.hooks import words
from tests.checker.handmade import HandmadeDns, network
from tests.lab.domains import DOMAINS

# tests/checker checks each of these domains, and tests/bounce reads the example of each rule.
BY_A_CHECK = {problem for domain in DOMAINS for _, problem in domain.expected.values()}
BY_A_REPORT = {rule.problems[0] for rule in RULES}


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_reason_why_we_could_not_check_has_its_words(language: str) -> None:
    reasons = words.load(language)["reason"]["problem"]["checker-unreachable"]
    assert set(reasons) - {"plain"} == OURS


@pytest.mark.parametrize("problem", sorted(set(PROBLEMS) - {"checker-unreachable"}))
def test_something_produces_it(problem: str) -> None:
    assert problem in BY_A_CHECK | BY_A_REPORT


async def test_only_our_own_machine_produces_the_fault_of_our_own_machine() -> None:
    dns = HandmadeDns("example.org A 192.0.2.1")
    unreachable = OSError(errno.ENETUNREACH, "Network is unreachable")
    checker = Checker(network(dns, {"192.0.2.1": unreachable}), Trust())
    answer = await checker.check(parse("example.org"), load("careful"))
    await checker.close()
    assert [trouble.id for trouble in answer.verdict.troubles] == ["checker-unreachable"]
    assert "checker-unreachable" not in BY_A_CHECK | BY_A_REPORT
