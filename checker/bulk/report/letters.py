"""The letter to a provider: the site's own text for the problem, filled in as far as is known.

The texts are the site's pages, which a clone holds. A build puts what is needed of them into the
program (``hatch_build.py``), so this module loads nothing but the standard library.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[3] / "docs"
"""Where a clone has the pages."""

BUILT = Path(__file__).with_name("letters.json")
"""Where an installed program has what a build took of them."""

_INCLUDE = re.compile(r'^--8<-- "([a-z0-9/.-]+)"$', re.MULTILINE)
_LETTER = re.compile(r"^## [^\n]*\{#letter\}$.*?^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'^title: "(.*)"$', re.MULTILINE)
_TWO_FACTS = re.compile(r"^(\w[\w ]{0,14}: .*)\n\n(?=\w[\w ]{0,14}: )", re.MULTILINE)
_ADMIN = "[[admin-address]]"

Texts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By language and problem: its ``title`` and, where there is one, its ``letter``."""


def title(problem: str, language: str, docs: Path = DOCS) -> str:
    """What a problem is called; its id where there are no pages."""
    return _text(problem, language, docs).get("title", problem)


def letter(
    problem: str, language: str, known: Mapping[str, str], link: str, docs: Path = DOCS
) -> str | None:
    """The letter about a problem.

    Args:
        problem: The problem's id.
        language: Of the letter.
        known: What stands in for the places in square brackets.
        link: Where the part for admins is.
        docs: Where the pages are.

    Returns:
        The text, in which what is not known still stands in square brackets; none where the
        problem has no letter, or there are no pages.
    """
    text = _text(problem, language, docs).get("letter")
    if text is None:
        return None
    text = text.replace(_ADMIN, link)
    for place, value in known.items():
        text = text.replace(f"[{place}]", value)
    return text.strip()


def collect(docs: Path) -> Texts:
    """All titles and letters of the site's pages.

    Args:
        docs: Where the pages are.

    Raises:
        OSError: A page includes something that is not there.
    """
    return {
        language: {
            page.stem: _read(page.read_text(encoding="utf-8"), docs)
            for page in sorted((docs / language / "problems").glob("*.md"))
        }
        for language in ("de", "en")
    }


def _read(page: str, docs: Path) -> dict[str, str]:
    found = {}
    if named := _TITLE.search(page):
        found["title"] = named[1]
    if written := _LETTER.search(page):
        found["letter"] = _TWO_FACTS.sub(r"\1\n", _whole(written[1], docs))
    return found


def _text(problem: str, language: str, docs: Path) -> Mapping[str, str]:
    return _texts(docs).get(language, {}).get(problem, {})


@cache
def _texts(docs: Path) -> Texts:
    if docs == DOCS and BUILT.is_file():
        built: dict[str, Any] = json.loads(BUILT.read_text(encoding="utf-8"))
        return built
    return collect(docs)


def _whole(text: str, docs: Path) -> str:
    """A text with what it includes."""

    def included(match: re.Match[str]) -> str:
        return _whole((docs / match[1]).read_text(encoding="utf-8").rstrip("\n"), docs)

    return _INCLUDE.sub(included, text)
