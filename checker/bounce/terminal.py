"""Answers as lines for a terminal: facts, the most likely problem first."""

from collections.abc import Iterable, Iterator

from checker.bounce.model import Problem, RecipientReport
from checker.text import printable


def lines(reports: Iterable[RecipientReport]) -> Iterator[str]:
    """The lines of what a report says."""
    for report in reports:
        host = f", mail server {printable(report.host)}" if report.host else ""
        recipient = printable(report.recipient or "no recipient named")
        yield f"{recipient}{host}: {report.problems[0].id}"
        for number, problem in enumerate(report.problems):
            yield f"  {'-' if number else '*'} {problem.id}{_facts(problem)}"


def _facts(problem: Problem) -> str:
    facts = [] if problem.kind is None else [f"kind={problem.kind}"]
    facts += [f"{name}={value}" for name, value in problem.evidence.items()]
    return f"  ({'; '.join(facts)})" if facts else ""
