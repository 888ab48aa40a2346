"""Whether every link within the site arrives: the page, and the place on it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from checker.problems import PROBLEMS, Family
from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import CODE, Line, Page, Tree

_COMMENT = re.compile(r"<!--.*?-->")
_LINKS = (
    re.compile(r"\]\(\s*<?(?P<to>[^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)"),
    re.compile(r"^\s*\[[^\]]+\]:\s+<?(?P<to>[^\s>]+)"),
    re.compile(r"\b(?:href|src)=\"(?P<to>[^\"]+)\""),
)
_ID = re.compile(r"\{:?[^}]*?#(?P<mark>[\w-]+)[^}]*\}|\bid=\"(?P<html>[^\"]+)\"")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

GENERATED_IDS: Mapping[str, frozenset[str]] = {
    "<!-- problems -->": frozenset(Family),
    "<!-- tickets -->": frozenset({*Family, *PROBLEMS}),
}
"""Mark of a generated part -> the ids of the headings that it brings."""


def check(tree: Tree, docs: Path) -> Iterator[Complaint]:
    """Every link to a page, a file or a place; every snippet that is put in.

    Args:
        tree: The pages.
        docs: Their folder: pictures and other files lie there as well.
    """
    seen = set()
    for page in tree:
        yield from _snippets(tree, docs, page)
        if page.is_snippet:
            continue
        for source, line in _with_snippets(tree, page):
            for target in targets(line.text):
                message = _fault(tree, docs, page, target)
                # A snippet stands on many pages; once is enough.
                if message and (source.path, line.number, target) not in seen:
                    seen.add((source.path, line.number, target))
                    where = "" if source is page else f" (put into {page.path})"
                    message = f'the link to "{target}"{where} {message}'
                    yield Complaint(source.path, line.number, message)


def targets(text: str) -> Iterator[str]:
    """Where the links in a line of Markdown lead."""
    text = _COMMENT.sub("", CODE.sub("", text))
    for pattern in _LINKS:
        for match in pattern.finditer(text):
            yield match["to"]


def is_external(target: str) -> bool:
    """Whether a link leads to another site, or to a program such as the one for e-mail."""
    return bool(_SCHEME.match(target)) or target.startswith("//")


def _snippets(tree: Tree, docs: Path, page: Page) -> Iterator[Complaint]:
    for include in page.includes:
        language, _, name = include.path.partition("/")
        # What is no text, such as a configuration, all languages share.
        if language not in tree.pages and (docs / include.path).is_file():
            continue
        if name not in tree.pages.get(language, {}):
            message = f"there is no snippet docs/{include.path}. Correct the name, or write it."
            yield Complaint(page.path, include.number, message)
        elif language != page.language:
            message = f"this puts in a text in another language. Take {page.language}/{name}."
            yield Complaint(page.path, include.number, message)


def _with_snippets(tree: Tree, page: Page, depth: int = 0) -> Iterator[tuple[Page, Line]]:
    """Every line of prose as it will stand on the page, and the file it stands in."""
    included = {include.number: include.path for include in page.includes}
    for line in page.prose:
        language, _, name = included.get(line.number, "").partition("/")
        snippet = tree.pages.get(language, {}).get(name)
        if snippet is None:
            yield page, line
        elif depth < len(tree.pages[language]):
            yield from _with_snippets(tree, snippet, depth + 1)


def _fault(tree: Tree, docs: Path, page: Page, target: str) -> str:
    """What is wrong with a link, empty if nothing is."""
    if is_external(target):
        return ""
    path, _, place = target.partition("#")
    if path.startswith("/"):
        return "begins with a slash. Write the way from this file to the other .md file."
    name = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), unquote(path)))
    if not path:
        other: Page | None = page
    elif name.endswith(".md"):
        other = tree.pages[page.language].get(name)
        if other is None:
            return f"leads nowhere: there is no docs/{page.language}/{name}."
    elif not (docs / page.language / name).is_file():
        return "leads to no file. A link to a page ends in .md."
    else:
        other = None
    if place and other is not None and unquote(place) not in _ids(tree, other):
        return f"leads to no place: no heading of {other.path} has the id {{#{place}}}."
    return ""


def _ids(tree: Tree, page: Page) -> set[str]:
    ids = set()
    for _, line in _with_snippets(tree, page):
        ids |= {match["mark"] or match["html"] for match in _ID.finditer(line.text)}
        ids |= GENERATED_IDS.get(line.text.strip(), frozenset())
    return ids
