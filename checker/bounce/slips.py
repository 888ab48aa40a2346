"""Slips of a program that read a text in a picture, or of whoever typed it from there."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from operator import itemgetter

from checker.bounce.patterns import Pattern

_DIGITS = {"0": "o", "1": "l", "5": "s"}
_PAIRS = {"rn": "m", "vv": "w", "ii": "il", "fl": "fi"}
_READINGS = (_DIGITS, _DIGITS | {"1": "i"})
_BY_PAIRS = (_DIGITS | _PAIRS,)
# A word with digits among its letters; versions of TLS have theirs by right.
_WORD = Pattern(r"(?<![\w.@/:-])(?!(?:tls|ssl|sha|aes|x)v?\d)[a-z015]{3,24}(?![\w@/])")
_SLIP = Pattern(r"[a-z][015][a-z]|(?<![\w.])[015][a-z]{3}|[a-z]{3}[015](?!\w)")
_LEAST_LETTERS = 2


def without_slips(text: str, *, by_pairs: bool) -> Iterator[tuple[str, Callable[[int], int]]]:
    """What a text may have been, the nearest first.

    Args:
        text: In comparable form.
        by_pairs: Whether two letters may have been one as well, which is so of many right words.

    Returns:
        Each other text, and what tells of a place in it where that is in the text given.
    """
    readings = (*(_READINGS if _SLIP.search(text) else ()), *(_BY_PAIRS if by_pairs else ()))
    for letters in readings:
        lookalike = re.compile("|".join(letters))
        pieces: list[str] = []
        places = [(0, 0)]
        at = length = 0
        for word in _WORD.finditer(text):
            if sum(letter.isalpha() for letter in word[0]) < _LEAST_LETTERS:
                continue
            for found in lookalike.finditer(text, word.start(), word.end()):
                pieces += [text[at : found.start()], letters[found[0]]]
                length += found.start() - at + len(letters[found[0]])
                at = found.end()
                places.append((length, at))
        if at:
            yield "".join([*pieces, text[at:]]), _place_in(places)


def _place_in(places: list[tuple[int, int]]) -> Callable[[int], int]:
    def place(index: int) -> int:
        mended, given = places[bisect_right(places, index, key=itemgetter(0)) - 1]
        return given + index - mended

    return place
