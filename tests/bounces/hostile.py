"""Texts that make a regular expression work as hard as it can, out of its own parts.

Where a part may repeat, a text of many repetitions that then does not match costs the most: from
one place, or from each of many at which a match might begin.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

# How Python takes expressions apart; there is no public way to it.
_parser: Any = import_module("re._parser")
_of: Any = import_module("re._constants")

_REPEATS = {_of.MAX_REPEAT, _of.MIN_REPEAT, _of.POSSESSIVE_REPEAT}
_LOOKING = {_of.ASSERT, _of.ASSERT_NOT}
_CATEGORIES = {
    _of.CATEGORY_SPACE: r"\s",
    _of.CATEGORY_NOT_SPACE: r"\S",
    _of.CATEGORY_WORD: r"\w",
    _of.CATEGORY_NOT_WORD: r"\W",
    _of.CATEGORY_DIGIT: r"\d",
    _of.CATEGORY_NOT_DIGIT: r"\D",
}

_LETTERS = " a1.-\n\tx_<=:;@\"'()[]{}äA%"
"""One of these is in nearly every set of characters."""

_ENDING = "\x01"
"""Nothing matches it but what matches nearly everything."""

_SAMPLES = 2
"""Of one part; more tell of the same kinds of work."""

Text = Callable[[int], str]
"""A text of about so many characters."""


def hostile_to(pattern: "re.Pattern[str]") -> Sequence[Text]:
    """Texts that an expression may choke on, each of any length."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    pumps = dict.fromkeys(_pumps(parsed, ""))
    return [
        partial(_text, begin, again)
        for before, body in pumps
        for begin, again in dict.fromkeys([(before, body), ("", before + body)])
    ]


def required_by(pattern: "re.Pattern[str]") -> str:
    """The letters that each text has that fits, with NUL where anything may stand between them."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    return "".join(chr(value) if kind is _of.LITERAL else "\0" for kind, value in parsed)


def _text(begin: str, again: str, size: int) -> str:
    return begin + again * (size // len(again) + 1) + _ENDING


def _pumps(parts: Any, before: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as Python has it
    """What stands before each part that may repeat, and that part."""
    for part in parts:
        kind, value = part
        if kind in _REPEATS:
            _, most, body = value
            yield from _pumps(body, before)
            if most > 1:
                yield from ((before, sample) for sample in _samples(body) if sample)
        for inner in _inside(kind, value):
            yield from _pumps(inner, before)
        before += _samples([part])[0]


def _inside(kind: object, value: Any) -> Sequence[Any]:  # noqa: ANN401 - as above
    if kind is _of.BRANCH:
        return list(value[1])
    return [value[-1]] if kind is _of.SUBPATTERN or kind in _LOOKING else []


def _samples(parts: Any) -> list[str]:  # noqa: ANN401 - as above
    """A few texts that match; never none."""
    texts = [""]
    for kind, value in parts:
        more = _samples_of(kind, value)
        texts = [text + one for one in more for text in texts[:1]] + texts[1:]
    return texts[:_SAMPLES]


def _samples_of(kind: object, value: Any) -> list[str]:  # noqa: ANN401 - as above
    if kind is _of.LITERAL:
        return [chr(value)]
    if kind is _of.ANY or kind is _of.NOT_LITERAL:
        return [one for one in _LETTERS if kind is _of.ANY or ord(one) != value][:_SAMPLES]
    if kind is _of.IN:
        return [one for one in _LETTERS if _is_in(one, value)][:_SAMPLES] or _first_of(value)
    if kind in _REPEATS:
        least, _, body = value
        return [sample * max(least, 1) for sample in _samples(body)]
    if kind is _of.BRANCH:
        return [sample for branch in value[1] for sample in _samples(branch)[:1]]
    return _samples(value[-1]) if kind is _of.SUBPATTERN else [""]


def _is_in(letter: str, members: Any) -> bool:  # noqa: ANN401 - as above
    negated = False
    found = False
    for kind, value in members:
        if kind is _of.NEGATE:
            negated = True
        elif kind is _of.LITERAL:
            found = found or ord(letter) == value
        elif kind is _of.RANGE:
            found = found or value[0] <= ord(letter) <= value[1]
        else:
            found = found or re.fullmatch(_CATEGORIES[value], letter) is not None
    return found is not negated


def _first_of(members: Any) -> list[str]:  # noqa: ANN401 - as above
    numbers = [value if kind is _of.LITERAL else value[0] for kind, value in members]
    return [chr(numbers[0])]
