"""The command line of ``scripts/check_docs``."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from checker import operators
from checker.problems import PROBLEMS
from scripts.docs_checks import (
    address,
    external,
    facts,
    gaps,
    headings,
    languages,
    links,
    problems,
    revisions,
    spelling,
    words,
)
from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import Tree, load

ROOT = Path(__file__).resolve().parents[2]

# It lists every id, to see that none is gone.
_NO_CASES = "tests/checker/test_problems.py"

_USAGE_ERROR = 64


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(_USAGE_ERROR, f"{self.format_usage()}{message}\n")


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Check the pages.

    Returns:
        0 if nothing fails (there may be notes), 1 if something does, 64 for bad usage.
    """
    parser = _Parser(
        prog="scripts/check_docs",
        description="Checks the pages in docs without building the site.",
    )
    parser.add_argument("--external", action="store_true", help="also ask for links to other sites")
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--meaning-unchanged",
        nargs="+",
        metavar="PAGE",
        help="record that both languages of these pages, or of all in a folder, say the same",
    )
    other.add_argument(
        "--moved-on",
        nargs="*",
        metavar="PAGE",
        help="print, as Markdown, which of these pages, or of all, may no longer say the same",
    )
    options = parser.parse_args(arguments)
    tree, unreadable = load(root / "docs")
    path = root / revisions.RECORD
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    record, unreadable_lines = revisions.read(text)
    if options.moved_on is not None:
        wanted = set(options.moved_on)
        moved = (
            each
            for each in revisions.moved_on(tree, record)
            if not wanted or wanted & {page.path for page in (*each.changed, *each.waiting)}
        )
        sys.stdout.write(revisions.markdown(moved, revisions.old_from_git(root)))
        return 0
    if options.meaning_unchanged:
        try:
            record = revisions.declare(tree, record, options.meaning_unchanged)
        except revisions.MeaningError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        path.write_text(revisions.write(record), encoding="utf-8")
        return 0
    complaints = [*unreadable, *unreadable_lines, *_check(tree, root)]
    complaints += revisions.check(tree, record)
    if options.external:
        complaints += external.check(tree, external.fetch)
    return _report(complaints)


def _check(tree: Tree, root: Path) -> Iterator[Complaint]:
    docs = root / "docs"
    yield from languages.check(tree)
    yield from headings.check(tree)
    yield from links.check(tree, docs)
    yield from problems.check_pages(tree, problems.PROBLEM, PROBLEMS)
    yield from problems.check_pages(tree, problems.SENDER, operators.names())
    yield from problems.check_tests(PROBLEMS, _tests(root))
    yield from facts.check(tree, _titles())
    yield from words.check(root)
    yield from words.check_names(root, tree)
    yield from address.check(tree)
    release = os.environ.get("ZUSTELLBAR_RELEASE") == "1"
    yield from gaps.check(tree, root, release=release)
    own = spelling.own_words(docs, _titles().values())
    try:
        yield from spelling.check(tree, own, spelling.hunspell)
    except spelling.NoDictionaryError as error:
        yield Complaint("docs", 1, str(error), fails=False)


def _tests(root: Path) -> dict[str, str]:
    return {
        name: path.read_text(encoding="utf-8")
        for path in (root / "tests").rglob("*.py")
        if (name := path.relative_to(root).as_posix()) != _NO_CASES
    }


def _titles() -> dict[str, str]:
    return {
        name: operator.title
        for name, operator in operators.load_all().items()
        if name != operators.DEFAULT
    }


def _report(complaints: Sequence[Complaint]) -> int:
    # GitHub shows these beside the lines of a pull request, but only the first ten. On a terminal
    # what stands last is seen first.
    in_github = os.environ.get("GITHUB_ACTIONS") == "true"
    for complaint in sorted(set(complaints), key=lambda one: (one.fails != in_github, one)):
        line = _annotation(complaint) if in_github else str(complaint)
        sys.stdout.write(f"{line}\n")
    failures = sum(complaint.fails for complaint in set(complaints))
    notes = len(set(complaints)) - failures
    sys.stdout.write(f"{failures} to mend, {notes} notes\n")
    return 1 if failures else 0


def _annotation(complaint: Complaint) -> str:
    kind = "error" if complaint.fails else "notice"
    text = complaint.message.replace("%", "%25")
    return f"::{kind} file={complaint.path},line={complaint.line}::{text}"


if __name__ == "__main__":
    sys.exit(main())
