"""What a run knows, in one SQLite file: where it stands, what was seen, and what came of it.

Whatever ends a run, the file holds what was committed last, and every later run can read it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from checker.bulk.lists import Entry, Unreadable

VERSION = 1
"""Of the tables; kept in SQLite's ``user_version``."""

_APPLICATION = 0x5A_73_74_62
"""In SQLite's ``application_id``: such a file is ours."""

_ROWS = 500
"""That are fetched at a time."""

_TABLES = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    began TEXT NOT NULL,
    ended TEXT,
    source TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    operators TEXT NOT NULL
);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    domain TEXT NOT NULL,
    line INTEGER NOT NULL,
    lines INTEGER NOT NULL DEFAULT 1,
    turn INTEGER NOT NULL,
    is_done INTEGER NOT NULL DEFAULT 0,
    UNIQUE (run, domain)
);
CREATE INDEX pending ON entry (run, is_done, turn, id);
CREATE TABLE unreadable (
    run INTEGER NOT NULL,
    line INTEGER NOT NULL,
    text TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX unreadable_run ON unreadable (run, line);
CREATE TABLE look (
    run INTEGER NOT NULL,
    key TEXT NOT NULL,
    seen TEXT NOT NULL,
    UNIQUE (run, key)
);
CREATE TABLE answer (
    entry INTEGER NOT NULL,
    operator TEXT NOT NULL,
    outcome TEXT NOT NULL,
    problem TEXT NOT NULL,
    host TEXT,
    address TEXT,
    answer TEXT NOT NULL,
    UNIQUE (entry, operator)
);
"""


class StoreError(Exception):
    """The file cannot be used; the message says why."""


class StoreFullError(StoreError):
    """The file cannot be written any further; what was committed can be read."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        id: Its number.
        began: RFC 3339.
        ended: RFC 3339; none where it was interrupted.
        source: The name of the list.
        operators: The names of the senders.
    """

    id: int
    began: str
    ended: str | None
    source: str
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A domain that has no answer yet."""

    id: int
    domain: str
    turn: int


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a domain for one operator, as it is kept; see :class:`Answered`."""

    operator: str
    outcome: str
    problem: str
    host: str | None
    address: str | None
    answer: str

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Row":
        """What is kept of the JSON object of a whole answer."""
        first = answer["problems"][0]
        text = json.dumps(answer, separators=(",", ":"))
        place = (first["host"], first["address"])
        return cls(answer["operator"], answer["outcome"], first["id"], *place, text)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a domain for one operator.

    Attributes:
        domain: A-labels.
        line: Where it stands first in the list.
        lines: So many lines of the list name it.
        operator: The operator's name.
        outcome: The outcome's id.
        problem: The id of the decisive problem.
        host: Its mail server, where one was involved.
        address: The IP address.
        answer: The JSON object of the whole answer, as text.
    """

    domain: str
    line: int
    lines: int
    operator: str
    outcome: str
    problem: str
    host: str | None
    address: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class Change:
    """A domain of which two answers differ.

    Attributes:
        domain: A-labels.
        lines: So many lines of the list name it.
        was: The outcome of the one.
        was_problem: Its decisive problem.
        now: The outcome of the other.
        now_problem: Its decisive problem.
        host: The mail server of that, where one was involved.
    """

    domain: str
    lines: int
    was: str
    was_problem: str
    now: str
    now_problem: str
    host: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: domains in all and done, and done ones by outcome."""

    total: int
    done: int
    outcomes: dict[str, int]


class Store:
    """The file."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Args:
            path: Where it is.

        Raises:
            StoreError: It is none of ours, of another version, in use or cannot be opened.
        """
        self._path = path
        try:
            self._database = sqlite3.connect(path, isolation_level=None, timeout=1.0)
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be opened: {error}") from error
        try:
            with _explained(path):
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def _prepare(self) -> None:
        # One run at a time: another process that opens the file is told so.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        # A write-ahead log could not even be read where the disk is full.
        self._database.execute("PRAGMA journal_mode = TRUNCATE")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("BEGIN IMMEDIATE")
        version, application = (
            self._database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("user_version", "application_id")
        )
        tables = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not tables and not version:
            for statement in _TABLES.split(";"):
                self._database.execute(statement)
            self._database.execute(f"PRAGMA user_version = {VERSION}")
            self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
        elif application != _APPLICATION:
            raise StoreError(f"{self._path} is a database of another program")
        elif version != VERSION:
            raise StoreError(
                f"{self._path} has version {version} of the tables, and this program reads "
                f"version {VERSION}: name another folder with --output"
            )
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside.

        Raises:
            StoreFullError: The file cannot be written.
        """
        with _explained(self._path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def unfinished(self, fingerprint: str) -> Run | None:
        """The last run, where it is one of the same list and operators and has not ended."""
        run = self._run("ORDER BY id DESC LIMIT 1")
        if run is None or run.ended is not None:
            return None
        (same,) = self._one("SELECT fingerprint FROM run WHERE id = ?", run.id)
        return run if same == fingerprint else None

    def before(self, run: Run) -> Run | None:
        """The last run before another one that has ended and was for one of its operators."""
        rows = self._all(
            "SELECT id, began, ended, source, operators FROM run "
            "WHERE id < ? AND ended IS NOT NULL ORDER BY id DESC",
            run.id,
        )
        earlier = map(_run, rows)
        return next((one for one in earlier if set(one.operators) & set(run.operators)), None)

    def _run(self, which: str, *values: object) -> Run | None:
        row = self._one(f"SELECT id, began, ended, source, operators FROM run {which}", *values)  # noqa: S608 - our own words
        return None if row is None else _run(row)

    def begin(
        self,
        began: str,
        source: str,
        fingerprint: str,
        operators: Sequence[str],
        found: Iterable[Entry | Unreadable],
    ) -> Run:
        """Begin a run with what a list holds.

        Args:
            began: RFC 3339.
            source: The name of the list.
            fingerprint: Changes with the list and with what an operator's file says.
            operators: The names of the operators.
            found: The domains, and the lines that name none.

        Raises:
            ListError: The list cannot be read; nothing of it is kept.
            StoreFullError: The file cannot be written.
        """
        with self.transaction():
            cursor = self._database.execute(
                "INSERT INTO run (began, source, fingerprint, operators) VALUES (?, ?, ?, ?)",
                (began, source, fingerprint, json.dumps(list(operators))),
            )
            number = cursor.lastrowid
            for one in found:
                if isinstance(one, Unreadable):
                    self._database.execute(
                        "INSERT INTO unreadable VALUES (?, ?, ?, ?)",
                        (number, one.line, one.text, one.reason),
                    )
                    continue
                domain = one.domain.ascii
                self._database.execute(
                    "INSERT INTO entry (run, domain, line, turn) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (run, domain) DO UPDATE SET lines = lines + 1",
                    # Neighbours of a list often share a provider: in the order of a checksum they
                    # are far from each other.
                    (number, domain, one.line, crc32(domain.encode())),
                )
        run = self._run("WHERE id = ?", number)
        assert run is not None  # noqa: S101 - it was written just now
        return run

    def pending(self, run: Run, after: Pending | None = None) -> list[Pending]:
        """The next domains without an answer, in the order of their turns.

        Args:
            run: The run.
            after: The last one that was handed out; none at the beginning.
        """
        turn, number = (-1, -1) if after is None else (after.turn, after.id)
        rows = self._all(
            "SELECT id, domain, turn FROM entry WHERE run = ? AND is_done = 0 "
            "AND (turn, id) > (?, ?) ORDER BY turn, id LIMIT ?",
            run.id,
            turn,
            number,
            _ROWS,
        )
        return [Pending(*row) for row in rows]

    def keep_look(self, run: Run, key: str, seen: str) -> None:
        """Keep what was seen, inside a transaction."""
        self._database.execute("INSERT OR REPLACE INTO look VALUES (?, ?, ?)", (run.id, key, seen))

    def look(self, run: Run, key: str) -> str | None:
        """What was seen under a key."""
        row = self._one("SELECT seen FROM look WHERE run = ? AND key = ?", run.id, key)
        return None if row is None else row[0]

    def forget_look(self, run: Run, key: str) -> None:
        """Let something be looked at again, inside a transaction."""
        self._database.execute("DELETE FROM look WHERE run = ? AND key = ?", (run.id, key))

    def keep_answers(self, entry: int, rows: Iterable[Row]) -> None:
        """Keep what came of a domain for each operator, inside a transaction: it is done."""
        self._database.executemany(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((entry, *astuple(row)) for row in rows),
        )
        self._database.execute("UPDATE entry SET is_done = 1 WHERE id = ?", (entry,))

    def end(self, run: Run, ended: str) -> None:
        """Note that all domains have an answer; what was seen is no longer needed."""
        with self.transaction():
            self._database.execute("UPDATE run SET ended = ? WHERE id = ?", (ended, run.id))
            self._database.execute("DELETE FROM look WHERE run <= ?", (run.id,))

    def ended(self, run: Run) -> str | None:
        """When a run ended; none where it has not."""
        (ended,) = self._one("SELECT ended FROM run WHERE id = ?", run.id)
        return None if ended is None else str(ended)

    def progress(self, run: Run) -> Progress:
        """How far a run is; outcomes are those for its last operator."""
        total, done = self._all(
            "SELECT count(*), coalesce(sum(is_done), 0) FROM entry WHERE run = ?", run.id
        )[0]
        return Progress(total, done, dict(self._outcomes(run, run.operators[-1])))

    def _outcomes(self, run: Run, operator: str) -> list[tuple[str, int]]:
        return self._all(
            "SELECT outcome, count(*) FROM answer JOIN entry ON entry.id = answer.entry "
            "WHERE run = ? AND operator = ? GROUP BY outcome",
            run.id,
            operator,
        )

    def unreadable(self, run: Run) -> Iterator[Unreadable]:
        """The lines that name no domain."""
        query = "SELECT line, text, reason FROM unreadable WHERE run = ? ORDER BY line"
        for row in self._database.execute(query, (run.id,)):
            yield Unreadable(*row)

    def answers(self, run: Run, operator: str | None = None) -> Iterator[Answered]:
        """What came of each domain, in the order of the list.

        Args:
            run: The run.
            operator: For this one alone, or for all.
        """
        query = (
            "SELECT domain, line, lines, operator, outcome, problem, host, address, answer "
            "FROM entry JOIN answer ON answer.entry = entry.id "
            "WHERE run = ? AND (? IS NULL OR operator = ?) ORDER BY line, entry.id, operator"
        )
        with _explained(self._path):
            for row in self._database.execute(query, (run.id, operator, operator)):
                yield Answered(*row)

    def changes(
        self, run: Run, operator: str, earlier: Run, earlier_operator: str
    ) -> Iterator[Change]:
        """The domains of which two answers differ, in the order of the list.

        Args:
            run: The later run, or the only one.
            operator: For whom its answer is.
            earlier: The earlier run, or the same one.
            earlier_operator: For whom that one's answer is.
        """
        query = (
            "SELECT entry.domain, entry.lines, was.outcome, was.problem, now.outcome, now.problem,"
            " now.host FROM entry JOIN answer AS now ON now.entry = entry.id AND now.operator = ? "
            "JOIN entry AS old ON old.run = ? AND old.domain = entry.domain "
            "JOIN answer AS was ON was.entry = old.id AND was.operator = ? WHERE entry.run = ? "
            "AND (was.outcome <> now.outcome OR was.problem <> now.problem) ORDER BY entry.line"
        )
        values = (operator, earlier.id, earlier_operator, run.id)
        with _explained(self._path):
            for row in self._database.execute(query, values):
                yield Change(*row)

    def _one(self, query: str, *values: object) -> Any:  # noqa: ANN401 - as SQLite has it
        with _explained(self._path):
            return self._database.execute(query, values).fetchone()

    def _all(self, query: str, *values: object) -> list[Any]:
        with _explained(self._path):
            return self._database.execute(query, values).fetchall()


def _run(row: Sequence[Any]) -> Run:
    number, began, ended, source, operators = row
    return Run(number, began, ended, source, tuple(json.loads(operators)))


_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say in our own error what SQLite could not do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary in _FULL or primary == sqlite3.SQLITE_IOERR:
            raise StoreFullError(f"{path} cannot be written: {error}") from error
        if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise StoreError(f"{path} is in use: another run writes to this folder") from error
        raise StoreError(f"{path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is no database, or a damaged one: {error}") from error
