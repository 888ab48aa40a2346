"""Lists as people have them: what is read, what is not, and in how much memory."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from checker.bulk.lists import Entry, ListError, Unreadable, read

LIMIT = 4_000_000
"""Bytes of memory for any list."""


def found(data: bytes, name: str = "list.txt", column: str | None = None) -> list[tuple[int, str]]:
    """Line and domain, or line and reason, of each that says something."""
    return [
        (one.line, one.domain.ascii if isinstance(one, Entry) else f"!{one.reason}")
        for one in read(io.BytesIO(data), name, column)
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"example.org\nanna@example.com\n",
        b"\xef\xbb\xbfexample.org\r\nanna@example.com\r\n",
        b"example.org\ranna@example.com",
        "example.org\nanna@example.com\n".encode("utf-16"),
        b"\"example.org\"\n'anna@example.com'\n",
        b"  example.org\t\n<anna@example.com>",
    ],
    ids=["plain", "windows", "old-mac", "utf-16", "quotes", "blanks"],
)
def test_a_line_is_a_domain_or_an_address(data: bytes) -> None:
    assert found(data) == [(1, "example.org"), (2, "example.com")]


def test_empty_lines_and_comments_count_and_say_nothing() -> None:
    assert found(b"# customers\n\nexample.org\n\n") == [(3, "example.org")]


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    text = "example.org\nexample\n192.0.2.1\na@example.org, b@example.net\nm\xfcller\xff.de\n"
    assert found(text.encode("latin-1")) == [
        (1, "example.org"),
        (2, "!single-label"),
        (3, "!ip-address"),
        (4, "!several"),
        (5, "!invalid-idna"),
    ]


def test_what_stands_on_such_a_line_is_harmless() -> None:
    (one,) = read(io.BytesIO(b"\x1b[31mred" * 100), "list.txt")
    assert isinstance(one, Unreadable)
    assert one.text.isprintable()
    assert len(one.text) <= 80


CSV = 'Kunde;E-Mail;Ort\n"Müller; Söhne";info@example.org;"Bonn\nam Rhein"\nMaier;x;\nSchmidt\n'


@pytest.mark.parametrize("column", [None, "E-Mail", "e-mail", "2"])
def test_a_column_is_found_by_its_name_or_number(column: str | None) -> None:
    assert found(CSV.encode(), "list.csv", column) == [
        (2, "example.org"),
        (4, "!single-label"),
        (5, "!missing-field"),
    ]


def test_a_column_by_number_needs_no_names() -> None:
    data = b"1,example.org\n2,example.net\n"
    assert found(data, "list.csv", "2") == [(1, "example.org"), (2, "example.net")]


@pytest.mark.parametrize(
    ("data", "column", "message"),
    [
        (CSV.encode(), "Domain", "there is no column 'Domain'; there are: Kunde, E-Mail, Ort"),
        (CSV.encode(), "4", "there is no column '4'; there are: Kunde, E-Mail, Ort"),
        (b"a,b\n1,2\n", None, "--column must say in which column the domains are; there are: a, b"),
    ],
)
def test_a_column_that_is_not_there_is_told(data: bytes, column: str | None, message: str) -> None:
    with pytest.raises(ListError) as error:
        found(data, "list.csv", column)
    assert str(error.value) == message


def test_a_quotation_mark_that_is_never_closed_takes_no_other_row_but_those_behind_it() -> None:
    data = b'domain,x\nexample.org,1\n"' + b"example.net\n" * 100_000
    first, second, *_ = found(data, "list.csv")
    assert (first, second) == ((2, "example.org"), (3, "!unreadable-row"))


@pytest.mark.parametrize("name", ["list.txt", "list.csv"])
def test_nothing_is_no_domain(name: str) -> None:
    assert found(b"", name) == []


class Long(io.BytesIO):
    """A file that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Take the pieces."""
        super().__init__()
        self._pieces = pieces

    def read(self, _size: int | None = -1, /) -> bytes:
        """One piece."""
        return next(self._pieces, b"")


def long_line() -> Iterator[bytes]:
    """A line of 32 MB, and one behind it."""
    for _ in range(512):
        yield b"x" * 65_536
    yield b"\nexample.org\n"


@pytest.mark.parametrize(
    ("name", "column", "lines"), [("list.txt", None, [1, 2]), ("list.csv", "1", [1, 2])]
)
def test_a_line_without_end_takes_no_memory(
    name: str, column: str | None, lines: list[int]
) -> None:
    tracemalloc.start()
    try:
        read_ = [
            one.line for one in read(Long(long_line()), name, column) if isinstance(one, Entry)
        ]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read_ == lines[1:]
    assert peak < LIMIT
