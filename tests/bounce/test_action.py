"""What has become of a mail: what is only delayed must not be sent again."""

import tomllib
from pathlib import Path

import pytest

from checker.bounce import Action, read, to_json

TEXTS = [
    (action, text)
    for action, texts in tomllib.loads(
        Path(__file__).with_name("actions.toml").read_text("utf-8")
    ).items()
    for text in texts
]


@pytest.mark.parametrize(("action", "text"), TEXTS, ids=[text[:50] for _, text in TEXTS])
def test_action(action: str, text: str) -> None:
    (report,) = read(text)
    assert (report.action or "null") == action
    if action in {"delivered", "relayed", "expanded"}:
        assert [problem.id for problem in report.problems] == ["no-problem-found"]


def test_each_action_of_the_rfc_is_told_in_its_word() -> None:
    assert {action for action, _ in TEXTS} == {*Action, "null"}


def _delayed(field: str) -> str:
    return (
        "Final-Recipient: rfc822; anna@example.org\nAction: delayed\nStatus: 4.7.5\n"
        f"Will-Retry-Until: {field}\n"
    )


@pytest.mark.parametrize(
    ("field", "until"),
    [
        ("Sat, 7 Nov 2026 09:00:00 +0100 (CET)", "2026-11-07T08:00:00Z"),
        ("Sat,  7 Nov 2026 09:00:00 -0330", "2026-11-07T12:30:00Z"),
        ("07 Nov 2026 09:00 GMT", "2026-11-07T09:00:00Z"),
        ("7 Nov 2026 09:00:00 PST", "2026-11-07T17:00:00Z"),
        ("7 Nov 2026 09:00:00 -0000", "2026-11-07T09:00:00Z"),
        ("Sat, 31 Feb 2026 09:00:00 +0000", None),
        ("Sat, 7 Nov 2026 09:00:00 CET", None),
        ("1 Jan 0001 00:00:00 +1400", None),
        ("7 Nov 2026 09:00:00 +9900", None),
        ("7 Now 2026 09:00:00 +0000", None),
        ("in four days", None),
    ],
)
def test_until_when_it_is_tried(field: str, until: str | None) -> None:
    (report,) = read(_delayed(field))
    assert (report.action, report.retry_until) == (Action.DELAYED, until)


def test_a_pasted_date_that_stands_by_itself_counts_as_well() -> None:
    fields = _delayed("Sat, 7 Nov 2026 09:00:00 +0000").replace("\nWill", "\n\nWill")
    (report,) = read(fields)
    assert (report.action, report.retry_until) == (Action.DELAYED, "2026-11-07T09:00:00Z")


def test_each_recipient_has_an_action_of_its_own() -> None:
    report = read(
        "Reporting-MTA: dns; out.sender.test\n\n"
        + _delayed("Sat, 7 Nov 2026 09:00:00 +0000")
        + "\nFinal-Recipient: rfc822; bert@example.org\nAction: failed\nStatus: 5.1.1\n"
        + "\nFinal-Recipient: rfc822; carl@example.org\nAction: delivered\nStatus: 2.0.0\n"
    )
    answer = to_json(report)["recipients"]
    assert isinstance(answer, list)
    assert [(one["action"], one["retry_until"]) for one in answer] == [
        ("delayed", "2026-11-07T09:00:00Z"),
        ("failed", None),
        ("delivered", None),
    ]


def test_the_last_line_of_a_log_counts() -> None:
    lines = (
        "Nov  2 {}:00:00 mx postfix/smtp[7]: 4XkJ: to=<anna@example.org>, "
        "relay=mx.example.org[192.0.2.1]:25, dsn={}, status={} (Connection timed out)\n"
    )
    text = lines.format(10, "4.4.1", "deferred") + lines.format(11, "5.4.1", "bounced")
    assert read(text)[0].action is Action.FAILED
    assert read(lines.format(10, "4.4.1", "deferred"))[0].action is Action.DELAYED


def test_a_delay_without_a_reason_states_no_cause() -> None:
    for text in (
        "Gmail wird es weitere 22 Stunden lang versuchen, anna@example.org zu erreichen.",
        "O Gmail tentar\u00e1 novamente por mais 22 horas entregar a mensagem a anna@example.org.",
        "Final-Recipient: rfc822; anna@example.org\nAction: delayed\n",
    ):
        (report,) = read(text)
        assert (report.action, report.problems[0].id) == (Action.DELAYED, "cause-not-stated")
    refusal = "Action: delayed\nDiagnostic-Code: smtp; 450 4.2.0 No\n"
    (refused,) = read(f"Final-Recipient: rfc822; anna@example.org\n{refusal}")
    assert refused.problems[0].id == "not-tls"
