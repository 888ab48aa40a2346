"""What a reply says, and what about it some senders mind."""

import pytest

from checker.conversation.reply import ReplyReader
from checker.facts import Oddity, Reply


def read(*lines: bytes) -> tuple[Reply | None, ReplyReader]:
    reader = ReplyReader("EHLO")
    reply = None
    for line in lines:
        assert reply is None
        reply = reader.take(line)
    return reply, reader


@pytest.mark.parametrize(
    ("lines", "oddities"),
    [
        ([b"220 mx.example.org ESMTP"], set()),
        ([b"220 2.0.0 mx"], set()),
        ([b"220 ***************0******2*"], {Oddity.MASKED}),
        # Postfix looks at the whole of it, hyphens included.
        ([b"220-***", b"220 ** * 0"], set()),
        ([b"220"], {Oddity.MASKED}),
        ([b"220 "], {Oddity.MASKED}),
        ([b"220 **\t**"], set()),
        ([b"220 mail ********"], set()),
        ([b"", b"220 mx"], {Oddity.FOREIGN_LINE}),
        ([b"welcome", b"220 mx"], {Oddity.FOREIGN_LINE}),
        ([b"220-mx", b"and so on", b"220 mx"], {Oddity.FOREIGN_LINE}),
    ],
)
def test_what_is_odd_about_a_greeting(lines: list[bytes], oddities: set[Oddity]) -> None:
    reply, reader = read(*lines)
    assert reply is not None
    assert reply.code == 220
    assert reader.oddities == oddities


@pytest.mark.parametrize(
    ("offer", "oddities"),
    [
        (b"250 STARTTLS", set()),
        (b"250 STARTTLS ", set()),
        (b"250 STARTTLS and more", set()),
        (b"250 starttls", {Oddity.LOWER_CASE}),
        (b"250 StartTLS", {Oddity.LOWER_CASE}),
        (b"250  STARTTLS", {Oddity.LEADING_BLANK}),
        (b"250 STARTTLS\t", {Oddity.TRAILING_TAB}),
        (b"250  starttls\t", {Oddity.LEADING_BLANK, Oddity.LOWER_CASE, Oddity.TRAILING_TAB}),
        (b"250 STARTTLS\tX", {Oddity.TRAILING_TAB}),
        (b"250 STARTTLS \t", set()),
        (b"250 STARTTLS\v", {Oddity.TRAILING_TAB}),
        (b"250 STARTTLS\r", set()),
        (b"250 STARTTLS\0", set()),
        (b"250 \tSTARTTLS", {Oddity.LEADING_TAB}),
        (b"250 STARTTLS=1", {Oddity.EQUALS_SIGN}),
        (b"250 =STARTTLS", {Oddity.EQUALS_SIGN}),
        (b"251 STARTTLS", {Oddity.OTHER_CODE}),
        (b"250 \0STARTTLS", None),
        (b"250 STARTTLS\xa0", None),
        (b"250 STARTTLS,", None),
        (b"250 STARTTLSX", None),
        (b"250 XSTARTTLS", None),
        (b"250 AUTH STARTTLS", None),
    ],
)
def test_a_line_that_offers_starttls(offer: bytes, oddities: set[Oddity] | None) -> None:
    _, reader = read(b"250-mx.example.org", offer)
    assert reader.offers == (set() if oddities is None else {frozenset(oddities)})


@pytest.mark.parametrize(
    ("before", "oddities"),
    [
        # With the first line, which has 18 bytes, and an end of line between.
        (b"250-" + b"x" * 2_024, set()),
        (b"250-" + b"x" * 2_025, {Oddity.BEHIND_LONG_TEXT}),
        (b"250-SIZE\0", {Oddity.BEHIND_NUL}),
        (b"no code at all", set()),
    ],
)
def test_what_stands_before_the_offer(before: bytes, oddities: set[Oddity]) -> None:
    _, reader = read(b"250-mx.example.org", before, b"250 STARTTLS")
    assert reader.offers == {frozenset(oddities)}


@pytest.mark.parametrize("first", [b"250-", b"250- = ", b"250-\0mx"])
def test_postfix_takes_the_first_word_for_a_name(first: bytes) -> None:
    _, reader = read(first, b"250 STARTTLS")
    (offer,) = reader.offers
    assert Oddity.BEHIND_NO_NAME in offer


def test_a_reply_in_many_lines_is_long_too() -> None:
    lines = [b"250-" + b"x" * 60] * 62
    _, reader = read(b"250-mx", *lines, b"250 STARTTLS")
    assert reader.offers == {frozenset({Oddity.BEHIND_LONG_TEXT})}
    assert reader.oddities == set()
    _, reader = read(b"250-mx", *lines, lines[0], b"250 STARTTLS")
    assert reader.oddities == {Oddity.LONG_REPLY}


def test_the_name_in_the_first_line_is_no_offer() -> None:
    _, reader = read(b"250-STARTTLS", b"250 SIZE")
    assert reader.offers == set()
    assert reader.keywords == {"SIZE"}


def test_what_is_kept_for_telling_does_not_decide() -> None:
    reply, reader = read(b"250-mx", *[b"250-X"] * 300, b"250 STARTTLS")
    assert reply is not None
    assert len(reply.lines) == 32
    assert reader.offers == {frozenset()}
    assert "STARTTLS" in reader.keywords
