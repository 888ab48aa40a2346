"""An expression is compiled only where a text may fit, and finds what it would find compiled."""

import re

import pytest

from checker.bounce.patterns import Pattern, literals_in
from tests.bounces.expressions import PATTERNS
from tests.bounces.hostile import required_by


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("no client certificate", ["certificate", "client", "no"]),
        (r"mode: \(tls\) [a-z]{1,200}", ["mode:", "tls"]),
        (r"certificates? x{0,3}y(?: (?:not )?valid)?\.?", ["certificate", "y"]),
        (r"depth=\d{1,2}(?= (?:[)(] )?ok)", ["depth="]),
        ("tls|ssl", []),
    ],
)
def test_literals_are_in_whatever_fits(pattern: str, literals: list[str]) -> None:
    assert literals_in(pattern) == literals


def test_no_expression_is_said_to_need_what_it_does_not() -> None:
    for pattern in PATTERNS:
        required = required_by(pattern)
        assert all(literal in required for literal in literals_in(pattern.pattern)), pattern


def test_a_place_is_found_as_by_what_is_compiled() -> None:
    for pattern in (r"relay=(\w{1,9})\[", r"tls\b|ssl\b", r"no (?:client )?certificates?"):
        for text in ("no certificate", "relay=mx[", "relay=mx", "no ssl", "with tls", ""):
            found, expected = Pattern(pattern).search(text), re.search(pattern, text)
            assert (found and found.span()) == (expected and expected.span())


def test_case_that_is_ignored_is_ignored() -> None:
    assert Pattern("relay=", re.IGNORECASE).search("RELAY=mx")
