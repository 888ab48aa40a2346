"""However a report is made, to read twice as much takes about twice as long, and not four times.

Each expression is tried with texts that are made out of its own parts, see ``hostile.py``. What
counts is how the processor's time grows over several doublings, and not how long it is.
"""

import re
import time
from collections import deque
from collections.abc import Callable

import pytest

from checker.bounce import read
from checker.bounce.rules import RULES, Rule
from tests.bounces.expressions import PATTERNS
from tests.bounces.hostile import Text, hostile_to

pytestmark = pytest.mark.measures

SMALL, LARGE = 2_000, 16_000

MOST = 2.5**3
"""Times the work for the large text: 2.5 at each of three doublings."""

NOTHING = 0.002
"""Seconds of which most are what else goes on."""

TRIES = 4
_PART = 8


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    work(text)
    return time.thread_time() - began


def grows(work: Callable[[str], object], text: Text, small: int, large: int) -> bool:
    """Whether the work grows faster than the text, each time that it is tried."""
    return all(_grew(work, text(small), text(large)) for _ in range(TRIES))


def _grew(work: Callable[[str], object], small: str, large: str) -> bool:
    first, short = (_seconds(work, small[: len(small) // part]) for part in (_PART, 1))
    if short > max(NOTHING, first * _PART**2):
        # With the large text it might not end today.
        return True
    return _seconds(work, large) > max(NOTHING, short * MOST)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:40])
def test_no_expression_takes_longer_than_in_proportion(pattern: "re.Pattern[str]") -> None:
    def find_all(text: str) -> None:
        deque(pattern.finditer(text), maxlen=0)

    for text in hostile_to(pattern):
        assert not grows(find_all, text, SMALL, LARGE), text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.problems[0])
def test_no_rule_takes_longer_than_in_proportion(rule: Rule) -> None:
    shortest = min(rule.comparables, key=len)
    for text in (f"x{shortest}", f"{shortest} ", *rule.beside):
        assert not grows(
            rule.find,
            lambda size, text=text: text * (size // len(text)),  # type: ignore[misc]
            SMALL,
            LARGE,
        )


FIELDS = "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\n"
ORIGINAL = "--- original message\nmailer-daemon\n"

# Each is a beginning, and what is repeated behind it.
REPORTS = {
    "blanks in a field": (f"{FIELDS}Diagnostic-Code: x\n x", " " * 7_990 + "y\n x"),
    "a field again and again": (FIELDS, "Diagnostic-Code: " + "x" * 200 + "\n"),
    "lines of one field": (f"{FIELDS}Diagnostic-Code: x\n", " tls\n"),
    "recipients": ("", "Final-Recipient: rfc822; {}@b.example\nDiagnostic-Code: x tls\n\n"),
    "recipients in a log": ("", "postfix/smtp[1]: to=<{}@b.example>, relay=none, tls\n"),
    "commands": ("", ">>> RCPT TO:<{}@b.example>\n<<< 550 x\n"),
    "boundaries": ("Content-Type: multipart/mixed; boundary=a\n\n", "--a\n"),
    "parts": ("Content-Type: multipart/mixed; boundary=a\n\n", "--{}\nContent-Type: a/b\n\n"),
    "headers of the way": ("", "Received: from x\n"),
    "tags": ("<html>", "<br>\n"),
    "open tags": ("<html>", "<" * 70 + "\n"),
    "entities": ("<html>", "&" * 70 + "\n"),
    "marks of a quotation": ("", ">" * 70 + "\n"),
    "at signs": ("", "@" * 70 + "\n"),
    "addresses": ("", "{}@b.example " * 5 + "\n"),
    "settings": ("", "tls=x tls: 1 " * 5 + "\n"),
    "words of a list of commands": ("tls\n250 auth ", "1" * 200 + "\n"),
    "certificates": ("", "-----begin certificate-----\n"),
    "originals": ("", ORIGINAL),
    "inner causes": ("", "[Message=LED=" * 5 + "\n"),
}


def _report(begin: str, again: str, size: int) -> str:
    count = size // len(again) + 1
    return begin + "".join(again.replace("{}", str(number)) for number in range(count))


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_takes_longer_than_in_proportion(name: str) -> None:
    begin, again = REPORTS[name]
    assert not grows(read, lambda size: _report(begin, again, size), 32_000, 256_000)


def test_a_line_that_might_name_an_author_costs_no_more_than_another() -> None:
    def dear(number: int) -> bool:
        plain, suspect = (f"{number} " * 300 + end for end in (".\n", ":\n"))
        return _seconds(read, suspect * 200) > 6 * _seconds(read, plain * 200)

    assert not all(map(dear, range(1, TRIES + 1)))


def test_what_many_recipients_share_is_read_once() -> None:
    def report(size: int) -> str:
        recipients = _report("", "<{}@b.example>: x\n", size // 2)
        return f"{recipients}\nDiagnostic-Code: {'x tls ' * (size // 12)}"

    assert not grows(read, report, 2_000, 16_000)


def test_the_measure_tells_a_pattern_that_grows() -> None:
    text = hostile_to(re.compile(r"\s*smtp"))
    assert any(grows(re.compile(r"\s*smtp").search, one, 1_000, 8_000) for one in text)
