"""What a visitor without JavaScript reads: the outcome on the page of the problem.

The address that the check leads to names the notice to show. All of them are built beforehand, so
they say what is known without the check's facts.
"""

import re
from typing import Any

from checker.operators import Audience, Operator, WithoutStarttls
from checker.problems import PROBLEMS, Family, Mender, Problem
from scripts.hooks import facts, single, words

_READERS = {Audience.RECIPIENTS: "recipient", Audience.SENDERS: "sender"}

_CASES = {"tls-version": ("", "-too-new")}
"""Problems with opposite cases: what tells these apart at the end of a notice's address."""

_SPELLING = "domain-not-found"
"""Nobody's fault before the spelling is known to be right."""

_WITH_LETTER = ("provider", "domain", "too-new", "not-stated", "undecided")
"""What is at stake where one of the steps is to hand on the letter of the same page."""

_YES = ("delivers", "delivers-with-warnings")

_SITUATIONS = {"delivers": "works", "delivers-with-warnings": "warning", "unknown-setup": "setup"}
"""What is at stake where the outcome alone tells."""

_LINK = re.compile(r"\[(?:[^\]=]*=)?(?P<text>[^\]]+)\]")
"""A link in a step, as overrides/words says what it leads to."""

_SETUP = {"delivery.server", "delivery.system"}
"""Where one of these is assumed, the outcome may depend on it."""


def notices(language: str) -> dict[str, list[dict[str, Any]]]:
    """For each problem the outcomes that a visitor without JavaScript may arrive with."""
    known = single.known().values()
    return {
        problem.id: [
            _notice(operator, outcome, problem, case, language)
            for case in _CASES.get(problem.id, ("",))
            for operator in known
            for outcome in _outcomes(operator, problem.family)
        ]
        for problem in PROBLEMS.values()
    }


def _notice(
    operator: Operator, outcome: str, problem: Problem, case: str, language: str
) -> dict[str, Any]:
    reader = _READERS[operator.audience]
    situation = _situation(operator, outcome, problem, case)
    return {
        "id": f"outcome-{outcome}-{operator.name}{case}",
        "outcome": re.sub("-(now|later|setup)$", "", outcome),
        **_sentences(operator, outcome, problem, situation, language),
        "reason": _reason(outcome, problem, case, language),
        "situation": situation,
        "steps": _steps(operator, reader, situation, language),
        "letter": situation in _WITH_LETTER,
        "report": _report(operator, outcome, problem, language),
        "mender": "" if outcome in _YES else _mender(problem, case, reader, language),
    }


def _outcomes(operator: Operator, family: Family) -> tuple[str, ...]:
    if family is Family.NOTHING_WRONG:
        return ("delivers",)
    later = () if operator.delivery.tries_once else ("fails-later",)
    setup = () if _SETUP.isdisjoint(operator.assumed) else ("unknown-setup",)
    return ("delivers-with-warnings", "fails-now", *later, "unknown", *setup)


def _sentences(
    operator: Operator, outcome: str, problem: Problem, situation: str, language: str
) -> dict[str, str]:
    texts = words.load(language)["outcome_plain"]
    probably = f"{outcome}-probably"
    assumed = "delivery.retry_for" in operator.assumed_at(problem.id)
    if situation == "spelling":
        text = texts["spelling"]
    elif situation == "not-stated":
        text = texts["unknown-not-stated"]
    else:
        text = texts[probably if assumed and probably in texts else outcome]
    # Cut before the names are put in: a name may hold a dot.
    title, *rest = re.split(r"(?<=[.?]) ", text, maxsplit=1)
    values = {"operator": facts.display_name(operator, language)}
    if outcome == "fails-later":
        patience = operator.delivery.retry_for
        values["when"] = words.look_up(language, "durations", patience)
        values["how_long"] = facts.duration(patience, language)
    return {"title": title.format(**values), "text": "".join(rest).format(**values)}


def _reason(outcome: str, problem: Problem, case: str, language: str) -> str:
    reason = words.look_up(language, "reason", "problem", problem.id, f"plain{case}")
    lead = {
        "delivers": "{reason}",
        "delivers-with-warnings": words.look_up(language, "reason", "took", "plain"),
    }.get(outcome, words.look_up(language, "reason", "lead"))
    if problem.id == _SPELLING:
        lead = "{reason}"
    line = lead.format(reason=reason)
    return line[0].upper() + line[1:]


def _situation(operator: Operator, outcome: str, problem: Problem, case: str) -> str:
    """What is at stake for the reader, as overrides/assets/check/steps.js tells it.

    Of an open question the address does not say what keeps it open.
    """
    if outcome in _SITUATIONS:
        return _SITUATIONS[outcome]
    if outcome == "unknown":
        silent = operator.tls.without_starttls is WithoutStarttls.NOT_STATED
        if silent and problem.id == "starttls-not-supported":
            return "not-stated"
        return "wait" if problem.mender is Mender.WAIT else "undecided"
    if problem.id == _SPELLING:
        return "spelling"
    if case:
        return case.removeprefix("-")
    return "provider" if problem.mender is Mender.RECEIVING_PROVIDER else "domain"


def _steps(operator: Operator, reader: str, situation: str, language: str) -> list[str]:
    values = {
        "domain": words.look_up(language, "steps", "any_domain"),
        "provider": "",
        **facts.cases(operator, language),
    }
    # What most links in them lead to stands on the same page.
    return [
        _LINK.sub(r"\g<text>", step).format(**values)
        for step in words.load(language)["steps"][reader][situation]
    ]


def _mender(problem: Problem, case: str, reader: str, language: str) -> str:
    own = "spelling" if problem.id == _SPELLING else case.removeprefix("-")
    if problem.id in words.load(language)["mender"]:
        own = problem.id
    sentence = words.load(language)["mender"][own or problem.mender]
    return str(sentence[reader] if isinstance(sentence, dict) else sentence)


def _report(operator: Operator, outcome: str, problem: Problem, language: str) -> str:
    if not outcome.startswith("fails"):
        return ""
    assumed = "delivery.report_to" in operator.assumed_at(problem.id)
    key = f"{operator.delivery.report_to}{'-probably' if assumed else ''}"
    report = words.look_up(language, "report_to", key)
    return report.format(operator=facts.display_name(operator, language))
