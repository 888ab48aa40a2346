"""Operators, attempts and routes for tests that need no network."""

from dataclasses import replace
from typing import Any

from checker.delivery.verdict import Verdict
from checker.facts import Attempt, Dane, Finding, MailServer, Route, RouteKind
from checker.operators import Operator, load
from checker.problems import PROBLEMS, Cause, Stage

_TLS = set(load("careful").tls.__dataclass_fields__)


def operator(name: str = "careful", /, **settings: object) -> Operator:
    """An operator with some of its settings changed, of either table."""
    original = load(name)
    tls: dict[str, Any] = {key: value for key, value in settings.items() if key in _TLS}
    delivery: dict[str, Any] = {key: value for key, value in settings.items() if key not in _TLS}
    return replace(
        original,
        tls=replace(original.tls, **tls),
        delivery=replace(original.delivery, **delivery),
    )


def finding(
    problem: str,
    cause: Cause | None = None,
    code: int | None = None,
    /,
    **evidence: str | int | bool | list[str],
) -> Finding:
    """A finding."""
    return Finding(problem, evidence, cause, code)


def attempt(
    *findings: Finding | str,
    stage: Stage = Stage.DONE,
    number: int = 1,
    dane: Dane = Dane.ABSENT,
    sts_enforced: bool = False,
) -> Attempt:
    """What came of the address of that number."""
    return Attempt(
        host=f"mx{number}.example.org",
        address=f"192.0.2.{number}",
        preference=10 * number,
        stage=stage,
        findings=tuple(Finding(one) if isinstance(one, str) else one for one in findings),
        dane=dane,
        sts_enforced=sts_enforced,
    )


def route(*findings: Finding, servers: int = 1) -> Route:
    """A route with so many mail servers."""
    return Route(
        "example.org",
        RouteKind.MX,
        tuple(
            MailServer(f"mx{number}.example.org", 10 * number, (f"192.0.2.{number}",))
            for number in range(1, servers + 1)
        ),
        findings=findings,
    )


def contradictions(verdict: Verdict) -> list[str]:
    """What no verdict may say, whatever was seen."""
    decisive = [trouble for trouble in verdict.troubles if trouble.decisive]
    accepted = verdict.disposition == "accepted"
    warns = verdict.outcome == "delivers-with-warnings"
    holds = {
        "a mail that is accepted is delivered": accepted == verdict.outcome.startswith("delivers"),
        "a mail that may come back has its time": (verdict.when is None)
        == (verdict.disposition in {"accepted", "undetermined"}),
        "who has a time has somebody to tell": (verdict.report_to is None)
        == (verdict.when is None),
        "the first problem alone decides, and none that only warns": decisive
        == ([] if warns else list(verdict.troubles[:1])),
        "there is a problem, or it is said that there is none": bool(verdict.troubles),
        "problems are known": {trouble.id for trouble in verdict.troubles} <= set(PROBLEMS),
    }
    return [promise for promise, kept in holds.items() if not kept]
