"""The state of a run: what survives, what is refused, and what is handed out."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.bulk.lists import Entry, ListError, Unreadable
from checker.bulk.store import Row, Run, Store, StoreError, StoreFullError
from checker.domain import Domain


def entries(*names: str) -> Iterator[Entry]:
    """A list of these domains."""
    for line, name in enumerate(names, 1):
        yield Entry(line, Domain(name, name))


def answer(outcome: str, problem: str = "no-problem-found") -> Row:
    """An answer, as far as the store reads it."""
    problems = [{"id": problem, "host": "mx.example.org", "address": "192.0.2.1"}]
    return Row.of({"operator": "careful", "outcome": outcome, "problems": problems})


def begun(store: Store, *names: str) -> Run:
    """A run over these domains."""
    return store.begin("2026-11-30T12:00:00Z", "list.txt", "f", ["careful"], entries(*names))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "bulk.sqlite"


def test_a_stopped_run_goes_on_where_it_was(path: Path) -> None:
    store = Store(path)
    run = begun(store, "example.org", "example.net", "example.com")
    done, *rest = store.pending(run)
    with store.transaction():
        store.keep_answers(done.id, [answer("fails", "tls-version")])
        store.keep_look(run, "key", "seen")
    store.close()
    again = Store(path)
    assert again.unfinished("f") == run
    assert again.pending(run) == rest
    assert again.look(run, "key") == "seen"
    assert [one.problem for one in again.answers(run)] == ["tls-version"]
    again.close()


def test_another_list_or_sender_is_another_run(path: Path) -> None:
    store = Store(path)
    begun(store, "example.org")
    assert store.unfinished("g") is None
    store.close()


def test_duplicates_are_counted_and_asked_once(path: Path) -> None:
    store = Store(path)
    run = begun(store, *["example.org"] * 5, "example.net")
    domains = store.pending(run)
    assert len(domains) == 2
    with store.transaction():
        for one in domains:
            store.keep_answers(one.id, [answer("delivers")])
    assert [(one.domain, one.line, one.lines) for one in store.answers(run)] == [
        ("example.org", 1, 5),
        ("example.net", 6, 1),
    ]
    store.close()


def test_neighbours_of_a_list_are_not_asked_one_after_the_other(path: Path) -> None:
    store = Store(path)
    names = [f"d{number}.example" for number in range(50)]
    run = begun(store, *names)
    handed_out = [one.domain for one in store.pending(run)]
    assert sorted(handed_out) == sorted(names)
    assert handed_out != names
    store.close()


def test_a_list_that_cannot_be_read_leaves_no_run(path: Path) -> None:
    def broken() -> Iterator[Entry | Unreadable]:
        yield from entries("example.org")
        raise ListError("no column")

    store = Store(path)
    with pytest.raises(ListError):
        store.begin("2026-11-30T12:00:00Z", "list.csv", "f", ["careful"], broken())
    assert store.unfinished("f") is None
    store.close()


def test_the_run_before_is_the_last_one_that_ended(path: Path) -> None:
    store = Store(path)
    first = begun(store, "example.org")
    store.end(first, "2026-11-30T13:00:00Z")
    begun(store, "example.org")
    third = begun(store, "example.org")
    before = store.before(third)
    assert before is not None
    assert before.id == first.id
    assert store.before(first) is None
    store.close()


def test_two_runs_do_not_share_a_file(path: Path) -> None:
    store = Store(path)
    with pytest.raises(StoreError, match="in use"):
        Store(path)
    store.close()


def test_another_version_is_told_and_nothing_is_changed(path: Path) -> None:
    store = Store(path)
    begun(store, "example.org")
    store.close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(StoreError, match="has version 7 of the tables"):
        Store(path)
    database = sqlite3.connect(path)
    assert database.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    database.close()


def test_a_database_of_somebody_else_is_left_alone(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (id)")
    database.close()
    with pytest.raises(StoreError, match="another program"):
        Store(path)


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.write_text("Kunde;E-Mail\n" * 100)
    with pytest.raises(StoreError, match="no database"):
        Store(path)


def test_on_a_full_disk_what_was_written_stays_readable(path: Path) -> None:
    store = Store(path)
    run = begun(store, "example.org", "example.net")
    first, second = store.pending(run)
    with store.transaction():
        store.keep_answers(first.id, [answer("delivers")])
    database = store._database  # noqa: SLF001 - a disk of any size would need a mount
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")

    def write() -> None:
        with store.transaction():
            store.keep_look(run, "key", "x" * 1_000_000)
            store.keep_answers(second.id, [answer("delivers")])

    with pytest.raises(StoreFullError, match="cannot be written"):
        write()
    store.close()
    again = Store(path)
    assert [one.domain for one in again.answers(run)] == [first.domain]
    assert [one.domain for one in again.pending(run)] == [second.domain]
    again.close()
