"""``links``: the configuration that puts links into a mail server's reports."""

import argparse
from pathlib import Path

from checker import links, operators
from checker.commands.shared import USAGE, complain, load_operator, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "--mta",
        required=True,
        choices=[str(mta) for mta in links.Mta],
        help="the mail server whose reports are to hold links",
    )
    parser.add_argument(
        "--operator",
        required=True,
        metavar="NAME|FILE.toml",
        help=f"who sends: {', '.join(operators.names())}, or a file",
    )
    parser.add_argument("--site", required=True, metavar="URL", help="where the links lead")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write the files into a folder")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        files = links.configuration(
            links.Mta(options.mta), load_operator(options.operator), options.site
        )
    except links.SiteError as error:
        return complain(f"--site {options.site!r} {error}", USAGE)
    if options.write is None:
        say(*links.lines(files))
        return 0
    try:
        options.write.mkdir(parents=True, exist_ok=True)
        for file in files:
            path = options.write / file.name
            path.write_text(file.text, encoding="ascii", newline="\n")
            say(f"{path}: {file.place}")
    except OSError as error:
        return complain(f"cannot write to {str(options.write)!r}: {error.strerror}", USAGE)
    return 0
