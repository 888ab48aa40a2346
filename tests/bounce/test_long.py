"""What is longer than what is read: a log tells at its end what became of the mail."""

from checker.bounce import read
from checker.bounce.asides import OMITTED
from checker.bounce.text import MAXIMUM_LINES, lines_of

REMOVED = "Nov  2 10:00:00 out postfix/qmgr[1]: 4XkJ: removed\n"


def test_the_end_of_a_long_log_is_read() -> None:
    (report,) = read(
        REMOVED
        * (MAXIMUM_LINES + 1_000)
        + "Nov  2 10:00:01 out postfix/smtp[2]: 4XkK: to=<anna@example.org>, "
        "relay=mx.example.org[192.0.2.7]:25, dsn=4.7.5, status=deferred "
        "(certificate has expired)\n"
    )
    assert (report.recipient, report.host, report.problems[0].id) == (
        "anna@example.org",
        "mx.example.org",
        "certificate-expired",
    )


def test_the_end_of_a_long_log_is_read_also_where_it_names_nobody() -> None:
    (report,) = read(
        REMOVED * (MAXIMUM_LINES + 1_000) + "TLS library problem: error:0A000102:SSL "
        "routines::unsupported protocol:ssl/statem/statem_lib.c:1987:"
    )
    assert report.problems[0].id == "tls-version"


def test_what_was_not_read_is_said() -> None:
    text = REMOVED * (MAXIMUM_LINES + 1_000)
    assert OMITTED in lines_of(text)
    assert read(text)[0].problems[0].id == "cause-not-stated"
