"""Wordings that are found however a text was wrapped or quoted."""

import re
from collections.abc import Iterable, Iterator

_GAP = r"[ \n>|]{1,9}"
"""Between two words: also a line's end, an indentation, the marks of a quotation."""

# A blank in a set or with a count of its own is meant as it is.
_BLANK = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]| (?![{?])")
_UP_TO_ITS_FIRST_WORD = re.compile(r"(?:\\?[^\w(\[{]|\\[(\[]|[a-z]{1,2}(?![a-z]))*([a-z0-9]{3})")


class Phrases:
    """Wordings, and where they stand."""

    def __init__(self, wordings: Iterable[str]) -> None:
        """Sort wordings by the letters that their first word begins with.

        Args:
            wordings: Regular expressions over a text in lower case, in which a blank stands for
                any gap between two words. Nothing in them may repeat without a bound.
        """
        self._wordings: dict[str, list[str]] = {"": []}
        for wording in wordings:
            word = _UP_TO_ITS_FIRST_WORD.match(wording)
            self._wordings.setdefault(word[1] if word else "", []).append(wording)
        self._beginnings = frozenset(self._wordings)
        self._patterns: dict[str, tuple[re.Pattern[str], ...]] = {}

    def spans(self, text: str, begun: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Where wordings stand in a text of which the words' ``beginnings`` are known."""
        for beginning in (*(begun & self._beginnings), ""):
            for pattern in self._patterns.get(beginning) or self._compiled(beginning):
                for found in pattern.finditer(text):
                    yield found.span()

    def _compiled(self, beginning: str) -> tuple[re.Pattern[str], ...]:
        """Most texts need few of them, and to compile all takes longer than to read a report."""
        self._patterns[beginning] = tuple(
            re.compile(_BLANK.sub(lambda found: _GAP if found[0] == " " else found[0], wording))
            for wording in self._wordings[beginning]
        )
        return self._patterns[beginning]
