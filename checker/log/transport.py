"""What carries a log's lines -> lines as traditional syslog has them, ``HOST TAG[PID]: TEXT``.

The journal's export format holds fields; RFC 5424's lines tell the process by fields of their own.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

_JOURNAL = (b"__CURSOR=", b"__REALTIME_TIMESTAMP=")
_LONGEST_FIELD = 64 << 10
_LENGTH = 8
"""Bytes that say how long a binary field is."""

_LINES = 256 << 10
_STRUCTURED = re.compile(
    rb"^<\d{1,3}>1 (\S+) (\S+) (\S+) (\S+) \S+"
    rb" (?:-|(?:\[(?:\\.|[^\]\\\n])*+\])+)[ ]?(?:\xef\xbb\xbf)?",
    re.MULTILINE,
)
_BEGINS_STRUCTURED = re.compile(rb"<\d{1,3}>1 \d{4}-")
_KEPT = frozenset(
    (
        *(b"__REALTIME_TIMESTAMP", b"_HOSTNAME", b"SYSLOG_IDENTIFIER"),
        *(b"SYSLOG_PID", b"_PID", b"MESSAGE"),
    )
)


def is_plain(head: bytes) -> bool:
    """Whether a log's lines can be read as they are.

    Args:
        head: The log's beginning.
    """
    return not head.startswith(_JOURNAL) and not _BEGINS_STRUCTURED.match(head)


def as_tradition_has_it(block: bytes) -> bytes:
    """Lines as traditional syslog has them, if they are RFC 5424's."""
    if not _BEGINS_STRUCTURED.match(block):
        return block
    return _STRUCTURED.sub(_head, block)


def _head(found: re.Match[bytes]) -> bytes:
    time, host, name, process = found.groups()
    # One of rsyslog's forms loses which of Postfix's programs it was; smtp has most to say.
    tag = b"postfix/smtp" if name == b"postfix" else name
    return b"%b %b %b[%b]: " % (time, host, tag, process)


def from_journal(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines from the journal's export format; anything else as it is.

    Args:
        chunks: Of a file.
    """
    rest = iter(chunks)
    first = next(rest, b"")
    if not first.startswith(_JOURNAL):
        yield first
        yield from rest
        return
    lines: list[bytes] = []
    length = 0
    for fields in _entries(_Bytes(first, rest)):
        line = _line(fields)
        lines.append(line)
        length += len(line)
        if length > _LINES:
            yield b"".join(lines)
            lines, length = [], 0
    yield b"".join(lines)


def _line(fields: dict[bytes, bytes]) -> bytes:
    if b"MESSAGE" not in fields:
        return b""
    try:
        seconds = int(fields.get(b"__REALTIME_TIMESTAMP", b"0")) / 1_000_000
        time = datetime.fromtimestamp(seconds, UTC).isoformat().encode()
    except (ValueError, OverflowError, OSError):
        time = b"-"
    process = fields.get(b"SYSLOG_PID") or fields.get(b"_PID", b"0")
    return b"%b %b %b[%b]: %b\n" % (
        time,
        fields.get(b"_HOSTNAME", b"-"),
        fields.get(b"SYSLOG_IDENTIFIER", b"-"),
        process,
        # As rsyslog writes it
        fields[b"MESSAGE"].replace(b"\n", b"#012"),
    )


def _entries(source: "_Bytes") -> Iterator[dict[bytes, bytes]]:
    fields: dict[bytes, bytes] = {}
    while (line := source.line()) is not None:
        if not line:
            if fields:
                yield fields
            fields = {}
            continue
        name, is_text, value = line.partition(b"=")
        if not is_text:
            length = int.from_bytes(source.take(_LENGTH), "little")
            value = source.take(length)
            source.line()
        if name in _KEPT:
            fields[name] = value
    if fields:
        yield fields


class _Bytes:
    """Chunks as one stream, of which no more is held than is asked for."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._held, self._at, self._rest = first, 0, rest

    def _more(self) -> bool:
        chunk = next(self._rest, b"")
        self._held, self._at = self._held[self._at :] + chunk, 0
        return bool(chunk)

    def line(self) -> bytes | None:
        """The next line without its end; of a long one the beginning; None at the end."""
        end = self._held.find(b"\n", self._at)
        while end < 0:
            if len(self._held) - self._at > _LONGEST_FIELD:
                kept = self._held[self._at : self._at + _LONGEST_FIELD]
                self._skip_line()
                return kept
            if not self._more():
                left, self._held, self._at = self._held[self._at :], b"", 0
                return left or None
            end = self._held.find(b"\n", self._at)
        line = self._held[self._at : end]
        self._at = end + 1
        return line

    def _skip_line(self) -> None:
        while (end := self._held.find(b"\n", self._at)) < 0:
            self._at = len(self._held)
            if not self._more():
                return
        self._at = end + 1

    def take(self, length: int) -> bytes:
        """So many bytes, of which no more than the beginning is kept."""
        kept = b""
        while length > 0:
            some = self._held[self._at : self._at + length]
            self._at += len(some)
            length -= len(some)
            kept += some[: _LONGEST_FIELD - len(kept)]
            if length and not self._more():
                break
        return kept
