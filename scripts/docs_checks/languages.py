"""Whether every page is there in both languages, and built alike."""

import re
from collections import Counter
from collections.abc import Iterator

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import LANGUAGES, Page, Tree

TRANSLATED = frozenset({"title", "description"})
"""What differs in the front matter, for people read it."""

_MARKER = re.compile(r"<!--\s*(?P<marker>[^>]+?)\s*-->")

_Parts = list[tuple[str, int]]
"""Names and the lines where they stand."""


def check(tree: Tree) -> Iterator[Complaint]:
    """The same pages, heading ids, front matter, snippets and generated parts in both languages."""
    for page in tree:
        for path, other in tree.counterparts(page):
            if other is None:
                message = f"{path} is missing. Write it, with the same headings and ids."
                yield Complaint(page.path, 1, message)
            else:
                yield from compare(page, other)


def compare(page: Page, other: Page) -> Iterator[Complaint]:
    """What one page has and its counterpart lacks, and what stands in another order there."""
    yield from _front_matter(page, other)
    for what, parts in (("heading id", _ids), ("snippet", _snippets), ("mark", _marks)):
        yield from _parts(what, page, parts(page), other, parts(other))


def _front_matter(page: Page, other: Page) -> Iterator[Complaint]:
    for key in sorted(page.about.keys() - other.about.keys()):
        message = (
            f'the front matter of {other.path} has no "{key}". Add it there or remove it here.'
        )
        yield Complaint(page.path, page.line_of(key), message)
    if page.language != LANGUAGES[0]:
        return
    for key in sorted((page.about.keys() & other.about.keys()) - TRANSLATED):
        if page.about[key] != other.about[key]:
            message = (
                f'"{key}" is "{page.about[key]}" here and "{other.about[key]}" in {other.path}. '
                "Write the same in both."
            )
            yield Complaint(page.path, page.line_of(key), message)


def _parts(what: str, page: Page, here: _Parts, other: Page, there: _Parts) -> Iterator[Complaint]:
    lacking = Counter(name for name, _ in here) - Counter(name for name, _ in there)
    for name, line in reversed(here):
        if lacking[name] > 0:
            lacking[name] -= 1
            message = f'the {what} "{name}" is not in {other.path}. Add it there or remove it here.'
            yield Complaint(page.path, line, message)
    if page.language != LANGUAGES[0] or sorted(n for n, _ in here) != sorted(n for n, _ in there):
        return
    for (name, line), (expected, _) in zip(here, there, strict=True):
        if name != expected:
            message = (
                f'the {what} "{name}" stands where {other.path} has "{expected}". '
                "Put both pages into the same order."
            )
            yield Complaint(page.path, line, message)
            return


def _ids(page: Page) -> _Parts:
    return [(heading.id, heading.number) for heading in page.headings if heading.id]


def _snippets(page: Page) -> _Parts:
    return [
        (include.path.removeprefix(f"{page.language}/"), include.number)
        for include in page.includes
    ]


def _marks(page: Page) -> _Parts:
    return [
        (f"<!-- {match['marker']} -->", line.number)
        for line in page.prose
        for match in _MARKER.finditer(line.text)
    ]
