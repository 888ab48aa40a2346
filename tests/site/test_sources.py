"""What the sources must say beside what ``scripts/check_docs`` looks at."""

import re
from itertools import chain
from typing import Any

import pytest
from mkdocs.utils.yaml import yaml_load

from checker import operators
from checker.problems import PROBLEMS
from tests.site.pages import LANGUAGES, ROOT, sources

FACTS = [f"M{number}" for number in range(1, 14)] + [f"P{number}" for number in range(1, 12)]


def _words(language: str) -> dict[str, Any]:
    path = ROOT / "overrides" / "words" / f"{language}.yml"
    with path.open(encoding="utf-8") as file:
        return yaml_load(file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_is_told(language: str, fact: str) -> None:
    name = "mediafinanz" if fact.startswith("M") else "profihost"
    assert f"<!-- fact: {fact} -->" in sources(language)[f"senders/{name}.md"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_know_every_problem_and_every_sender_s_patience(language: str) -> None:
    words = _words(language)
    assert set(words["problem"]) == set(PROBLEMS)
    assert {problem.mender for problem in PROBLEMS.values()} <= set(words["mender"])
    for operator in operators.load_all().values():
        assert set(operator.assumed) <= set(words["assumed"])
        assert operator.delivery.retry_for in {"PT0S", *words["durations"]}
        for certainty in ("", "-probably"):
            assert f"{operator.delivery.report_to}{certainty}" in words["report_to"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_a_reason_that_holds_without_any_fact(language: str) -> None:
    reasons = _words(language)["reason"]["problem"]
    assert set(reasons) == set(PROBLEMS)
    for id_, sentences in reasons.items():
        assert all(sentence.endswith(".") for sentence in sentences.values()), id_
        plain = [sentence for case, sentence in sentences.items() if case.startswith("plain")]
        assert plain, id_
        assert not any("{" in sentence for sentence in plain), id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reader_is_given_more_than_three_steps(language: str) -> None:
    steps = _words(language)["steps"]
    assert 2 <= len(steps["admin"]) <= 3
    own = {situation for situation in steps["recipient"] if situation.endswith("-own")}
    assert set(steps["recipient"]) - own == set(steps["sender"])
    for reader in ("recipient", "sender"):
        for situation, lines in steps[reader].items():
            assert 2 <= len(lines) <= 3, situation


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_that_leads_to_a_page_names_a_part_that_is_there(language: str) -> None:
    steps = _words(language)["steps"]
    lines = [text for reader in ("recipient", "sender") for text in chain(*steps[reader].values())]
    targets = {target for text in lines for target in re.findall(r"\[([^=\]]+)=", text)}
    assert targets
    for target in targets:
        path, _, part = target.partition("/#")
        assert f"{{#{part}}}" in sources(language)[f"{path}.md"]
