"""What the check form and its script need from the table of problems and the senders."""

import json
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from checker import operators
from checker.problems import PROBLEMS
from checker.senders import Server, System
from scripts.hooks import facts, front, own_report, single, words

_FOR_THE_SCRIPT = (
    "form",
    "waiting",
    "journey",
    "age",
    "again",
    "watch",
    "ticket",
    "progress",
    "outcome",
    "report_to",
    "mender",
    "reason",
    "steps",
    "assumed",
    "stages",
    "problem",
    "detail",
    "section",
    "durations",
    "durations_accusative",
    "contact",
    "letter",
    "handover",
)

_IN_THE_OTHER_LANGUAGE = ("reason", "problem", "letter", "ticket", "menders", "operators")
"""What a letter or a ticket takes that is wanted in the language that the page is not in."""


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
            "colour": operator.site.colour,
        }
        for operator in single.known().values()
    ]


def write(docs: Path, site: Path, language: str) -> None:
    """Write the script's words beside it: loaded on first use, and no weight on any page.

    Args:
        docs: Folder of the pages' sources.
        site: Where the site is built.
        language: Of the words.
    """
    text = words.load(language)
    payload = {group: text[group] for group in _FOR_THE_SCRIPT}
    payload["problem"] = {id_: words.look_up(language, "problem", id_) for id_ in PROBLEMS}
    payload["menders"] = {id_: problem.mender for id_, problem in PROBLEMS.items()}
    payload["seen_at"] = {id_: problem.stage for id_, problem in PROBLEMS.items()}
    payload["operators"] = {
        operator.name: {
            "name": facts.display_name(operator, language),
            **facts.cases(operator, language),
            "short": words.look_up(language, "journey", "sender")
            if operator.name == operators.DEFAULT
            else operator.title,
            "audience": operator.audience,
            **_own_report(docs, language, operator.name),
        }
        for operator in single.known().values()
    }
    for group, key, names in (
        ("servers", "delivery.server", Server),
        ("systems", "delivery.system", System),
    ):
        payload[group] = {
            name: words.look_up(language, "fact_values", f"{key}={name}") for name in names
        }
    folder = site / "assets" / "words"
    folder.mkdir(parents=True, exist_ok=True)
    texts = {group: payload[group] for group in _IN_THE_OTHER_LANGUAGE}
    for file, content in (
        (f"{language}.json", payload),
        (f"{language}-texts.json", texts),
        (f"{language}-report.json", {"report": text["report"]}),
    ):
        (folder / file).write_text(
            json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
        )


def _own_report(docs: Path, language: str, operator: str) -> dict[str, str]:
    """What the sender's error reports say, and the title of the page that explains it."""
    report = own_report.read(docs, language, operator)
    if report is None:
        return {}
    page = docs / language / "senders" / f"{operator}.md"
    return {"report": report, "page": front.read(page)["title"]}
