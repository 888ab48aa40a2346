"""``log``: whom a mail server's log says that the mail did not reach."""

import argparse
import gc
import json

from checker import operators
from checker.commands.shared import (
    UNAVAILABLE,
    USAGE,
    add_network,
    complain,
    load_operator,
    remark,
    say,
    settings,
)
from checker.log import answer, terminal, tls_reports
from checker.log.reading import Log, read
from checker.log.sources import NoZstandardError, UnreadableError
from checker.operators import Operator

DAMAGED = 65
UNREADABLE = 66
"""Exit statuses after BSD's sysexits.h."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add_network(parser)
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="logs of Postfix or Exim, compressed or not, or the journal's export; -: stdin",
    )
    parser.add_argument(
        "--under",
        metavar="NAME|FILE.toml",
        help=f"whom would this sender's policy lose: {', '.join(operators.names())}, or a file",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="with --under: check the domains of which the log cannot tell",
    )
    parser.add_argument(
        "--tls-reports",
        action="append",
        default=[],
        metavar="PATH",
        help="a folder or mailbox of TLS reports (RFC 8460), to be read as well; repeatable",
    )
    parser.add_argument(
        "--anonymise", action="store_true", help="replace what stands before the @ of addresses"
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if not options.files and not options.tls_reports:
        return complain("name a file, or - for standard input", USAGE)
    if options.check and not options.under:
        return complain("--check is for --under", USAGE)
    under = load_operator(options.under) if options.under else None
    try:
        reports = tls_reports.read(options.tls_reports)
        log = read(options.files, under)
    except UnreadableError as error:
        return complain(str(error), UNREADABLE)
    except NoZstandardError as error:
        return complain(str(error), UNAVAILABLE)
    for name in log.repeated:
        remark(f"{name!r} is named twice; it is read once")
    for trouble in log.troubles:
        remark(trouble)
    if log.length and not (log.fates.sent or log.fates.deferred or log.fates.bounced):
        remark("no line of Postfix or Exim about a recipient was found")
    checked = _checked(options, log, under) if options.check and under else {}
    told = answer.to_json(log, anonymise=options.anonymise, checked=checked)
    if options.tls_reports:
        told["tls_reports"] = tls_reports.to_json(reports)
        remark(
            f"{reports.read} TLS reports, {reports.repeated} of them more than once, and "
            f"{reports.others} other files or messages"
        )
    if options.json:
        say(json.dumps(told, indent=2))
    else:
        say(*terminal.lines(told))
    return DAMAGED if log.troubles else 0


def _checked(options: argparse.Namespace, log: Log, under: Operator) -> answer.Outcomes:
    whole = settings(options)
    gc.enable()
    # Not at the top: most logs are read without the network and the cryptography.
    from checker.commands.log_checking import check  # noqa: PLC0415

    rows = log.sessions.rows if log.sessions is not None else {}
    return check(whole, under, sorted({row.domain for row in rows if row.domain}))
