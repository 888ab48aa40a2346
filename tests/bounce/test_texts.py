"""What libraries and servers say, in their words: one file for each group, by problem.

A key of a file is the problem that its texts must be read as, with the kind behind a colon;
``|`` stands between answers that are equally right.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.bounce import Kind, read
from checker.problems import PROBLEMS

FOLDER = Path(__file__).parent / "texts"


FILES = sorted(FOLDER.glob("*.toml"))


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    for expected, texts in tomllib.loads(file.read_text("utf-8")).items():
        for text in texts:
            yield expected, text


TEXTS = tuple(pair for file in FILES for pair in _texts(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_text_is_read_as_what_it_says(file: Path) -> None:
    wrong = {}
    for expected, text in _texts(file):
        problem = read(text)[0].problems[0]
        found = {problem.id, f"{problem.id}:{problem.kind}"}
        if not found & set(expected.split("|")):
            wrong[text] = found
    assert wrong == {}


def test_tables_name_known_problems_and_kinds() -> None:
    for expected, _ in TEXTS:
        for answer in expected.split("|"):
            id_, _, kind = answer.partition(":")
            assert id_ in PROBLEMS
            assert not kind or kind in list(Kind)


def test_no_text_stands_twice() -> None:
    assert len({text for _, text in TEXTS}) == len(TEXTS)
