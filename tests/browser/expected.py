"""What a visitor is to read, from the site's own words and pages."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checker import operators
from checker.check import Answer
from checker.delivery.verdict import Disposition, Outcome
from checker.operators import WithoutStarttls
from checker.problems import PROBLEMS
from tests.serving import ROOT
from tests.site.pages import page

LANGUAGES = ("de", "en")
START = {"de": "/", "en": "/en/"}

SPELLING = "domain-not-found"
SPELLING_FIRST = "spelling"


@cache
def words(language: str) -> Any:  # noqa: ANN401 - as YAML has it
    """The words file of a language."""
    return yaml.safe_load((ROOT / "overrides" / "words" / f"{language}.yml").read_text("utf-8"))


def squeeze(text: str) -> str:
    """The text with every gap as wide as one space."""
    return " ".join(text.split())


def sender(language: str, operator: str) -> str:
    """The sender as a sentence names it."""
    if operator == operators.DEFAULT:
        return str(words(language)["operator_other_name"])
    return operators.load(operator).title


def _key(answer: Answer) -> str:
    """Which outcome is told, as the words files name it."""
    verdict = answer.verdict
    problem, evidence = verdict.troubles[0].id, verdict.troubles[0].evidence
    if verdict.outcome.startswith("delivers"):
        return verdict.outcome
    if problem == SPELLING:
        return "spelling"
    if verdict.outcome is Outcome.UNKNOWN and verdict.disposition is Disposition.UNDETERMINED:
        if "depends_on" in evidence:
            return "unknown-setup"
        if "equal_preference" in evidence:
            return "unknown-depends"
        silent = problem == "starttls-not-supported"
        return "unknown-not-stated" if silent else "unknown-undetermined"
    key = fate(answer) if verdict.outcome is Outcome.FAILS else f"unknown-{verdict.disposition}"
    return f"{key}-probably" if "delivery.retry_for" in answer.assumed else key


def fate(answer: Answer) -> str:
    """Whether a mail that fails comes back at once or later."""
    return "fails-later" if answer.verdict.disposition is Disposition.RETRIED else "fails-now"


def sentences(language: str, answer: Answer) -> list[str]:
    """The outcome in the visitor's words, with whom and when: the headline, and what may follow."""
    patience = answer.operator.delivery.retry_for
    text = words(language)["outcome"][_key(answer)]
    values = {
        "operator": sender(language, answer.operator.name),
        "domain": answer.domain.unicode,
        "when": words(language)["durations"].get(patience, ""),
        "how_long": words(language)["durations_accusative"].get(patience, ""),
    }
    parts = re.split(r"(?<=[.!?]) ", text, maxsplit=1)
    return [squeeze(part.format(**values)) for part in parts]


def headline(language: str, operator: str, outcome: str, problem: str) -> str:
    """The beginning of the outcome on the page where a visitor without JavaScript arrives."""
    key = "fails-now" if outcome.startswith("fails") else outcome
    if problem == SPELLING:
        key = "spelling"
    text = words(language)["outcome_plain"][key].format(operator=sender(language, operator))
    return squeeze(re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0])


def notice_of(language: str, answer: Answer) -> tuple[str, str, str]:
    """Where a visitor without JavaScript arrives: the page's problem, the notice, what it says."""
    verdict, operator = answer.verdict, answer.operator.name
    problem, evidence = verdict.troubles[0].id, verdict.troubles[0].evidence
    told = said = fate(answer) if verdict.outcome is Outcome.FAILS else str(verdict.outcome)
    if "depends_on" in evidence:
        told = said = "unknown-setup"
    elif told == "unknown" and problem == "starttls-not-supported":
        silent = answer.operator.tls.without_starttls is WithoutStarttls.NOT_STATED
        said = "unknown-not-stated" if silent else told
    notice = f"outcome-{told}-{operator}"
    if problem == "tls-version" and evidence.get("cause") == "too-new":
        notice += "-too-new"
    return problem, notice, headline(language, operator, said, problem)


def mender(language: str, operator: str, problem: str) -> str:
    """Whose turn it is, said to those whom the sender's mails concern."""
    menders = words(language)["mender"]
    own = SPELLING_FIRST if problem == SPELLING else problem
    said = menders.get(own, menders[PROBLEMS[problem].mender])
    audience = operators.load(operator).audience
    reader = "sender" if audience == operators.Audience.SENDERS else "recipient"
    return squeeze(said[reader] if isinstance(said, dict) else said)


def in_short(site: Path, language: str, problem: str) -> str:
    """How the problem's page begins to answer."""
    elements = iter(page(site, language, f"problems/{problem}").elements)
    for element in elements:
        if element.tag == "h2" and element["id"] == "in-short":
            break
    return squeeze(next(element.text for element in elements if element.tag == "p"))
