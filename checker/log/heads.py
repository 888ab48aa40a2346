"""The beginning of a line of syslog -> its hour, and in the end its day.

Traditional syslog (RFC 3164) names no year: it is counted back from the moment that the file was
last written, and a December before a January belongs to the year before.
"""

import re
from datetime import UTC, datetime

_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            *(b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun"),
            *(b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"),
        ),
        1,
    )
}
_PRIORITY = re.compile(rb"<\d{1,3}>")
_ISO_HOUR, _TRADITIONAL_HOUR = len("2026-11-02T09"), len("Nov  2 09")
_TRADITIONAL = re.compile(rb"([A-Z][a-z]{2}) ([ \d]\d) \d\d")
_ISO = re.compile(rb"(\d{4})-(\d\d)-(\d\d)[T ]\d\d")
_HALF_A_YEAR = 6
_SECOND = len("2026-11-02T09:00:00")
_LONGEST = 64
_OLDEST = 1970
"""No log is older; what is less counts new years."""

Moment = tuple[int, int, int]
"""Year (or how many new years had passed by then), month and day."""


def hour(head: bytes) -> bytes:
    """The beginning of a line as far as its hour.

    Args:
        head: Of a line.
    """
    if head[:1] == b"<":
        head = _PRIORITY.sub(b"", head, count=1)
    return head[:_ISO_HOUR] if head[4:5] == b"-" else head[:_TRADITIONAL_HOUR]


def begins_line(text: bytes) -> bool:
    """Whether a text begins as a line does, and not in the middle of one."""
    text = hour(text)
    return _ISO.match(text) is not None or _TRADITIONAL.match(text) is not None


def first_moment(head: bytes, changed: float) -> str:
    """The first moment that a log names, such that those of several logs can be put in order.

    Args:
        head: The log's beginning.
        changed: When it was last written, in seconds since 1970.

    Returns:
        As ISO 8601 writes it, without a zone; empty where there is none.
    """
    for line in head.split(b"\n"):
        text = _PRIORITY.sub(b"", line[:_LONGEST], count=1)
        if _ISO.match(text):
            return text[:_SECOND].decode("ascii", "replace").replace("T", " ")
        found = _TRADITIONAL.match(text)
        if found and found[1] in _MONTHS:
            last, month = datetime.fromtimestamp(changed, UTC), _MONTHS[found[1]]
            clock = text[len("Nov  2 ") :][: len("09:00:00")].decode("ascii", "replace")
            return f"{last.year - (month > last.month):04}-{month:02}-{int(found[2]):02} {clock}"
    return ""


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 - as every year has


class Calendar:
    """Knows the days of a log that is read in its order."""

    def __init__(self) -> None:
        """Begin with the first line."""
        self.years_passed = 0
        self.is_assumed = False
        self._month = 0
        self._last: tuple[bytes, Moment | None] = b"", None

    def day(self, time: bytes) -> Moment | None:
        """The day of a line.

        Args:
            time: Of ``hour``.

        Returns:
            With the year 0 and up where the line names none; None where it names no day.
        """
        # Most lines are of the same hour as the one before.
        if time != self._last[0]:
            self._last = time, self._read(time)
        return self._last[1]

    def _read(self, time: bytes) -> Moment | None:
        if found := _ISO.match(time):
            year, month, day = int(found[1]), int(found[2]), int(found[3])
            return (year, month, day) if year >= _OLDEST and _is_date(month, day) else None
        found = _TRADITIONAL.match(time)
        month = _MONTHS.get(found[1], 0) if found else 0
        if not found or not _is_date(month, int(found[2])):
            return None
        self.is_assumed = True
        if self._month - month > _HALF_A_YEAR:
            self.years_passed += 1
            self._month = month
        elif not self._month or 0 < month - self._month < _HALF_A_YEAR:
            self._month = month
        # A straggler from before the new year
        passed = self.years_passed - (month - self._month > _HALF_A_YEAR)
        return passed, month, int(found[2])

    def written(self, moment: Moment, last: tuple[int, int]) -> str:
        """A day as RFC 3339 writes it.

        Args:
            moment: Of ``day``.
            last: Year and month in which the log was last written, for years that it does not name.
        """
        year, month, day = moment
        if year < _OLDEST:
            ends = last[0] - (self._month > last[1])
            year += ends - self.years_passed
        return f"{year:04}-{month:02}-{day:02}"
