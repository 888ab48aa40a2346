"""``operator new``: writes what a new sender's mail server does, and the sender's pages.

Where the program is installed there is no site to put pages into: then it writes the sender's file
alone, into the current folder.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from checker import operators
from checker.commands.shared import USAGE, called, complain, say
from checker.moment import now
from checker.operators.new import QUESTIONS, Question, files, read_name, toml

_ROOT = operators.FOLDER.parents[1]
_INTERRUPTED = 130

_ASK_FOR_NAME = "Short name, for addresses and files (a-z, 0-9, -)"

_Answers = dict[str, str | bool | int | None]
_Value = TypeVar("_Value")


class _RefusedError(Exception):
    """The command cannot go on; the message says why. Nothing was written."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    new = parser.add_subparsers(dest="action", required=True).add_parser(
        "new",
        help="write a new sender's file and its two pages",
        description="Asks for what no option says. What the sender does not state is assumed, and "
        "every answer of a check says so.",
    )
    new.add_argument("name", nargs="?", help="short name, for addresses and files: a-z, 0-9, -")
    for question in QUESTIONS:
        new.add_argument(
            question.option,
            dest=question.key,
            metavar="|".join(question.choices) or "VALUE",
            help=question.text,
        )
    new.add_argument(
        "--no-questions", action="store_true", help="ask nothing; what no option says is assumed"
    )
    new.add_argument("--replace", action="store_true", help="replace files that are there already")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        texts = _interview(vars(options))
        _write(texts)
    except _RefusedError as error:
        return complain(f"{error}; nothing was written", USAGE)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return complain("stopped; nothing was written", _INTERRUPTED)
    except OSError as error:
        return complain(
            f"{error.filename} cannot be written: {error.strerror}; nothing was written", USAGE
        )
    say("Written:", *(f"  {_shown(path)}" for path in texts))
    if _in_clone():
        say("Read the pages and add what only this sender has to say. Then run scripts/check_docs.")
    else:
        (file,) = texts
        program = called() or "python -m checker"
        say(f'"{program} check DOMAIN --operator {file}" then acts as this sender\'s mail server.')
        say("Pages for it, and a choice of it on the site, take a clone of the project.")
    return 0


def _in_clone() -> bool:
    return (_ROOT / "docs").is_dir()


def _shown(path: Path) -> str:
    return str(path.relative_to(_ROOT) if path.is_absolute() else path)


def _interview(given: Mapping[str, str | bool | None]) -> dict[Path, str]:
    """The files to write, after asking for what is not given.

    Raises:
        _RefusedError: An option makes no sense, an answer is missing, or a file is not to be
            replaced.
    """
    answers: _Answers = {}
    for question in QUESTIONS:
        text = given[question.key]
        if isinstance(text, str):
            answers[question.key] = _option(question.option, text, _reader(question, answers))
    name = given["name"]
    missing = not name or any(q.required and q.key not in answers for q in QUESTIONS)
    asking = not given["no_questions"] and (missing or sys.stdin.isatty())
    if missing and not asking:
        raise _RefusedError("NAME and --title are needed")
    if asking:
        say("Press Enter where the sender does not state it.")
    name = _option("NAME", name, read_name) if isinstance(name, str) else None
    name = name or _required(_ASK_FOR_NAME, read_name)
    for question in QUESTIONS:
        if asking and question.key not in answers:
            answers[question.key] = _answer(question, answers)
    today = now().date()
    if _in_clone():
        texts = {_ROOT / path: text for path, text in files(name, answers, today).items()}
    else:
        texts = {Path(f"{name}.toml"): toml(answers, today)}
    there = ", ".join(_shown(path) for path in texts if path.exists())
    if there and not given["replace"] and not (asking and _agreed(f"Replace {there}?")):
        raise _RefusedError(f"there are {there}; --replace replaces them")
    return texts


def _reader(question: Question, answers: _Answers) -> Callable[[str], str | bool | int | None]:
    return lambda text: question.read(text, answers)


def _option(option: str, text: str, read: Callable[[str], _Value]) -> _Value:
    try:
        return read(text)
    except ValueError as error:
        raise _RefusedError(f"{option}: {error}") from error


def _answer(question: Question, answers: _Answers) -> str | bool | int | None:
    """Ask until there is an answer that makes sense; nothing where the sender states nothing."""
    read = _reader(question, answers)
    if question.required:
        return _required(question.text, read)
    say("", question.text)
    meanings = {choice: meaning for choice, meaning in question.choices.items() if meaning}
    say(*(f"  {choice:13} {meaning}" for choice, meaning in meanings.items()))
    prompt = "/".join(question.choices) if question.choices and not meanings else ""
    return _asked(f"{prompt}> ", lambda text: read(text) if text else None)


def _required(prompt: str, read: Callable[[str], _Value]) -> _Value:
    def needed(text: str) -> _Value:
        if not text:
            raise ValueError("this one is needed")
        return read(text)

    say("", prompt)
    return _asked("> ", needed)


def _agreed(prompt: str) -> bool:
    say("", prompt)
    return _asked("yes/no> ", lambda text: text.lower() in {"yes", "y"})


def _asked(prompt: str, read: Callable[[str], _Value]) -> _Value:
    while True:
        try:
            return read(input(prompt).strip())
        except ValueError as error:
            say(f"  {error}. Once more, please:")
        except (EOFError, RuntimeError):
            raise _RefusedError("the answers ended too early") from None


def _write(texts: Mapping[Path, str]) -> None:
    """Write all files or none: whatever stops it, what was there before is put back.

    Raises:
        OSError: One cannot be written.
    """
    before: dict[Path, bytes | None] = {}
    try:
        for path, text in texts.items():
            before[path] = path.read_bytes() if path.exists() else None
            path.write_text(text, encoding="utf-8", newline="\n")
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise
