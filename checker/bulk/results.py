"""What came of a run as JSONL and CSV. A file is there whole or not at all."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from checker.bulk.store import Answered, Run, Store

_COLUMNS = ("domain", "line", "lines", "operator", "outcome", "problem", "mail_server", "address")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_jsonl(store: Store, run: Run, path: Path) -> None:
    """Write the whole answer for each domain and operator, one a line.

    Raises:
        OSError: The file cannot be written.
    """
    with replacing(path) as file:
        for one in store.answers(run):
            file.write(f"{one.answer}\n")


def write_csv(store: Store, run: Run, path: Path) -> None:
    """Write one row for each domain and operator.

    Raises:
        OSError: The file cannot be written.
    """
    with replacing(path) as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for one in store.answers(run):
            writer.writerow(map(_harmless, _row(one)))


def write_unreadable(store: Store, run: Run, path: Path) -> int:
    """Write the lines that name no domain, with their numbers; remove the file if there are none.

    Returns:
        How many there are.

    Raises:
        OSError: The file cannot be written.
    """
    count = 0
    with replacing(path) as file:
        writer = csv.writer(file)
        writer.writerow(("line", "reason", "text"))
        for count, one in enumerate(store.unreadable(run), 1):  # noqa: B007 - counted for later
            writer.writerow((one.line, one.reason, _harmless(one.text)))
    if not count:
        path.unlink()
    return count


def _row(one: Answered) -> tuple[object, ...]:
    place = (one.host or "", one.address or "")
    return (one.domain, one.line, one.lines, one.operator, one.outcome, one.problem, *place)


def _harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else value


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A file that takes the place of an older one once all of it is written.

    Raises:
        OSError: It cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            yield file
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
