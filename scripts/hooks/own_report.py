"""Finds what the error reports of a sender say, in the words that its page quotes.

The page has them in a block of code below the heading with the id ``message``. Who searches for
them, or pastes them, is led to that page.
"""

import re
from pathlib import Path

ANCHOR = "message"
"""The id of the section, on a page about a sender."""

_SECTION = re.compile(rf"^## .*\{{#{ANCHOR}\}}$(?P<text>.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```\w*\n(?P<text>.*?)\n```$", re.DOTALL | re.MULTILINE)


def read(docs: Path, language: str, operator: str) -> str | None:
    """The first block of that section; nothing where the sender's page quotes no report.

    Args:
        docs: Folder of the pages' sources.
        language: Of the page.
        operator: The sender's short name.
    """
    page = docs / language / "senders" / f"{operator}.md"
    section = _SECTION.search(page.read_text(encoding="utf-8")) if page.is_file() else None
    block = _BLOCK.search(section["text"]) if section else None
    return block["text"] if block else None
