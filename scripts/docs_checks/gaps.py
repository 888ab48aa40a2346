"""What only those who run the site can say, and have not said yet."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Tree
from scripts.hooks.fill_in import MARKER

OWNER = "@fill-in/"
"""The owner of a folder whom .github/CODEOWNERS does not name yet."""


def check(tree: Tree, root: Path, *, release: bool) -> Iterator[Complaint]:
    """The places that are to be filled in.

    Args:
        tree: The pages.
        root: The project's folder.
        release: Whether the site is for real use; each gap in a page then fails the check.
    """
    for page in tree:
        gaps = _gaps((line.number, line.text) for line in page.body)
        if release:
            for number, what in gaps:
                message = f"to be filled in before the site is published: {what}"
                yield Complaint(page.path, number, message)
        elif gaps:
            yield _note(page.path, gaps, "before the site is published")
    # No page of the site, so no build waits for it.
    if gaps := _gaps(_numbered(root / "SECURITY.md")):
        yield _note("SECURITY.md", gaps, "before the checker is public")
    named = [
        (number, line.split()[0])
        for number, line in _numbered(root / ".github" / "CODEOWNERS")
        if OWNER in line and not line.startswith("#")
    ]
    if named:
        yield _note(".github/CODEOWNERS", named, "with those who review each folder")


def _numbered(path: Path) -> list[tuple[int, str]]:
    """The lines of a file; none where there is none."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return list(enumerate(text.splitlines(), 1))


def _gaps(lines: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """The number of each line with a place to fill in, and what with."""
    return [(number, match["what"]) for number, line in lines for match in MARKER.finditer(line)]


def _note(path: str, gaps: Sequence[tuple[int, str]], purpose: str) -> Complaint:
    what = "; ".join(what for _, what in gaps)
    message = f"to be filled in {purpose} ({len(gaps)}): {what}"
    return Complaint(path, gaps[0][0], message, fails=False)
