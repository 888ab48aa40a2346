"""What several commands share: exit statuses, options, and how they complain."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from checker import operators
from checker.operators import Operator, OperatorFileError, UnknownOperatorError
from checker.settings import Settings

COMMAND = "zustellbar"
"""The program's name where it is installed."""

USAGE = 64
UNAVAILABLE = 69
FAULT_OF_OURS = 70
UNWRITTEN = 74
CONFIGURATION = 78
"""Exit statuses after BSD's sysexits.h."""


class UnwrittenError(Exception):
    """The output cannot be written; the message says why, if anybody is left to be told."""


def say(*lines: str) -> None:
    """Print lines at once.

    Raises:
        UnwrittenError: They cannot be written.
    """
    _print(f"{line}\n" for line in lines)


def say_json(value: object) -> None:
    """Print JSON, piece by piece: all of it may be much.

    Raises:
        UnwrittenError: It cannot be written.
    """
    _print(chain(json.JSONEncoder(indent=2).iterencode(value), ["\n"]))


def _print(pieces: Iterable[str]) -> None:
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise UnwrittenError from error
    except OSError as error:
        raise UnwrittenError(f"the output cannot be written: {error.strerror}") from error
    except (AttributeError, ValueError) as error:
        raise UnwrittenError("the output cannot be written: it is closed") from error


def called() -> str:
    """The name of the installed program as it was called; empty for ``python -m checker``."""
    name = Path(*sys.argv[:1]).name.removesuffix(".exe")
    # pipx can put a suffix behind it.
    return name if name.startswith(COMMAND) else ""


def remark(message: str) -> None:
    """Say on standard error what belongs to no result."""
    # Where nobody can be told, the status tells.
    with contextlib.suppress(OSError, AttributeError):
        sys.stderr.write(f"{called() or 'checker'}: {message}\n")


def complain(message: str, status: int) -> int:
    """Say on standard error what is wrong, and return the exit status for it."""
    remark(message)
    return status


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how the world is reached."""
    parser.add_argument("--resolver", metavar="HOST[:PORT]", help="DNS resolver to ask")
    parser.add_argument("--smtp-port", type=int, metavar="N", help="instead of 25, for a lab")
    parser.add_argument(
        "--allow-network",
        action="append",
        metavar="CIDR",
        help="may be connected to although it is not public, for a lab; repeatable",
    )
    parser.add_argument("--ca-file", type=Path, metavar="PEM", help="trust these as well")
    parser.add_argument("--ehlo-name", metavar="NAME", help="what EHLO says")
    parser.add_argument(
        "--canary", metavar="HOST", help="a mail server that answers whenever port 25 is open here"
    )


def settings(options: argparse.Namespace, **given: object) -> Settings:
    """The settings from those options, and from the environment.

    Raises:
        SettingsError: One of them cannot be used.
    """
    return Settings.from_environment(
        os.environ,
        resolver=options.resolver,
        smtp_port=options.smtp_port,
        allow_network=tuple(options.allow_network or ()),
        ca_file=options.ca_file,
        ehlo_name=options.ehlo_name,
        canary=options.canary,
        **given,
    )


def load_operator(name: str) -> Operator:
    """An operator by its name or its file.

    Raises:
        SystemExit: There is none, or the file cannot be used; that was said.
    """
    try:
        if name.endswith(".toml"):
            return operators.load_file(Path(name))
        return operators.load(name)
    except UnknownOperatorError:
        known = ", ".join(operators.names())
        raise SystemExit(complain(f"no operator {name!r}; there are {known}", USAGE)) from None
    except OperatorFileError as error:
        raise SystemExit(complain(str(error), CONFIGURATION)) from None
