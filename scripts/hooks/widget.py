"""What the check form and its script need from the table of problems and the senders."""

import json
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from checker import operators
from checker.operators import Operator
from checker.problems import PROBLEMS, Family
from scripts.hooks import facts, single, words

_FOR_THE_SCRIPT = (
    "form",
    "waiting",
    "journey",
    "age",
    "ticket",
    "progress",
    "outcome",
    "report_to",
    "mender",
    "why",
    "assumed",
    "stages",
    "problem",
    "detail",
    "section",
    "durations",
    "report",
    "contact",
    "letter",
    "handover",
)


def language(config: MkDocsConfig) -> str:
    """The language that is being built."""
    return str(config.theme["language"])


def senders(language: str) -> list[dict[str, Any]]:
    """The choices of the form, any careful sender last."""
    other = words.look_up(language, "form", "operator_other")
    return [
        {
            "name": operator.name,
            "title": other if operator.name == operators.DEFAULT else operator.title,
            "default": operator.name == single.preset(),
        }
        for operator in single.known().values()
    ]


def notices(language: str) -> dict[str, list[dict[str, str]]]:
    """For each problem the outcomes that a visitor without JavaScript may arrive with."""
    known = single.known().values()
    return {
        id_: [
            {
                "id": f"outcome-{outcome}-{operator.name}",
                "outcome": outcome.removesuffix("-now").removesuffix("-later"),
                **_sentences(operator, outcome, language),
                "report": _report(operator, outcome, language),
                "mender": ""
                if outcome == "delivers"
                else words.look_up(language, "mender", problem.mender),
            }
            for operator in known
            for outcome in _outcomes(operator, problem.family)
        ]
        for id_, problem in PROBLEMS.items()
    }


def write(site: Path, language: str) -> None:
    """Write the script's words beside it: loaded on first use, and no weight on any page."""
    text = words.load(language)
    payload = {group: text[group] for group in _FOR_THE_SCRIPT}
    payload["problem"] = {id_: words.look_up(language, "problem", id_) for id_ in PROBLEMS}
    payload["menders"] = {id_: problem.mender for id_, problem in PROBLEMS.items()}
    payload["seen_at"] = {id_: problem.stage for id_, problem in PROBLEMS.items()}
    payload["operators"] = {
        operator.name: {
            "name": facts.display_name(operator, language),
            "short": words.look_up(language, "journey", "sender")
            if operator.name == operators.DEFAULT
            else operator.title,
            "audience": operator.audience,
        }
        for operator in single.known().values()
    }
    folder = site / "assets" / "words"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{language}.json").write_text(
        json.dumps(payload, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )


def _outcomes(operator: Operator, family: Family) -> tuple[str, ...]:
    if family is Family.NOTHING_WRONG:
        return ("delivers",)
    later = () if operator.delivery.tries_once else ("fails-later",)
    return ("delivers-with-warnings", "fails-now", *later, "unknown")


def _sentences(operator: Operator, outcome: str, language: str) -> dict[str, str]:
    patient = outcome == "fails-later"
    values = {
        "operator": facts.display_name(operator, language),
        "when": words.look_up(language, "durations", operator.delivery.retry_for)
        if patient
        else "",
    }
    # Cut before the names are put in: a name may hold a dot.
    title, _, text = words.look_up(language, "outcome_plain", outcome).partition(". ")
    return {
        "title": title.format(**values) + ("." if text else ""),
        "text": text.format(**values),
    }


def _report(operator: Operator, outcome: str, language: str) -> str:
    if not outcome.startswith("fails"):
        return ""
    report = words.look_up(language, "report_to", operator.delivery.report_to)
    return report.format(operator=facts.display_name(operator, language))
