"""A look that was not taken: that we may not is no fault of the mail server."""

from collections.abc import Sequence
from datetime import datetime

from checker.check import Answer
from checker.facts import Attempt, Connection, Finding, Seen
from checker.problems import Cause, Stage


def unasked(cause: Cause, now: datetime) -> Seen:
    """What is told of an address that was left alone.

    Args:
        cause: Why.
        now: When it was left alone.
    """
    return Seen(now, Connection(Stage.CONNECT, Finding("checker-unreachable", cause=cause)))


def is_rationed(answer: Answer) -> bool:
    """Whether there was anything that could not be looked at for having been so too often."""
    findings = [*answer.route.findings]
    findings += [finding for attempt in answer.attempts for finding in attempt.findings]
    return any(finding.cause is Cause.RATIONED for finding in findings)


def all_left_alone(attempts: Sequence[Attempt]) -> bool:
    """Whether nobody was looked at because all owners want no checks."""
    return bool(attempts) and all(
        any(finding.cause is Cause.OPTED_OUT for finding in attempt.findings)
        for attempt in attempts
    )
