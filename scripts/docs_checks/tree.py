"""Reads the pages of all languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mkdocs.utils import meta

from scripts.docs_checks.complaint import Complaint

LANGUAGES = ("de", "en")
"""The default language first."""

SNIPPETS = "snippets/"
"""What begins like this is no page of its own: pages include it."""

CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
"""Code within a line."""

_FENCE = re.compile(r"^\s*(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
_INCLUDE = re.compile(r'^\s*--8<--\s+"(?P<path>[^"]+)"\s*$')
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*$")
_ID = re.compile(r"\{:?\s*#(?P<id>[^\s}]+)[^}]*\}\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page's body."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading; the id is empty where none is given."""

    number: int
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Include:
    """A place where a snippet is put in; the path is that below ``docs``."""

    number: int
    path: str


@dataclass(frozen=True)
class Page:
    """One Markdown file.

    Attributes:
        language: The language's folder.
        name: The path below that folder, the same in every language.
        text: The whole file.
    """

    language: str
    name: str
    text: str

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """The front matter, empty where there is none or it cannot be read."""
        # Else the "Subject: …" of a letter would be taken for front matter.
        return meta.get_data(self.text)[1] if self.text.startswith("---\n") else {}

    @property
    def path(self) -> str:
        """The file, from the project's root."""
        return f"docs/{self.language}/{self.name}"

    @property
    def is_snippet(self) -> bool:
        """Whether it is a part of pages and no page itself."""
        return self.name.startswith(SNIPPETS)

    @cached_property
    def front_matter_lines(self) -> int:
        """How many lines stand before the body."""
        lines = self.text.splitlines()
        if not lines or lines[0].strip() != "---":
            return 0
        ends = (number for number, line in enumerate(lines[1:], 2) if line.strip() == "---")
        return next(ends, 0)

    def line_of(self, key: str) -> int:
        """Where a key of the front matter stands, or the first line."""
        for number, line in enumerate(self.text.splitlines()[: self.front_matter_lines], 1):
            if line.startswith(f"{key}:"):
                return number
        return 1

    @cached_property
    def body(self) -> tuple[Line, ...]:
        """Every line behind the front matter."""
        lines = list(enumerate(self.text.splitlines(), 1))[self.front_matter_lines :]
        return tuple(Line(number, text) for number, text in lines)

    @cached_property
    def prose(self) -> tuple[Line, ...]:
        """Every line of the body that is not inside a block of code."""
        return tuple(self._outside_fences())

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings from top to bottom."""
        found = []
        for line in self.prose:
            if match := _HEADING.match(line.text):
                id_ = _ID.search(match["text"])
                found.append(Heading(line.number, match["text"], id_["id"] if id_ else ""))
        return tuple(found)

    @cached_property
    def includes(self) -> tuple[Include, ...]:
        """The snippets that are put in, also those inside a block of code."""
        return tuple(
            Include(line.number, match["path"])
            for line in self.body
            if (match := _INCLUDE.match(line.text))
        )

    def _outside_fences(self) -> Iterator[Line]:
        mark = ""
        for line in self.body:
            match = _FENCE.match(line.text)
            if mark:
                closes = match and match["mark"].startswith(mark) and not match["info"].strip()
                mark = "" if closes else mark
            elif match:
                mark = match["mark"]
            else:
                yield line


@dataclass(frozen=True, slots=True)
class Tree:
    """Every page of every language, by language and name."""

    pages: Mapping[str, Mapping[str, Page]]

    def __iter__(self) -> Iterator[Page]:
        """Every page, one language after the other, in the order of their names."""
        for language in self.pages.values():
            yield from language.values()

    def counterparts(self, page: Page) -> Iterator[tuple[str, Page | None]]:
        """The same page in each other language, where it is there."""
        for language, pages in self.pages.items():
            if language != page.language:
                yield f"docs/{language}/{page.name}", pages.get(page.name)


def load(docs: Path) -> tuple[Tree, list[Complaint]]:
    """Read the pages below a folder ``docs``.

    Returns:
        The pages, and a complaint for each file that cannot be read as one.
    """
    complaints = []
    pages: dict[str, dict[str, Page]] = {language: {} for language in LANGUAGES}
    for language in LANGUAGES:
        folder = docs / language
        for path in sorted(folder.rglob("*.md")):
            name = path.as_posix().removeprefix(f"{folder.as_posix()}/")
            try:
                # A file that was saved on Windows is the same page.
                text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
            except UnicodeDecodeError as error:
                line = path.read_bytes()[: error.start].count(b"\n") + 1
                message = "This file is not in UTF-8. Save it in that encoding."
                complaints.append(Complaint(f"docs/{language}/{name}", line, message))
                continue
            pages[language][name] = Page(language, name, text)
    return Tree(pages), complaints
