"""Writes the short answers that support desks paste into tickets, one for every problem.

The words are Markdown that editors change: ``docs/<language>/snippets/ticket-<name>.md``, by the
problem's id where it needs words of its own, else by its family. What the problem is comes from its
page's description.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from checker.problems import PROBLEMS, Family
from scripts.hooks import front, words

MARKER = "<!-- tickets -->"
_PROBLEM, _LINK = "[[problem]]", "[[link]]"
_WIDTH = 76
_PREFIX = "ticket-"

_GREETED = re.compile(
    r"(?<=Guten Tag,\n\n)(?:Das|Der|Die|Eine?|Laut|Nach|Noch|Unter|Was|Welcher|Wer)\b"
)
"""In German a letter goes on in small after its greeting; a description begins with a capital."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: where it stands on the page, what it is about, and the text."""

    id: str
    title: str
    text: str


def render(markdown: str, page: Page, files: Files, docs: Path, language: str) -> str:
    """Replace the marker by the answers, in the order of the table of problems.

    Args:
        markdown: The page's.
        page: The page.
        files: The site's files: the problems' pages are among them.
        docs: Folder of the pages' sources.
        language: Of the page.
    """
    if MARKER not in markdown:
        return markdown
    about = _pages(files, docs, language)
    parts = []
    for family in Family:
        parts.append(f"## {words.look_up(language, 'site', 'families', family)} {{#{family}}}")
        for problem in PROBLEMS.values():
            if problem.family is family:
                parts += [
                    f"### {one.title} {{#{one.id}}}\n\n```text\n{one.text}\n```"
                    for one in answers(about[problem.id], page, docs, language)
                ]
    return markdown.replace(MARKER, "\n\n".join(parts))


def answers(about: Mapping[str, Any], page: Page, docs: Path, language: str) -> list[Answer]:
    """The answers for one problem: the usual one first.

    Args:
        about: The front matter of the problem's page.
        page: Any page; its address tells the site's own, which a preview does not have.
        docs: Folder of the pages' sources.
        language: Of the page.
    """
    id_, description = about["problem"], about["description"]
    link = f"{(page.canonical_url or '/').removesuffix(page.url)}p/{id_}/"
    texts = snippets(docs, language)
    usual = texts.get(id_) or texts[PROBLEMS[id_].family]
    found = [Answer(id_, about["title"], _filled(usual, description, link))]
    # Of opposite cases each has an answer of its own.
    for name in sorted(texts):
        of, _, case = name.partition(".")
        if case and of == id_:
            title = words.look_up(language, "reason", "problem", id_, f"plain-{case}")
            text = _filled(texts[name], description, link)
            found.append(Answer(f"{id_}-{case}", title.rstrip("."), text))
    return found


@cache
def snippets(docs: Path, language: str) -> dict[str, str]:
    """The words by what they are about, as they were when a build first asked for them."""
    folder = docs / language / "snippets"
    return {
        file.stem.removeprefix(_PREFIX): file.read_text(encoding="utf-8").strip()
        for file in folder.glob(f"{_PREFIX}*.md")
    }


def _pages(files: Files, docs: Path, language: str) -> dict[str, Mapping[str, Any]]:
    """The front matter of this language's problem pages, by the problem's id."""
    found = {}
    for file in files.documentation_pages():
        if file.src_uri.startswith(f"{language}/problems/"):
            about = front.read(docs / file.src_uri)
            if "problem" in about:
                found[about["problem"]] = about
    return found


# Asked for by the list of all, and by each problem.
@cache
def _filled(text: str, description: str, link: str) -> str:
    text = text.replace(_PROBLEM, description)
    text = _GREETED.sub(lambda found: found[0].lower(), text)
    lines = [textwrap.fill(line, _WIDTH) if line else "" for line in text.splitlines()]
    # Put in last: an address must not be broken.
    return "\n".join(lines).replace(_LINK, link)
