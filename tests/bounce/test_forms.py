"""In whatever form a report comes: who failed, for what, at which mail server."""

import pytest

from checker.bounce import RecipientReport, read
from tests.bounce.forms import FORMS, Form


def _summary(report: RecipientReport, expected: str) -> str:
    problem = report.problems[0]
    return f"{problem.id}:{problem.kind}" if ":" in expected else problem.id


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_form(form: Form) -> None:
    reports = read(form.report)
    assert [
        (report.recipient, _summary(report, expected), report.host)
        for report, (_, expected, _) in zip(reports, form.expected, strict=False)
    ] == list(form.expected)
    assert len(reports) == len(form.expected)
