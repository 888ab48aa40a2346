"""An attempt that was not made: that we may not look is no fault of the mail server."""

from collections.abc import Sequence
from datetime import datetime

from checker.conversation.probe import Target
from checker.facts import Attempt, Finding
from checker.problems import Ours, Stage


def unasked(target: Target, cause: Ours, now: datetime) -> Attempt:
    """What is told of an address that was left alone.

    Args:
        target: The address.
        cause: Why.
        now: When it was left alone.
    """
    return Attempt(
        target.host,
        target.address,
        target.preference,
        Stage.CONNECT,
        findings=(_finding(cause),),
        checked_at=now,
    )


def all_left_alone(attempts: Sequence[Attempt]) -> bool:
    """Whether nobody was looked at because all owners want no checks."""
    wanted = _finding(Ours.OPTED_OUT)
    return bool(attempts) and all(wanted in attempt.findings for attempt in attempts)


def _finding(cause: Ours) -> Finding:
    return Finding("checker-unreachable", {"cause": str(cause)})
