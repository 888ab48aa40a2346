"""What carries the lines: the journal's export, RFC 5424, RFC 3164 and ISO times, and years."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.log.heads import Calendar, first_moment, hour
from checker.log.transport import from_journal
from tests.log.made import delivery, fates_of, log_of, tls

MESSAGE = delivery("A1").split("]: ", 1)[1].encode().rstrip(b"\n")
DATA = r'- [a b="[\]"]'
TEXTS = {
    "traditional": delivery("A1"),
    "with a priority": f"<22>{delivery('A1')}",
    "ISO": delivery("A1", head="2026-11-02T09:00:00.123456+01:00 mx1 postfix"),
    "RFC 5424": f"<22>1 2026-11-02T09:00:00Z mx1 postfix/smtp 7 - - {MESSAGE.decode()}\n",
    "RFC 5424 of rsyslog": f"<22>1 2026-11-02T09:00:00Z mx1 postfix 7 {DATA} {MESSAGE.decode()}\n",
}


def _entry(message: bytes, *, binary: bool) -> bytes:
    held = b"MESSAGE=" + message
    if binary:
        held = b"MESSAGE\n" + len(message).to_bytes(8, "little") + message
    return (
        b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1793606400000000\n_HOSTNAME=mx1\n_PID=9\n"
        b"SYSLOG_IDENTIFIER=postfix/smtp\nSYSLOG_PID=7\n" + held + b"\n\n"
    )


@pytest.mark.parametrize("form", TEXTS)
def test_forms_of_syslog(tmp_path: Path, form: str) -> None:
    log = log_of(tmp_path, TEXTS[form])
    assert log.fates.sent == 1
    assert log.sessions is not None
    (row,) = log.sessions.rows
    assert (row.domain, row.server) == ("example.org", "mx.example.org")


@pytest.mark.parametrize("size", [1, 7, 1_000_000])
def test_the_export_of_the_journal(size: int) -> None:
    given = _entry(MESSAGE, binary=False) + _entry(MESSAGE + b" \xff\n==", binary=True)
    given += _entry(b"x" * 200_000, binary=True) + _entry(MESSAGE, binary=False)
    first = given[:40]
    chunks = [first, *(given[at : at + size] for at in range(40, len(given), size))]
    lines = b"".join(from_journal(chunks))
    assert lines.startswith(b"2026-11-02T08:00:00+00:00 mx1 postfix/smtp[7]: A1: to=<anna@")
    assert lines.count(b"\n") == 4
    assert fates_of(lines.decode("latin-1")).sent == 3


def test_years_are_counted_back_from_the_end() -> None:
    calendar = Calendar()
    times = [f"{day} 09:00:00".encode() for day in ("Dec 30", "Dec 31", "Jan  1", "Feb  2")]
    days = [calendar.day(hour(time)) for time in (*times, times[1], b"2025-03-04T10:00:00Z")]
    assert [day and calendar.written(day, (2026, 2)) for day in days] == [
        *("2025-12-30", "2025-12-31", "2026-01-01", "2026-02-02", "2025-12-31", "2025-03-04")
    ]
    assert calendar.day(b"Foo  2 09") is None


@pytest.mark.parametrize(
    "time", [b"0000-01-01T00", b"2026-13-01T00", b"2026-01-99T00", b"Xyz  1 00", b"Jan 99 00"]
)
def test_what_is_no_day_is_none(time: bytes) -> None:
    assert Calendar().day(time) is None


def test_a_log_that_was_last_written_in_the_new_year_ends_in_the_old() -> None:
    calendar = Calendar()
    day = calendar.day(b"Dec 31 23")
    assert day is not None
    assert calendar.written(day, (2026, 1)) == "2025-12-31"


def test_files_are_put_in_order_by_the_first_moment_that_they_name() -> None:
    january = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
    moments = [
        first_moment(b"Dec 31 09:00:00 mx1 x", january),
        first_moment(b"torn\nJan  1 09:00:00 mx1 x", january),
        first_moment(b"2026-01-02T09:00:00Z mx1 x", january),
    ]
    assert moments == ["2025-12-31 09:00:00", "2026-01-01 09:00:00", "2026-01-02 09:00:00"]
    assert not first_moment(b"\0\1\2", january)


def test_a_line_of_tls_goes_with_its_delivery_in_rfc_5424(tmp_path: Path) -> None:
    head = "<22>1 2026-11-02T09:00:00Z mx1 postfix/smtp 7 - - "
    log = head + tls("Verified").split("]: ", 1)[1] + head + delivery("A1").split("]: ", 1)[1]
    read = log_of(tmp_path, log)
    assert read.sessions is not None
    assert read.sessions.passed == 1


TIMES = {
    "traditional": "Nov  2 09:00:0{} ",
    "with fractions": "Nov  2 09:00:00.12345{} ",
    "with a priority": "<22>Nov  2 09:00:0{} ",
    "ISO": "2026-11-02T09:00:00.12345{}+01:00 ",
    "ISO with a priority": "<22>2026-11-02T09:00:0{}Z ",
}


@pytest.mark.parametrize("form", TIMES)
def test_lines_of_a_process_belong_together_at_any_time(tmp_path: Path, form: str) -> None:
    heads = [f"{TIMES[form].format(number)}mx1 postfix" for number in range(2)]
    read = log_of(tmp_path, tls("Verified", head=heads[0]) + delivery("A1", head=heads[1]))
    assert read.sessions is not None
    assert read.sessions.passed == 1
    assert not read.sessions.rows
