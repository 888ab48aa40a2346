"""Writes beside each problem's page the parts that a result shows, a third of what it weighs."""

import html
import json
import re
from pathlib import Path

from mkdocs.structure.pages import Page

from scripts.hooks import tickets

FILE = "parts.json"

_WANTED = ("in-short", "recipient", "sender", "letter", "admin")

_HEADING = re.compile(r'<h2 id="(?P<id>[^"]+)">(?P<title>.*?)<a class="headerlink".*?</h2>\s*')
_TAG = re.compile(r"<[^>]+>")


def write(page: Page, docs: Path, language: str) -> None:
    """Write a page's parts, and the short answers for tickets; nothing for a page of no problem.

    Args:
        page: The page, with its content complete.
        docs: Folder of the pages' sources.
        language: Of the page.
    """
    if "problem" not in page.meta:
        return
    content = page.content or ""
    headings = list(_HEADING.finditer(content))
    ends = [*(heading.start() for heading in headings[1:]), len(content)]
    sections = {
        heading["id"]: {
            "title": html.unescape(_TAG.sub("", heading["title"])),
            "html": content[heading.end() : end].strip(),
        }
        for heading, end in zip(headings, ends, strict=True)
        if heading["id"] in _WANTED
    }
    answers = tickets.answers(page.meta, page, docs, language)
    payload = {"sections": sections, "tickets": {one.id: one.text for one in answers}}
    target = Path(page.file.abs_dest_path).with_name(FILE)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        json.dumps(payload, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
