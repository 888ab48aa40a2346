"""Results as JSON text and back: what is kept can be read, and nothing in it is executable."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from checker.facts import Attempt, Certificate, Dane, Finding, Reply
from checker.problems import Stage
from checker.tell.answer import Json

_ANSWER = {"domain", "operator", "outcome", "disposition", "problems", "attempts", "checked_at"}


def dump(attempt: Attempt) -> str:
    """The text of an attempt."""
    return json.dumps(asdict(attempt), default=datetime.isoformat)


def load(text: str) -> Attempt:
    """The attempt of such a text.

    Raises:
        ValueError: The text is none of ours, or of another version.
    """
    try:
        return _attempt(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no attempt") from error


def load_answer(text: str) -> Json:
    """A kept answer.

    Raises:
        ValueError: The text is none of ours.
    """
    answer = json.loads(text)
    if not isinstance(answer, dict) or not answer.keys() >= _ANSWER:
        raise ValueError("no answer")
    return answer


def _attempt(kept: dict[str, Any]) -> Attempt:
    certificate, checked_at = kept["certificate"], kept["checked_at"]
    replies = [{**reply, "lines": tuple(reply["lines"])} for reply in kept["replies"]]
    return Attempt(
        **{
            **kept,
            "stage": Stage(kept["stage"]),
            "certificate": certificate and _certificate(certificate),
            "replies": tuple(Reply(**reply) for reply in replies),
            "findings": tuple(Finding(**finding) for finding in kept["findings"]),
            "dane": Dane(kept["dane"]),
            "checked_at": checked_at and datetime.fromisoformat(checked_at),
        }
    )


def _certificate(kept: dict[str, Any]) -> Certificate:
    return Certificate(
        **{
            **kept,
            "names": tuple(kept["names"]),
            "not_before": datetime.fromisoformat(kept["not_before"]),
            "not_after": datetime.fromisoformat(kept["not_after"]),
            "chain": tuple(kept["chain"]),
        }
    )
