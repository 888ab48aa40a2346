"""One SMTP reply, read line by line (RFC 5321 section 4.2), and what about it some senders mind.

Pure. What is kept for telling is capped; what decides is read from every line.
"""

import re

from checker.facts import Oddity, Reply
from checker.text import printable

LONG_TEXT = 2_048
"""Bytes of a line, and of a reply, behind which Postfix sees no line (``line_length_limit``)."""

LONG_REPLY = 4_096
"""Bytes of a reply, with the ends of its lines, that Exim reads; a longer one is none to it."""

_KEPT_LINES = 32
_KEPT_TEXT = 2_048
"""Of one reply; who reads an answer is not to be buried by what a stranger says."""

_LINE = re.compile(rb"([0-9]{3})(?:([ -])(.*))?", re.DOTALL)
_MASKED = re.compile(rb"[20* ]*")
_OFFER = re.compile(
    rb"(?P<before>[\s=]*)(?P<word>STARTTLS)(?P<behind>[\s=\0].*)?", re.DOTALL | re.IGNORECASE
)
_TAB = re.compile(rb"[^\S ]")
_EXTENSIONS_FOLLOW = b"250"


class ReplyReader:
    """Takes the lines of one reply.

    Attributes:
        oddities: What some senders mind of what was read until now.
        offers: The same of each line that offers STARTTLS (RFC 3207).
        keywords: The first words of all lines but the first, in upper case (RFC 5321 4.1.1.1).
        first_code: The code of the first line that has one.
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
        self.first_code: int | None = None
        self._before = {Oddity.BEHIND_NO_NAME}
        self._size = self._long_text = 0

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
        if self.first_code is None:
            self.first_code = int(code)
        else:
            self._note_offer(code, text)
            if words := text.split():
                self.keywords.add(words[0].decode("ascii", "replace").upper())
        if text.partition(b"\0")[0].strip(b" ="):
            self._before.discard(Oddity.BEHIND_NO_NAME)
        self._remember(line)
        if len(self._kept) < _KEPT_LINES and self._room > 0:
            self._kept.append(printable(text.decode("utf-8", "replace")))
            self._room -= len(self._kept[-1])
        if separator == b"-":
            return None
        if self._masked:
            self.oddities.add(Oddity.MASKED)
        return Reply(self._command, int(code), tuple(self._kept))

    def _note_offer(self, code: bytes, text: bytes) -> None:
        offer = _OFFER.fullmatch(text)
        if offer is None:
            return
        # A carriage return at the end belongs to the end of the line.
        before, behind = offer["before"], (offer["behind"] or b"").rstrip(b"\r")
        minded = {
            Oddity.OTHER_CODE: code != _EXTENSIONS_FOLLOW,
            Oddity.LOWER_CASE: offer["word"] != b"STARTTLS",
            Oddity.LEADING_BLANK: b" " in before,
            Oddity.LEADING_TAB: _TAB.search(before) is not None,
            Oddity.TRAILING_TAB: _TAB.match(behind) is not None,
            Oddity.EQUALS_SIGN: b"=" in before or behind.startswith(b"="),
        }
        odd = {oddity for oddity, is_so in minded.items() if is_so}
        self.offers.add(frozenset(odd | self._before))

    def _remember(self, line: bytes) -> None:
        # Postfix puts what it has read of each line behind the others, and an end of line between.
        self._long_text += min(len(line), LONG_TEXT) + bool(self._size)
        self._size += len(line) + 1
        if self._long_text >= LONG_TEXT:
            self._before.add(Oddity.BEHIND_LONG_TEXT)
        if self._size > LONG_REPLY:
            self.oddities.add(Oddity.LONG_REPLY)
        if b"\0" in line:
            self._before.add(Oddity.BEHIND_NUL)
