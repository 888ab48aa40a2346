"""Dates in certificates, as GnuTLS reads them. Pure.

RFC 5280 section 4.1.2.5 has one form for each; OpenSSL takes that alone where it verifies. GnuTLS
also takes dates without seconds or with something behind them, leap seconds, and a 30th of
February, which is a day of March to it.
"""

import re
from datetime import UTC, datetime, timedelta

UTC_TIME, GENERALIZED_TIME = 0x17, 0x18

_DIGITS = re.compile(rb"[0-9]+Z")
_PLAIN = {UTC_TIME: 13, GENERALIZED_TIME: 15}
_LEAST = {UTC_TIME: 10, GENERALIZED_TIME: 12}
_MOST = 60
"""Characters of a date, the last one a "Z"."""

_YEAR_DIGITS = {UTC_TIME: 2, GENERALIZED_TIME: 4}
_FIRST_OF_LAST_CENTURY = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MONTHS, _DAYS, _LAST_HOUR, _LAST_MINUTE, _LEAP_SECOND = 12, 31, 23, 59, 60


def read(tag: int, text: bytes) -> datetime | None:
    """A date; none where it is none to GnuTLS. What came before 1970 is the beginning of that year.

    Args:
        tag: Of its kind, UTCTime or GeneralizedTime.
        text: As it stands there.
    """
    if tag not in _LEAST or not _LEAST[tag] <= len(text) <= _MOST or not _DIGITS.fullmatch(text):
        return None
    digits = text[:-1].decode("ascii")
    year, rest = int(digits[: _YEAR_DIGITS[tag]]), digits[_YEAR_DIGITS[tag] :]
    if tag == UTC_TIME:
        year += 1900 if year >= _FIRST_OF_LAST_CENTURY else 2000
    if year < _EPOCH.year:
        return _EPOCH
    # The letter at the end may take the place of a digit.
    month, day, hour, minute, second = (int(rest[at : at + 2] or "0") for at in range(0, 10, 2))
    if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS and hour <= _LAST_HOUR):
        return None
    if minute > _LAST_MINUTE or second > _LEAP_SECOND:
        return None
    since = timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
    try:
        return datetime(year, month, 1, tzinfo=UTC) + since
    except OverflowError:
        return datetime.max.replace(microsecond=0, tzinfo=UTC)


def is_plain(tag: int, text: bytes) -> bool:
    """Whether a date is of the form that RFC 5280 has, which OpenSSL wants where it verifies."""
    digits = text[:-1].decode("latin-1")
    if _PLAIN.get(tag) != len(text) or not _DIGITS.fullmatch(text):
        return False
    # There was no year 0; as leap years go, it is one like 2000.
    year = digits[: _YEAR_DIGITS[tag]].rjust(4, "0").replace("0000", "2000")
    try:
        datetime.strptime(year + digits[_YEAR_DIGITS[tag] :], "%Y%m%d%H%M%S")  # noqa: DTZ007 - only tried
    except ValueError:
        return False
    return digits[-2:] < str(_LEAP_SECOND)


def written(moment: datetime) -> tuple[int, bytes]:
    """The tag and the text of a date, as RFC 5280 section 4.1.2.5 wants it."""
    digits = f"{moment.year:04}{moment:%m%d%H%M%S}Z".encode("ascii")
    is_utc_time = 1950 <= moment.year < 2050  # noqa: PLR2004 - the years of that kind
    return (UTC_TIME, digits[2:]) if is_utc_time else (GENERALIZED_TIME, digits)
