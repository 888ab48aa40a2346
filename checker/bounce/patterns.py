"""Regular expressions that are compiled when they are first needed.

Most texts need few of them, and to compile all takes longer than to read a report.
"""

import re
from collections.abc import Iterator
from functools import cached_property


class Pattern:
    """A regular expression; the methods are those of ``re.Pattern``."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        """Keep what is to be compiled."""
        self.pattern = pattern
        self.flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in a text that fits."""
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """What fits at a text's beginning."""
        return self._compiled.match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All places in a text that fit."""
        return self._compiled.finditer(text)
