"""One SMTP reply, read line by line (RFC 5321 section 4.2), and what about it some senders mind.

Pure. What is kept for telling is capped; what decides is read from every line.
"""

import re

from checker.facts import Oddity, Reply
from checker.text import printable

LONG_LINE = 2_048
"""Bytes of a line that Postfix reads; it does not see what follows (``line_length_limit``)."""

_KEPT_LINES = 32
_KEPT_TEXT = 2_048
"""Of one reply; who reads an answer is not to be buried by what a stranger says."""

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_MASKED = re.compile(rb"[20*\s]*")
_OFFER = re.compile(
    rb"(?P<blank>\s*)(?P<word>STARTTLS)(?P<tab>\t)?(?:\s.*)?", re.DOTALL | re.IGNORECASE
)


class ReplyReader:
    """Takes the lines of one reply.

    Attributes:
        oddities: What some senders mind of what was read until now.
        offers: The same of each line that offers STARTTLS (RFC 3207).
        keywords: The first words of all lines but the first, in upper case (RFC 5321 4.1.1.1).
    """

    def __init__(self, command: str) -> None:
        """Begin a reply to a command; the greeting is one to ``connect``."""
        self.oddities: set[Oddity] = set()
        self.offers: set[frozenset[Oddity]] = set()
        self.keywords: set[str] = set()
        self._command = command
        self._kept: list[str] = []
        self._room = _KEPT_TEXT
        self._masked = True
        self._first = True
        self._before: set[Oddity] = set()

    def take(self, line: bytes) -> Reply | None:
        """Take a line without its end; the whole reply where that was the last one."""
        self._masked = self._masked and _MASKED.fullmatch(line) is not None
        match = _LINE.fullmatch(line)
        if match is None:
            self.oddities.add(Oddity.FOREIGN_LINE)
            self._remember(line)
            return None
        code, separator, text = match.groups()
        text = text or b""
        if not self._first:
            self._note_offer(text)
            if words := text.split():
                self.keywords.add(words[0].decode("ascii", "replace").upper())
        self._first = False
        self._remember(line)
        if len(self._kept) < _KEPT_LINES and self._room > 0:
            self._kept.append(printable(text.decode("utf-8", "replace")))
            self._room -= len(self._kept[-1])
        if separator == b"-":
            return None
        if self._masked:
            self.oddities.add(Oddity.MASKED)
        return Reply(self._command, int(code), tuple(self._kept))

    def _note_offer(self, text: bytes) -> None:
        offer = _OFFER.fullmatch(text)
        if offer is None:
            return
        oddities = set(self._before)
        if offer["word"] != b"STARTTLS":
            oddities.add(Oddity.LOWER_CASE)
        if offer["blank"]:
            oddities.add(Oddity.LEADING_BLANK)
        if offer["tab"]:
            oddities.add(Oddity.TRAILING_TAB)
        self.offers.add(frozenset(oddities))

    def _remember(self, line: bytes) -> None:
        if len(line) > LONG_LINE:
            self._before.add(Oddity.BEHIND_LONG_LINE)
        if b"\0" in line:
            self._before.add(Oddity.BEHIND_NUL)
