"""The letter to a provider: the site's own text for the problem, filled in as far as is known.

The texts are the site's pages, which a clone holds; installed alone, the program has none.
"""

import re
from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
"""Where a clone has the pages."""

_INCLUDE = re.compile(r'^--8<-- "([a-z0-9/.-]+)"$', re.MULTILINE)
_LETTER = re.compile(r"^## [^\n]*\{#letter\}$.*?^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'^title: "(.*)"$', re.MULTILINE)
_TWO_FACTS = re.compile(r"^(\w[\w ]{0,14}: .*)\n\n(?=\w[\w ]{0,14}: )", re.MULTILINE)
_ADMIN = "[[admin-address]]"


def title(problem: str, language: str, docs: Path = DOCS) -> str:
    """What a problem is called; its id where there are no pages."""
    found = _TITLE.search(_page(problem, language, docs))
    return found[1] if found else problem


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
    found = _LETTER.search(_page(problem, language, docs))
    if found is None:
        return None
    text = _TWO_FACTS.sub(r"\1\n", _whole(found[1], docs)).replace(_ADMIN, link)
    for place, value in known.items():
        text = text.replace(f"[{place}]", value)
    return text.strip()


def _page(problem: str, language: str, docs: Path) -> str:
    try:
        return (docs / language / "problems" / f"{problem}.md").read_text(encoding="utf-8")
    except OSError:
        return ""


def _whole(text: str, docs: Path) -> str:
    """A text with what it includes."""

    def included(match: re.Match[str]) -> str:
        return _whole((docs / match[1]).read_text(encoding="utf-8").rstrip("\n"), docs)

    return _INCLUDE.sub(included, text)
