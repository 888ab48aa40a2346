"""The table of rules: every row has an example, every phrase leads to a problem that exists."""

import re

from checker.bounce import Kind, read
from checker.bounce.rules import RULES, Rule, comparable, without_names
from checker.problems import PROBLEMS


def _first(text: str) -> tuple[str, Kind | None]:
    problem = read(text)[0].problems[0]
    return problem.id, problem.kind


def test_each_rule_finds_its_own_example_which_is_read_as_its_problem() -> None:
    wrong = {}
    for rule in RULES:
        found = rule.find(comparable(without_names(rule.example))) is not None
        if not found or _first(rule.example) != (rule.problems[0], rule.kind):
            wrong[rule.example] = (found, _first(rule.example))
    assert wrong == {}


def test_rules_name_known_problems_only() -> None:
    named = {id_ for rule in RULES for id_ in rule.problems}
    assert named <= PROBLEMS.keys()
    assert all((rule.kind is not None) == (rule.problems[0] == "not-tls") for rule in RULES)


def test_phrases_that_must_or_must_not_stand_beside_are_comparable() -> None:
    for rule in RULES:
        for phrase in (*rule.beside, *rule.without):
            assert phrase == comparable(phrase), phrase


def test_patterns_repeat_a_bounded_number_of_times_only() -> None:
    for rule in RULES:
        if rule.pattern is not None:
            assert not re.search(r"(?<!\\)[*+]", rule.pattern.pattern), rule.pattern.pattern


def test_no_phrase_stands_twice() -> None:
    seen: dict[str, Rule] = {}
    for rule in (rule for rule in RULES if rule.pattern is None and not rule.beside):
        for phrase in rule.comparables:
            assert phrase not in seen, phrase
            seen[phrase] = rule


def test_comparable_keeps_every_character_in_its_place() -> None:
    assert comparable("ERR_SSL_Wrong-Version") == "err ssl wrong version"
    assert len(comparable("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}_A")) == 3
