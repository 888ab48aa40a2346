"""The command line: ``zustellbar COMMAND``, or ``python -m checker COMMAND``.

Exit status of ``check``: 0 delivers (also with warnings), 1 fails, 2 unknown. Of any command, after
BSD's sysexits.h: 64 bad usage or bad domain, 65 damaged input, 66 input that cannot be read, 69
something that is needed is not there, 70 a fault of our own, 74 the output cannot be written, 78 a
bad operator file, or a host that cannot do what is asked.
"""

import argparse
import contextlib
import gc
import io
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from checker import __version__
from checker.commands.shared import (
    COMMAND,
    FAULT_OF_OURS,
    UNWRITTEN,
    USAGE,
    UnwrittenError,
    called,
    complain,
    say,
)
from checker.faults import in_short
from checker.settings import SettingsError

_COMMANDS = {
    "check": "check one domain",
    "bulk": "check many domains",
    "bounce": "read the report of a failed delivery",
    "log": "read a mail server's log: whom the mail did not reach",
    "links": "print a mail server's configuration",
    "operator": "describe a new sender",
    "serve": "serve site and function",
    "doctor": "say what works here, and what to do about the rest",
}

_BRIEF = {"check", "doctor", "links", "log", "operator"}
"""Over before it matters what garbage they leave, or leave none."""


class _Parser(argparse.ArgumentParser):
    """argparse exits with 2 on bad usage, which here would mean "unknown"."""

    def error(self, message: str) -> NoReturn:
        with contextlib.suppress(AttributeError, OSError):
            sys.stderr.write(self.format_usage())
        raise SystemExit(complain(message, USAGE))

    def print_help(self, _file: object = None) -> None:
        say(self.format_help().rstrip())


class _Version(argparse.Action):
    """argparse's own would not tell that the output cannot be written."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        say(f"{COMMAND} {__version__}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    for output in (sys.stdout, sys.stderr):
        # Names and replies of strangers may hold letters that the terminal does not know.
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="backslashreplace")
    try:
        options = _parser(given).parse_args(given)
        if options.command not in _BRIEF:
            gc.enable()
        status: int = options.run(options)
    except SettingsError as error:
        return complain(str(error), USAGE)
    except KeyboardInterrupt:
        return 130
    except UnwrittenError as error:
        _give_up_output()
        return complain(str(error), UNWRITTEN) if str(error) else UNWRITTEN
    except Exception as error:  # noqa: BLE001 - a traceback tells nobody, and 1 would be a verdict
        return complain(f"a fault of our own: {in_short(error)}", FAULT_OF_OURS)
    return status


def _give_up_output() -> None:
    """Else Python would complain again when it flushes at the end."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    program = called() or "python -m checker"
    parser = _Parser(
        prog=program,
        description="Would a mail arrive, and if not, why? It never sends mail.",
        epilog=f'"{program} COMMAND --help" lists the options of a command.',
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(
        # Else argparse writes a whole usage to find out, for which it loads what knows terminals.
        prog=program,
        title="commands",
        dest="command",
        metavar="COMMAND",
        required=True,
        parser_class=_Parser,
    )
    # What the other commands need is not loaded: it takes longer than a check itself.
    asked = next((argument for argument in given if argument in _COMMANDS), None)
    for name, purpose in _COMMANDS.items():
        subparser = commands.add_parser(name, help=purpose)
        if name == asked:
            module = import_module(f"checker.commands.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def command() -> int:
    """Run a command in a process of its own; both ways to call the program begin here."""
    # Modules are no garbage: to look for some among them, while they are loaded and once more at
    # the end, takes a sixth of a check's time.
    gc.disable()
    if not sys.warnoptions:
        # What a library warns of is no business of whoever looks at the terminal.
        warnings.simplefilter("ignore")
    try:
        return main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(command())
