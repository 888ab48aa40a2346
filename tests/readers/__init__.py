"""What readers want to know, asked of the first screen of a page."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TASKS_FILE = Path(__file__).with_name("tasks.toml")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to find out; all texts are by language.

    Attributes:
        name: Names its picture.
        path: Of the page below the language's start page; with "/" in front, below the site's.
        check: Domain and sender that are checked on it; none where nothing is.
        report: What is pasted there; nothing where nothing is.
        question: What somebody wants to know.
        answer: What is right.
        seen: Words that hold it.
    """

    name: str
    path: str
    check: tuple[str, str] | None
    report: str
    question: dict[str, str]
    answer: dict[str, str]
    seen: dict[str, list[str]]


def _task(row: dict[str, Any]) -> Task:
    check = tuple(row.pop("check", ())) or None
    return Task(check=check, report=row.pop("report", ""), seen=row.pop("seen", {}), **row)


TASKS = tuple(map(_task, tomllib.loads(TASKS_FILE.read_text("utf-8"))["task"]))
