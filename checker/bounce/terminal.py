"""Answers as lines for a terminal: facts, the most likely problem first."""

from collections.abc import Iterable, Iterator

from checker.bounce.model import Action, Problem, RecipientReport
from checker.text import printable


def lines(reports: Iterable[RecipientReport]) -> Iterator[str]:
    """The lines of what a report says."""
    for report in reports:
        host = f", mail server {printable(report.host)}" if report.host else ""
        recipient = printable(report.recipient or "no recipient named")
        yield f"{recipient}{host}{_delay(report)}: {report.problems[0].id}"
        for number, problem in enumerate(report.problems):
            yield f"  {'-' if number else '*'} {problem.id}{_facts(problem)}"


def _delay(report: RecipientReport) -> str:
    """That nothing has failed yet, so that nobody sends the mail again."""
    if report.action is not Action.DELAYED:
        return ""
    until = f" until {report.retry_until}" if report.retry_until else ""
    return f", delayed, still being retried{until}"


def _facts(problem: Problem) -> str:
    facts = [] if problem.kind is None else [f"kind={problem.kind}"]
    facts += [f"{name}={value}" for name, value in problem.evidence.items()]
    return f"  ({'; '.join(facts)})" if facts else ""
