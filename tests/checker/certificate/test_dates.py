"""Which dates in certificates GnuTLS reads, and as what: seen of 3.7.9 and 3.8.9."""

from datetime import UTC, datetime

import pytest

from checker.certificate.dates import GENERALIZED_TIME, UTC_TIME, is_plain, read, written

_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("260101000000Z", _NEW_YEAR),
        ("2601010000Z", _NEW_YEAR),
        ("260101000Z", _NEW_YEAR),
        ("26010100000Z", _NEW_YEAR),
        ("26010100000000Z", _NEW_YEAR),
        ("2601010000005Z", _NEW_YEAR),
        ("2601010005Z", datetime(2026, 1, 1, 0, 5, tzinfo=UTC)),
        ("26010100005Z", datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC)),
        ("491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("500101000000Z", _EPOCH),
        ("691231235959Z", _EPOCH),
        ("700101000000Z", _EPOCH),
        ("260230000000Z", datetime(2026, 3, 2, tzinfo=UTC)),
        ("260431000000Z", datetime(2026, 5, 1, tzinfo=UTC)),
        ("260101000060Z", datetime(2026, 1, 1, 0, 1, tzinfo=UTC)),
        *(
            (text, None)
            for text in (
                *("", "Z", "260101Z", "26010100Z", "260101000000", "260101000000z"),
                *("260101000000+0000", "260101000000.5Z", "2601010000ZZ", "260101000000Z\0"),
                *("261301000000Z", "260001000000Z", "260132000000Z", "260100000000Z"),
                *("260101240000Z", "260101006000Z", "260101000061Z", "2601a1000000Z"),
                *(" 60101000000Z", "-60101000000Z", "26 101000000Z", "2" * 4_000 + "Z"),
            )
        ),
    ],
)
def test_of_two_digits_of_the_year(text: str, moment: datetime | None) -> None:
    assert read(UTC_TIME, text.encode()) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260101000000Z", _NEW_YEAR),
        ("202601010000Z", _NEW_YEAR),
        ("20491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("99991231235959Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("99991231235960Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("20000229000000Z", datetime(2000, 2, 29, tzinfo=UTC)),
        ("21000229000000Z", datetime(2100, 3, 1, tzinfo=UTC)),
        ("19691231235959Z", _EPOCH),
        ("00000000000000Z", _EPOCH),
        ("00010101000000Z", _EPOCH),
        *(
            (text, None)
            for text in (
                *("", "2026010100Z", "20260101000000", "20260101000000z", "20260101000000+0000Z"),
                *("20260101000000.5Z", "20260101000000.0Z", "20260101000000,5Z"),
                *("20261301000000Z", "20260132000000Z", "20260101240000Z", "20260101000061Z"),
            )
        ),
    ],
)
def test_of_four_digits_of_the_year(text: str, moment: datetime | None) -> None:
    assert read(GENERALIZED_TIME, text.encode()) == moment


def test_of_no_other_kind() -> None:
    assert read(0x13, b"260101000000Z") is None


@pytest.mark.parametrize("year", [1970, 2049, 2050, 9999])
def test_what_is_written_is_read_again(year: int) -> None:
    moment = datetime(year, 12, 31, 23, 59, 58, tzinfo=UTC)
    tag, text = written(moment)
    assert read(tag, text) == moment
    assert tag == (UTC_TIME if year < 2050 else GENERALIZED_TIME)


@pytest.mark.parametrize(
    ("tag", "text", "plain"),
    [
        (UTC_TIME, "260101000000Z", True),
        (UTC_TIME, "240229235959Z", True),
        (UTC_TIME, "000229000000Z", True),
        (UTC_TIME, "260229000000Z", False),
        (UTC_TIME, "260101000060Z", False),
        (UTC_TIME, "260101240000Z", False),
        (UTC_TIME, "2601010000Z", False),
        (UTC_TIME, "26010100000000Z", False),
        (UTC_TIME, "260101000000+0000", False),
        (UTC_TIME, "", False),
        (GENERALIZED_TIME, "20260101000000Z", True),
        (GENERALIZED_TIME, "00000101000000Z", True),
        (GENERALIZED_TIME, "99991231235959Z", True),
        (GENERALIZED_TIME, "21000229000000Z", False),
        (GENERALIZED_TIME, "20260101000000.5Z", False),
        (0x13, "260101000000Z", False),
    ],
)
def test_what_openssl_reads(tag: int, text: str, *, plain: bool) -> None:
    assert is_plain(tag, text.encode()) is plain
