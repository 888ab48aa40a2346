"""Text from strangers is harmless, and moments are written as RFC 3339 says."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.moment import timestamp
from checker.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("220 mx.example.org ESMTP", "220 mx.example.org ESMTP"),
        ("Zugriff für Müller verweigert", "Zugriff für Müller verweigert"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("bell\x07, null\x00, delete\x7f, \x9b", "bell\ufffd, null\ufffd, delete\ufffd, \ufffd"),
        ("a\tb\rc\nd", "a\ufffdb\ufffdc\ufffdd"),
        ("\u202egro.elpmaxe\u2066", "\ufffdgro.elpmaxe\ufffd"),
        ("zero\u200bwidth\ufeff", "zero\ufffdwidth\ufffd"),
        ("line\u2028paragraph\u2029", "line\ufffdparagraph\ufffd"),
        ("\ud800", "\ufffd"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters(codec=None)), st.integers(min_value=0, max_value=50))
def test_what_is_printable_can_be_shown_anywhere(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert printable(shown, limit) == shown


def test_a_moment() -> None:
    moment = datetime(2026, 11, 22, 5, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert timestamp(moment) == "2026-11-22T04:00:00Z"
    assert timestamp(datetime(1, 1, 1, tzinfo=UTC)).endswith("-01-01T00:00:00Z")
