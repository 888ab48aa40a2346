"""Writes the lists of problems and senders from the pages' own front matter."""

import posixpath
from dataclasses import dataclass
from pathlib import Path

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from checker import operators
from checker.problems import PROBLEMS, Family
from scripts.hooks import front, words

COMMON = (
    "certificate-expired",
    "certificate-host-mismatch",
    "tls-version",
    "starttls-not-supported",
    "no-problem-found",
)
"""What visitors are told most often."""


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    description: str
    link: str

    def item(self) -> str:
        return f"- [{self.title}]({self.link})\n\n    {self.description}\n"


def render(markdown: str, page: Page, files: Files, docs: Path, language: str) -> str:
    """Replace each list's marker by the list.

    Args:
        markdown: The page's.
        page: The page, which the links start from.
        files: The site's files.
        docs: Folder of the pages' sources.
        language: Of the page.
    """
    lists = {
        "<!-- problems -->": _problems,
        "<!-- common-problems -->": _common_problems,
        "<!-- senders -->": _senders,
    }
    for marker, make in lists.items():
        if marker in markdown:
            markdown = markdown.replace(marker, make(page, files, docs, language))
    return markdown


def _entries(page: Page, files: Files, docs: Path, language: str, key: str) -> dict[str, _Entry]:
    """The pages of this language whose front matter has the key, by its value."""
    here = posixpath.dirname(page.file.src_uri)
    entries = {}
    for file in files.documentation_pages():
        if file.src_uri.startswith(f"{language}/"):
            about = front.read(docs / file.src_uri)
            if key in about:
                entries[about[key]] = _Entry(
                    title=about["title"],
                    description=about["description"],
                    link=posixpath.relpath(file.src_uri, here),
                )
    return entries


def _list(entries: list[_Entry], *classes: str) -> str:
    items = "\n".join(entry.item() for entry in entries)
    return f'<div class="{" ".join(classes)}" markdown>\n\n{items}\n</div>'


def _problems(page: Page, files: Files, docs: Path, language: str) -> str:
    entries = _entries(page, files, docs, language, "problem")
    blocks = []
    for family in Family:
        members = [
            entries[id_]
            for id_, problem in PROBLEMS.items()
            if problem.family is family and id_ in entries
        ]
        if members:
            heading = words.look_up(language, "site", "families", family)
            blocks.append(f"## {heading} {{#{family}}}\n\n{_list(members, 'entries')}")
    return "\n\n".join(blocks)


def _common_problems(page: Page, files: Files, docs: Path, language: str) -> str:
    entries = _entries(page, files, docs, language, "problem")
    return _list([entries[id_] for id_ in COMMON if id_ in entries], "entries")


def _senders(page: Page, files: Files, docs: Path, language: str) -> str:
    entries = _entries(page, files, docs, language, "operator")
    known = [entries[name] for name in operators.names() if name in entries]
    return _list(known, "grid", "cards", "entries")
