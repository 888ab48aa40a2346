"""What only those who run the site can say, and have not said yet."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Tree
from scripts.hooks import fill_in

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
        gaps = [
            (line.number, match["what"])
            for line in page.body
            for match in fill_in.MARKER.finditer(line.text)
        ]
        if release:
            for number, what in gaps:
                message = f"to be filled in before the site is published: {what}"
                yield Complaint(page.path, number, message)
        elif gaps:
            yield _note(page.path, gaps, "before the site is published")
    owners = root / ".github" / "CODEOWNERS"
    lines = owners.read_text(encoding="utf-8").splitlines() if owners.is_file() else []
    named = [
        (number, line.split()[0])
        for number, line in enumerate(lines, 1)
        if OWNER in line and not line.startswith("#")
    ]
    if named:
        yield _note(".github/CODEOWNERS", named, "with those who review each folder")


def _note(path: str, gaps: Sequence[tuple[int, str]], purpose: str) -> Complaint:
    what = "; ".join(what for _, what in gaps)
    message = f"to be filled in {purpose} ({len(gaps)}): {what}"
    return Complaint(path, gaps[0][0], message, fails=False)
