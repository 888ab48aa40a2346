"""``bounce``: what the report of a failed delivery says."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from checker import bounce
from checker.bounce import terminal
from checker.commands.shared import USAGE, complain, remark, say

_LONGEST_LINE = 8 * bounce.MAXIMUM_INPUT
"""Bytes: a letter of a text takes up to six in JSON."""


class _UnreadableError(Exception):
    """The input cannot be read; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="default: -, stdin")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument(
        "--lines",
        action="store_true",
        help="each line is a JSON object with a text; print a JSON answer for each",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        with _opened(options.file) as source:
            if options.lines:
                return _read_lines(source)
            given = _read(source, bounce.MAXIMUM_INPUT + 1)
    except _UnreadableError as error:
        return complain(f"cannot read {options.file!r}: {error}", USAGE)
    if len(given) > (most := bounce.MAXIMUM_INPUT):
        remark(f"{options.file!r} is longer than {most} bytes: the rest is not read")
    reports = bounce.read(given)
    if options.json:
        say(json.dumps(bounce.to_json(reports), indent=2))
    else:
        say(*terminal.lines(reports))
    return 0


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        if sys.stdin is None:
            raise _UnreadableError("it is closed")
        # Only what was opened here is closed here.
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise _UnreadableError(error.strerror) from error


def _read(source: BinaryIO, most: int, *, line: bool = False) -> bytes:
    try:
        return source.readline(most) if line else source.read(most)
    except OSError as error:
        raise _UnreadableError(error.strerror) from error


def _lines_in(source: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is too long its beginning, which is no JSON."""
    while line := _read(source, _LONGEST_LINE, line=True):
        yield line
        while len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            line = _read(source, _LONGEST_LINE, line=True)


def _read_lines(source: BinaryIO) -> int:
    status = 0
    for line in _lines_in(source):
        answer: dict[str, object]
        try:
            text = _text_of(line)
        except ValueError as error:
            answer, status = {"error": str(error)}, USAGE
        else:
            answer = bounce.to_json(bounce.read(text))
        say(json.dumps(answer))
    return status


def _text_of(line: bytes) -> str:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        raise ValueError("not an object with a text")  # noqa: TRY004 - the input's fault
    return text
