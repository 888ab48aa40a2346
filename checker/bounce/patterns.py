"""Regular expressions that are compiled when they are first needed.

Most texts need few of them, and to compile all takes longer than to read a report.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

# An escaped character, a set, what may be missing, a count
_NO_LITERAL = re.compile(
    r"\\(?:x\w\w|u\w{4}|N\{[^}]{1,80}\}|.)|\[(?:\\.|[^\]\\]){1,300}\]"
    r"|[^()](?:[?*]|\{[\d,]{1,9}\})|\{[\d,]{1,9}\}"
)
_GROUP = re.compile(r"\([^()]*\)")
_LITERAL = re.compile(r"[\w/:=@-]+")


class Pattern:
    """A regular expression; the methods are those of ``re.Pattern``."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        """Keep what is to be compiled."""
        self.pattern = pattern
        self.flags = flags

    @cached_property
    def _literal(self) -> str:
        """What is in every text with a place that fits."""
        literals = () if self.flags & re.IGNORECASE else literals_in(self.pattern)
        return next(iter(literals), "")

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in a text that fits."""
        return self._compiled.search(text) if self._literal in text else None

    def match(self, text: str, begin: int = 0) -> re.Match[str] | None:
        """What fits at a text's beginning, or at a place in it."""
        return self._compiled.match(text, begin)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The text, if all of it fits."""
        return self._compiled.fullmatch(text)

    def finditer(self, text: str, begin: int = 0) -> Iterator[re.Match[str]]:
        """All places in a text that fit, from one on."""
        return self._compiled.finditer(text, begin)

    def findall(self, text: str) -> list[str]:
        """What stands at all places that fit, or their only group."""
        return self._compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """What is between the places that fit."""
        return self._compiled.split(text)

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something else at all places that fit."""
        return self._compiled.sub(new, text)


def literals_in(pattern: str) -> list[str]:
    """Pieces that are in every text with a place that fits an expression, the longest first."""
    plain = _NO_LITERAL.sub(" ", pattern)
    while plain != (without_inner := _GROUP.sub(" ", plain)):
        plain = without_inner
    return [] if "|" in plain else sorted(_LITERAL.findall(plain), key=len, reverse=True)
