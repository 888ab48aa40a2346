"""A list of domains or addresses, one a line or in a column of CSV, read in bounded memory. Pure.

Lists come out of spreadsheets and customer databases: with a byte order mark, with the line ends of
any system, in UTF-16, and now and then with a picture where a line should be.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from checker.domain import MAXIMUM_TYPED, Domain, DomainError, Reason, parse
from checker.text import printable

_CHUNK = 65_536
"""Bytes that are read at a time."""

_LONGEST = 65_536
"""Characters of a line; of a longer one nothing is read."""

_REMEMBERED = 10_000
_EXCERPT = 80
"""Characters of an unreadable line that are kept, so that it can be found."""

_DELIMITERS = ";,\t"
_COMMENT = "#"
_QUOTES = {'"': '"', "'": "'", "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}
_NAMES = re.compile(r"e-?mail([ _-]?(address|adresse))?|domain|domäne|mail", re.IGNORECASE)
"""What a column with domains or addresses is called, where nobody names another."""

TOO_LONG_LINE = "line-too-long"
MISSING_FIELD = "missing-field"
UNREADABLE_ROW = "unreadable-row"


class ListError(ValueError):
    """No domain can be taken out of the list; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A domain, and on which line it stands."""

    line: int
    domain: Domain


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that names no domain that mail could go to.

    Attributes:
        line: Its number, from 1.
        text: What stands there, made harmless and cut.
        reason: A reason of :class:`checker.domain.Reason`, or one of this module.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its end; of one that is too long, its beginning."""

    number: int
    text: str
    is_whole: bool = True


def read(source: BinaryIO, name: str, column: str | None = None) -> Iterator[Entry | Unreadable]:
    """Read a list.

    Args:
        source: Its bytes.
        name: That of the file; where it ends in ``.csv``, the list has columns.
        column: The name or the number (from 1) of the column; the list has columns, then.

    Returns:
        What stands on each line that is not empty and no comment. Duplicates are not left out.

    Raises:
        ListError: There is no such column, or nobody can tell which one is meant.
    """
    lines = _lines(_text(source))
    if column is None and not name.lower().endswith((".csv", ".tsv")):
        return (
            _entry(line.number, line.text) if line.is_whole else _too_long(line)
            for line in lines
            if _is_said(line.text)
        )
    return _cells(lines, column)


def _text(source: BinaryIO) -> Iterator[str]:
    """The text in pieces, each line end as one; what cannot be read stands there as U+FFFD."""
    first = source.read(_CHUNK)
    is_utf_16 = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_utf_16 else "utf-8-sig"
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)("replace"), translate=True
    )
    data = first
    while data:
        yield decoder.decode(data)
        data = source.read(_CHUNK)
    yield decoder.decode(b"", final=True)


def _lines(pieces: Iterable[str]) -> Iterator[_Line]:
    number, begun, is_whole = 1, "", True
    for piece in pieces:
        *ended, rest = piece.split("\n")
        for end in ended:
            yield _line(number, begun + end, is_whole=is_whole)
            number, begun, is_whole = number + 1, "", True
        begun += rest
        if len(begun) > _LONGEST:
            begun, is_whole = begun[:_LONGEST], False
    if begun:
        yield _line(number, begun, is_whole=is_whole)


def _line(number: int, text: str, *, is_whole: bool) -> _Line:
    return _Line(number, text[:_LONGEST], is_whole and len(text) <= _LONGEST)


def _is_said(text: str) -> bool:
    said = text.strip()
    return bool(said) and not said.startswith(_COMMENT)


def _entry(number: int, text: str) -> Entry | Unreadable:
    bare = text.strip()
    if len(bare) > 1 and _QUOTES.get(bare[0]) == bare[-1]:
        bare = bare[1:-1]
    found = _domain(bare) if len(bare) <= MAXIMUM_TYPED else str(Reason.TOO_LONG)
    if isinstance(found, Domain):
        return Entry(number, found)
    return Unreadable(number, printable(bare, _EXCERPT), found)


@lru_cache(_REMEMBERED)
def _domain(text: str) -> Domain | str:
    """The domain, or the reason why there is none; most lists repeat themselves."""
    try:
        return parse(text)
    except DomainError as error:
        return str(error.reason)


def _too_long(line: _Line) -> Unreadable:
    return Unreadable(line.number, printable(line.text, _EXCERPT), TOO_LONG_LINE)


def _cells(lines: Iterator[_Line], column: str | None) -> Iterator[Entry | Unreadable]:
    header = next((line for line in lines if line.text.strip()), None)
    if header is None:
        return
    delimiter = max(_DELIMITERS, key=header.text.count)
    names = [name.strip() for name in next(csv.reader([header.text], delimiter=delimiter), [])]
    place, has_header = _place(names, column)
    rows = _Rows(lines if has_header else _with(header, lines), delimiter)
    for number, row in rows:
        if isinstance(row, str):
            yield Unreadable(number, printable(row, _EXCERPT), rows.reason)
        elif place >= len(row):
            if any(map(str.strip, row)):
                yield Unreadable(number, printable(delimiter.join(row), _EXCERPT), MISSING_FIELD)
        elif _is_said(row[place]):
            yield _entry(number, row[place])


def _with(first: _Line, others: Iterator[_Line]) -> Iterator[_Line]:
    yield first
    yield from others


def _place(names: Sequence[str], column: str | None) -> tuple[int, bool]:
    """Where the column is, and whether the first line holds names."""
    there = f"there are: {', '.join(map(printable, names))}"
    if column is None:
        meant = [place for place, name in enumerate(names) if _NAMES.fullmatch(name)]
        if len(meant) == 1:
            return meant[0], True
        if len(names) == 1:
            return 0, _is_unreadable(names[0])
        raise ListError(f"--column must say in which column the domains are; {there}")
    folded = [name.casefold() for name in names]
    if (wanted := column.strip().casefold()) in folded:
        return folded.index(wanted), True
    if column.isascii() and column.isdecimal() and 1 <= int(column) <= len(names):
        place = int(column) - 1
        return place, _is_unreadable(names[place])
    raise ListError(f"there is no column {column!r}; {there}")


def _is_unreadable(text: str) -> bool:
    """Whether the first line names no domain: then it is what the column is called."""
    return isinstance(_entry(1, text), Unreadable)


class _Rows:
    """The rows of CSV with the number of the line on which each begins.

    Attributes:
        reason: Why the last row is a text that could not be taken apart.
    """

    def __init__(self, lines: Iterator[_Line], delimiter: str) -> None:
        self.reason = ""
        self._lines = lines
        self._delimiter = delimiter
        self._first: _Line | None = None
        self._is_cut = False

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        reader = csv.reader(self._handed_out(), delimiter=self._delimiter)
        while True:
            self._first, self._is_cut = None, False
            row: list[str] | str
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # A quotation mark that is never closed takes in all that follows, up to a limit.
                self.reason, row = UNREADABLE_ROW, self._text()
            if self._is_cut:
                self.reason, row = TOO_LONG_LINE, self._text()
            yield self._first.number if self._first is not None else 0, row

    def _text(self) -> str:
        return self._first.text if self._first is not None else ""

    def _handed_out(self) -> Iterator[str]:
        for line in self._lines:
            self._first = self._first or line
            self._is_cut = self._is_cut or not line.is_whole
            yield line.text + "\n"
