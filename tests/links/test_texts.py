"""The table of what mail servers say: each text leads where the text itself leads a reader."""

import re

import pytest

from checker import bounce
from checker.links.statuses import EXCHANGE, EXIM, POSTFIX, EximStatus, PostfixStatus
from checker.problems import PROBLEMS


def first(text: str) -> str:
    """The problem that a reader of the text is shown first."""
    (report,) = bounce.read(text)
    return report.problems[0].id


@pytest.mark.parametrize("status", POSTFIX, ids=lambda status: status.example)
def test_a_text_of_postfix_leads_where_a_reader_is_led(status: PostfixStatus) -> None:
    assert first(status.example) == status.id
    assert re.fullmatch(status.beginning + status.rest, status.example)


def test_no_text_of_postfix_is_taken_for_another() -> None:
    for status in POSTFIX:
        fitting = [one for one in POSTFIX if re.match(one.beginning + one.rest, status.example)]
        assert fitting == [status]
        begun = [
            one for one in POSTFIX if one.beginning and status.example.startswith(one.beginning)
        ]
        assert begun == [status] * bool(status.beginning)


@pytest.mark.parametrize("status", EXIM, ids=lambda status: status.example)
def test_a_text_of_exim_leads_where_a_reader_is_led(status: EximStatus) -> None:
    assert first(status.example) == status.id
    assert next(one for one in EXIM if re.search(one.pattern, status.example)) == status


def test_codes_lead_to_problems_that_there_are() -> None:
    assert {status.id for status in EXCHANGE} <= set(PROBLEMS)
    assert len({status.code for status in EXCHANGE}) == len(EXCHANGE)
    for status in EXCHANGE:
        assert re.fullmatch(r"[45]\.\d{1,3}\.\d{1,3}", status.code)
