"""Whether every problem and every sender has its pages, its short address and its test."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Tree

SPOKEN_TO = ("in-short", "recipient", "sender")
"""The headings of a problem's page that the result of a check opens."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that has one page per language and a short address.

    Attributes:
        folder: Where its pages lie.
        key: What names it in the front matter.
        short: The first part of its short address.
        home: The file that lists it.
        headings: The ids that its pages must have.
    """

    folder: str
    key: str
    short: str
    home: str
    headings: tuple[str, ...] = ()


PROBLEM = Kind("problems", "problem", "p", "checker/problems.py", SPOKEN_TO)
SENDER = Kind("senders", "operator", "o", "checker/operators")


def check_pages(tree: Tree, kind: Kind, names: Iterable[str]) -> Iterator[Complaint]:
    """A page for each name, with the front matter that makes its short address; none beyond."""
    names = tuple(names)
    for language, pages in tree.pages.items():
        folder = f"docs/{language}/{kind.folder}"
        for name in names:
            page = pages.get(f"{kind.folder}/{name}.md")
            if page is None:
                message = f'"{name}" has no page. Write {folder}/{name}.md.'
                yield Complaint(kind.home, 1, message)
                continue
            if page.about.get(kind.key) != name:
                message = (
                    f'the front matter needs the line "{kind.key}: {name}": '
                    f"without it /{kind.short}/{name}/ does not lead here."
                )
                yield Complaint(page.path, page.line_of(kind.key), message)
            ids = {heading.id for heading in page.headings}
            for id_ in kind.headings:
                if id_ not in ids:
                    message = f"the page has no heading {{#{id_}}}. The check's result opens it."
                    yield Complaint(page.path, 1, message)
        known = {f"{kind.folder}/{name}.md" for name in names}
        for page in pages.values():
            if kind.key in page.about and page.name not in known:
                message = (
                    f'{kind.home} does not know "{page.about[kind.key]}" by this file name. '
                    "Correct the name, or add it there."
                )
                yield Complaint(page.path, page.line_of(kind.key), message)


def check_tests(ids: Iterable[str], tests: Mapping[str, str]) -> Iterator[Complaint]:
    """A test case for each problem.

    Args:
        ids: Every problem id.
        tests: The text of the tests, by path; those that merely list every id are left out.
    """
    quoted = {
        name for text in tests.values() for name in re.findall(r"[\"']([a-z0-9-]+)[\"']", text)
    }
    for id_ in ids:
        if id_ not in quoted:
            message = f'no test has the case "{id_}". Write one below tests.'
            yield Complaint("checker/problems.py", 1, message)
