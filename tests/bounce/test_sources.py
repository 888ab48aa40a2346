"""Every phrase of the rules stands in what real software writes, and none is there twice over.

``sources/*.toml``, one file for each module of rules, hold reports and lines of logs as software
writes them: where each is from, and what it is to be read as. Names and addresses are made up.
"""

import tomllib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from checker.bounce import read
from checker.bounce.rules import Rule, comparable, without_names
from checker.bounce.rules.rule import find_word

SOURCES = Path(__file__).parent / "sources"
MODULES = (
    "certificate",
    "dane_mta_sts",
    "encryption",
    "end_to_end",
    "english",
    "german",
    "refusals",
    "routing",
    "spoken_certificate",
    "spoken_encryption",
    "spoken_routing",
    "unstated",
    "wording",
)
BESIDES = 20
"""Characters that a text has at least besides a phrase: its whole sentence, and its head."""


@dataclass(frozen=True)
class Borne:
    """One text of a source, in the form in which rules look at it."""

    by: str
    problem: str
    kind: str | None
    text: str
    comparable: str


def _borne() -> tuple[Borne, ...]:
    return tuple(
        Borne(
            source["by"],
            source["problem"],
            source.get("kind"),
            text,
            comparable(without_names(text)),
        )
        for path in sorted(SOURCES.glob("*.toml"))
        for source in tomllib.loads(path.read_text("utf-8"))["source"]
        for text in source["texts"]
    )


BORNE = _borne()


def _rules(module: ModuleType) -> list[Rule]:
    tables = [value for value in vars(module).values() if isinstance(value, tuple)]
    found = [one for table in tables for one in table if isinstance(one, Rule)]
    return list({id(rule): rule for rule in found}.values())


def _bears(borne: Borne, rule: Rule, phrase: str) -> bool:
    """Whether a text holds a phrase for the rule's own sake, and says more than it."""
    start = find_word(borne.comparable, phrase)
    return (
        start >= 0
        and (borne.problem, borne.kind) == (rule.problems[0], rule.kind)
        and len(borne.text) >= len(phrase) + BESIDES
        and rule.confirmed(borne.comparable, start, start + len(phrase)) is not None
    )


@pytest.mark.parametrize("name", MODULES)
def test_each_phrase_stands_in_what_software_writes(name: str) -> None:
    unborne = [
        (rule.problems[0], phrase)
        for rule in _rules(import_module(f"checker.bounce.rules.{name}"))
        for phrase in rule.comparables
        if not any(_bears(one, rule, phrase) for one in BORNE)
    ]
    assert unborne == []


@pytest.mark.parametrize("name", MODULES)
def test_no_phrase_is_implied_by_a_shorter_one(name: str) -> None:
    implied = [
        (phrase, other)
        for rule in _rules(import_module(f"checker.bounce.rules.{name}"))
        for phrase in rule.comparables
        for other in rule.comparables
        if other != phrase and find_word(phrase, other) >= 0
    ]
    assert implied == []


def test_each_text_is_read_as_what_it_says() -> None:
    wrong = {}
    for one in BORNE:
        first = read(one.text)[0].problems[0]
        if (first.id, first.kind) != (one.problem, one.kind):
            wrong[one.text] = (first.id, first.kind)
    assert wrong == {}


def test_each_source_is_named_and_no_text_stands_twice() -> None:
    assert all(one.by.strip() for one in BORNE)
    assert len({one.text for one in BORNE}) == len(BORNE)
