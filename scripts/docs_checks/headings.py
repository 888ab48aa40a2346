"""Whether every heading has an id of its own, and every page a title and a description."""

import re
from collections.abc import Iterator

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Page, Tree

LONGEST_DESCRIPTION = 155
"""Characters; search engines cut off what is longer."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check(tree: Tree) -> Iterator[Complaint]:
    """Ids that links can rely on, and what search engines and lists show of a page."""
    for page in tree:
        yield from _headings(page)
        if not page.is_snippet:
            yield from _front_matter(page)


def _headings(page: Page) -> Iterator[Complaint]:
    seen: dict[str, int] = {}
    for heading in page.headings:
        if not heading.id:
            message = (
                "this heading has no id. Put one behind it, the same in both languages: {#in-short}"
            )
            yield Complaint(page.path, heading.number, message)
        elif not _ID.fullmatch(heading.id):
            message = f'the id "{heading.id}" may have lower-case letters, digits and hyphens only.'
            yield Complaint(page.path, heading.number, message)
        elif heading.id in seen:
            message = f'the id "{heading.id}" is taken in line {seen[heading.id]}. Choose another.'
            yield Complaint(page.path, heading.number, message)
        else:
            seen[heading.id] = heading.number


def _front_matter(page: Page) -> Iterator[Complaint]:
    if page.front_matter_lines and not page.about:
        message = 'the front matter cannot be read. Put each value in quotation marks: title: "…"'
        yield Complaint(page.path, 1, message)
        return
    for key in ("title", "description"):
        if not str(page.about.get(key) or "").strip():
            message = f'the page has no {key}. Write one between the --- lines: {key}: "…"'
            yield Complaint(page.path, page.line_of(key), message)
    length = len(str(page.about.get("description", "")))
    if length > LONGEST_DESCRIPTION:
        message = f"the description has {length} characters. Shorten it to {LONGEST_DESCRIPTION}."
        yield Complaint(page.path, page.line_of("description"), message)
