"""``bounce``: what the report of a failed delivery says."""

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from checker import bounce
from checker.bounce import terminal
from checker.commands.shared import USAGE, complain


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
        # Only what was opened here is closed here.
        with (
            nullcontext(sys.stdin.buffer)
            if options.file == "-"
            else Path(options.file).open("rb") as source
        ):
            if options.lines:
                return _read_lines(source)
            reports = bounce.read(source.read(bounce.MAXIMUM_INPUT))
    except OSError as error:
        return complain(f"cannot read {options.file!r}: {error.strerror}", USAGE)
    if options.json:
        sys.stdout.write(json.dumps(bounce.to_json(reports), indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in terminal.lines(reports))
    sys.stdout.flush()
    return 0


def _read_lines(source: BinaryIO) -> int:
    status = 0
    for line in source:
        answer: dict[str, object]
        try:
            answer = bounce.to_json(bounce.read(_text_of(line)))
        except ValueError as error:
            answer, status = {"error": str(error)}, USAGE
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
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
