"""What a visitor is to read, from the site's own words and pages."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checker import operators
from checker.problems import PROBLEMS, Family
from tests.lab.model import LabDomain
from tests.serving import ROOT
from tests.site.pages import page

LANGUAGES = ("de", "en")
START = {"de": "/", "en": "/en/"}

# Postfix takes a 5xx to STARTTLS for the recipient's last word.
_FINAL_REFUSALS = {
    "starttls-502.test",
    "first-starttls-502.test",
    "ehlo-and-helo-550.test",
    "first-ehlo-and-helo-550.test",
}

# Of two equal servers one takes the mail and one ends it.
_CHANCE = {"equal-one-starttls-502.test"}

SPELLING = "domain-not-found"
SPELLING_FIRST = "spelling"

# An address that is not public may be reached later, as far as Postfix can tell.
_PERHAPS_LATER = {"mx-ip-address.test", "mx-private-address.test"}


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


def fails(operator: str, domain: LabDomain) -> str:
    """Whether a mail that fails comes back at once or later."""
    _, problem = domain.expected[operator]
    final = domain.domain in _FINAL_REFUSALS or PROBLEMS[problem].family is Family.TAKES_NO_MAIL
    at_once = operators.load(operator).delivery.tries_once or (
        final and domain.domain not in _PERHAPS_LATER
    )
    return "fails-now" if at_once else "fails-later"


def _key(operator: str, domain: LabDomain) -> str:
    """Which outcome is told, as the words files name it."""
    outcome, problem = domain.expected[operator]
    delivering = operators.load(operator)
    if outcome.startswith("delivers"):
        return outcome
    if problem == SPELLING:
        return "spelling"
    if outcome == "fails":
        key = fails(operator, domain)
    elif domain.domain in _CHANCE:
        return "unknown-depends"
    elif delivering.tls.without_starttls == "not-stated" and problem == "starttls-not-supported":
        return "unknown-not-stated"
    else:
        bounced = delivering.delivery.tries_once or domain.domain in _FINAL_REFUSALS
        key = "unknown-bounced" if bounced else "unknown-retried"
    is_assumed = "delivery.retry_for" in delivering.assumed_at(problem)
    return f"{key}-probably" if is_assumed else key


def sentences(language: str, operator: str, domain: LabDomain) -> list[str]:
    """The outcome in the visitor's words, with whom and when: the headline, and what may follow."""
    patience = operators.load(operator).delivery.retry_for
    text = words(language)["outcome"][_key(operator, domain)]
    values = {
        "operator": sender(language, operator),
        "domain": domain.address.rpartition("@")[2],
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


def notice_of(language: str, operator: str, domain: LabDomain) -> tuple[str, str, str]:
    """Where a visitor without JavaScript arrives: the page's problem, the notice, what it says."""
    outcome, problem = domain.expected[operator]
    told = fails(operator, domain) if outcome == "fails" else outcome
    notice = f"outcome-{told}-{operator}"
    if problem == "tls-version" and "1-3-only" in domain.domain:
        notice += "-too-new"
    silent = operators.load(operator).tls.without_starttls == "not-stated"
    if outcome == "unknown" and problem == "starttls-not-supported" and silent:
        outcome = "unknown-not-stated"
    return problem, notice, headline(language, operator, outcome, problem)


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
