"""Reads the report of a failed delivery: which recipients, and what kept the mail from each.

Pure, so that it runs in a reader's browser: text in, problems of ``checker.problems`` out.
"""

from collections.abc import Iterable

from checker.bounce.compressed import uncompressed
from checker.bounce.engine import problems_of
from checker.bounce.model import ARRIVED, Action, Kind, Problem, RecipientReport
from checker.bounce.report import sections_of
from checker.bounce.text import MAXIMUM_INPUT, characters_of, lines_of

__all__ = ["MAXIMUM_INPUT", "Action", "Kind", "Problem", "RecipientReport", "read", "to_json"]

# Of a report of TLS sessions: its own fields, its own type of a part, how gzip begins in base64.
_MARKS = ('"policies"', "tlsrpt", "H4sI")


def read(text: str | bytes) -> tuple[RecipientReport, ...]:
    """Read a report.

    Args:
        text: A whole message, a text pasted from one, lines of a log, or a fragment; or a report
            of TLS sessions (RFC 8460). As bytes it may be compressed (gzip). Never raises,
            whatever it is.

    Returns:
        What it says of each recipient, or of each domain; nothing for an empty text.
    """
    if isinstance(text, bytes):
        text = uncompressed(text, MAXIMUM_INPUT)
    return _of_tls_sessions(characters_of(text)) or _of_deliveries(text)


def _of_tls_sessions(text: str) -> tuple[RecipientReport, ...]:
    if not any(mark in text for mark in _MARKS):
        return ()
    from checker.bounce import tls_report  # noqa: PLC0415 - few texts are such a report

    return tls_report.read(text)


def _of_deliveries(text: str | bytes) -> tuple[RecipientReport, ...]:
    reports = []
    for section in sections_of(lines_of(text)):
        problems = (
            (Problem("no-problem-found"),)
            if section.action in ARRIVED
            else problems_of(
                section.pieces, section.status, delayed=section.action is Action.DELAYED
            )
        )
        reports.append(
            RecipientReport(
                section.recipient,
                section.domain,
                section.host,
                problems,
                section.action,
                section.retry_until,
            )
        )
    return tuple(reports)


def to_json(reports: Iterable[RecipientReport]) -> dict[str, object]:
    """The answer as the command line prints it."""
    return {
        "recipients": [
            {
                "recipient": report.recipient,
                "domain": report.domain,
                "host": report.host,
                "action": report.action,
                "retry_until": report.retry_until,
                "problems": [_problem_to_json(problem) for problem in report.problems],
            }
            for report in reports
        ]
    }


def _problem_to_json(problem: Problem) -> dict[str, object]:
    answer: dict[str, object] = {"id": problem.id, "evidence": dict(problem.evidence)}
    if problem.kind is not None:
        answer["kind"] = str(problem.kind)
    return answer
