"""What only those who run the site can say, and have not said yet."""

from collections.abc import Iterator
from pathlib import Path

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Tree
from scripts.hooks import fill_in

OWNER = "@fill-in/"
"""The owner of a folder whom .github/CODEOWNERS does not name yet."""


def check(tree: Tree, root: Path, *, release: bool) -> Iterator[Complaint]:
    """Every place that is to be filled in.

    Args:
        tree: The pages.
        root: The project's folder.
        release: Whether the site is for real use; a gap in a page then fails the check.
    """
    for page in tree:
        for line in page.body:
            for match in fill_in.MARKER.finditer(line.text):
                message = f"to be filled in before the site is published: {match['what']}"
                yield Complaint(page.path, line.number, message, fails=release)
    owners = root / ".github" / "CODEOWNERS"
    lines = owners.read_text(encoding="utf-8").splitlines() if owners.is_file() else []
    for number, text in enumerate(lines, 1):
        folder, _, owner = text.partition(OWNER)
        if owner and not text.startswith("#"):
            message = f"name who reviews {folder.strip()}, in place of {OWNER}{owner.strip()}"
            yield Complaint(".github/CODEOWNERS", number, message, fails=False)
