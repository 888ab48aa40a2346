"""Results as files: whole or not at all, and harmless to a spreadsheet."""

import csv
from contextlib import closing
from pathlib import Path

import pytest

from checker.bulk.lists import Unreadable
from checker.bulk.results import replacing, write_unreadable
from checker.bulk.store import Store


def test_a_file_that_cannot_be_finished_leaves_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("before")

    def write() -> None:
        with replacing(path) as file:
            file.write("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "unreadable.csv"
    with closing(Store(tmp_path / "bulk.sqlite")) as store:
        lines = [Unreadable(1, '=HYPERLINK("x")', "several"), Unreadable(2, "plain", "several")]
        run = store.begin("2026-11-30T12:00:00Z", "list", "f", ["careful"], lines)
        assert write_unreadable(store, run, path) == 2
    with path.open(newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ['\'=HYPERLINK("x")', "plain"]


def test_where_all_can_be_read_there_is_no_file_that_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "unreadable.csv"
    path.write_text("of an earlier run")
    with closing(Store(tmp_path / "bulk.sqlite")) as store:
        run = store.begin("2026-11-30T12:00:00Z", "list", "f", ["careful"], [])
        assert write_unreadable(store, run, path) == 0
    assert not path.exists()
