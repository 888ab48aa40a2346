"""The command line: ``python -m checker check|bounce|links|operator|serve``.

Exit status of ``check``: 0 delivers (also with warnings), 1 fails, 2 unknown, 64 bad usage or bad
domain, 78 bad operator file (the last two after BSD's sysexits.h).
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from checker.commands.shared import USAGE, complain
from checker.settings import SettingsError

_COMMANDS = {
    "check": "check one domain",
    "bounce": "read the report of a failed delivery",
    "links": "print a mail server's configuration",
    "operator": "describe a new sender",
    "serve": "serve site and function",
}

_BRIEF = {"check", "links", "operator"}
"""Over before it matters what garbage they leave."""


class _Parser(argparse.ArgumentParser):
    """argparse exits with 2 on bad usage, which here would mean "unknown"."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise SystemExit(complain(message, USAGE))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given).parse_args(given)
    if options.command not in _BRIEF:
        gc.enable()
    try:
        status: int = options.run(options)
    except SettingsError as error:
        return complain(str(error), USAGE)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Who read the output has left; Python would complain again when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m checker", description="Would a mail arrive?")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    # What the other commands need is not loaded: it takes longer than a check itself.
    called = next((argument for argument in given if argument in _COMMANDS), None)
    for name, purpose in _COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if name == called:
            module = import_module(f"checker.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def _program() -> int:
    """Run a command in a process of its own."""
    # Modules are no garbage: to look for some among them, while they are loaded and once more at
    # the end, takes a sixth of a check's time.
    gc.disable()
    try:
        return main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(_program())
