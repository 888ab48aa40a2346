"""Wordings that are found however a text was wrapped or quoted."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from checker.bounce.patterns import literals_in

_GAP = r"[ \n>|]{1,9}"
"""Between two words: also a line's end, an indentation, the marks of a quotation."""

# A blank in a set or with a count of its own is meant as it is.
_BLANK = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]| (?![{?])")


class Phrases:
    """Wordings, and where they stand."""

    def __init__(self, wordings: Iterable[str]) -> None:
        """Sort wordings by the longest word that is in every text that fits.

        Args:
            wordings: Regular expressions over a text in lower case, in which a blank stands for
                any gap between two words. Nothing in them may repeat without a bound.
        """
        self._wordings: dict[str, list[tuple[Sequence[str], str]]] = {}
        for wording in wordings:
            longest, *others = literals_in(wording) or [""]
            self._wordings.setdefault(longest, []).append((others, wording))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where wordings stand in a text."""
        for longest, wordings in self._wordings.items():
            if longest in text:
                for others, wording in wordings:
                    if all(literal in text for literal in others):
                        for found in compiled(wording).finditer(text):
                            yield found.span()


@cache
def compiled(wording: str) -> re.Pattern[str]:
    """The expression; most texts need few, and to compile all takes longer than to read one."""
    return re.compile(_BLANK.sub(lambda found: _GAP if found[0] == " " else found[0], wording))
