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


def _texts() -> Iterator[tuple[str, str]]:
    for file in sorted(FOLDER.glob("*.toml")):
        for expected, texts in tomllib.loads(file.read_text("utf-8")).items():
            for text in texts:
                yield expected, text


TEXTS = tuple(_texts())


@pytest.mark.parametrize(("expected", "text"), TEXTS, ids=[text[:60] for _, text in TEXTS])
def test_text_is_read_as_what_it_says(expected: str, text: str) -> None:
    problem = read(text)[0].problems[0]
    found = {problem.id, f"{problem.id}:{problem.kind}"}
    assert found & set(expected.split("|")), found


def test_tables_name_known_problems_and_kinds() -> None:
    for expected, _ in TEXTS:
        for answer in expected.split("|"):
            id_, _, kind = answer.partition(":")
            assert id_ in PROBLEMS
            assert not kind or kind in list(Kind)


def test_no_text_stands_twice() -> None:
    assert len({text for _, text in TEXTS}) == len(TEXTS)
