"""``log``: whom a mail server's log says that the mail did not reach."""

import argparse
import gc
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from checker import operators
from checker.commands.shared import (
    UNAVAILABLE,
    USAGE,
    UnwrittenError,
    add_network,
    complain,
    load_operator,
    remark,
    say,
    say_json,
    settings,
)
from checker.links.site import SiteError, parse
from checker.log import answer, terminal, tls_reports
from checker.log.reading import Log, read
from checker.log.sources import NoZstandardError, UnreadableError
from checker.operators import Operator
from checker.settings import Settings

DAMAGED = 65
UNREADABLE = 66
"""Exit statuses after BSD's sysexits.h."""

_EXTRA = ("jinja2", "drawsvg", "publicsuffixlist")
_LANGUAGES = ("de", "en")


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
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where the report and the answer are written"
    )
    parser.add_argument("--site", metavar="URL", help="where the links of the report lead")
    parser.add_argument(
        "--language", choices=_LANGUAGES, help="of the report; a page for each unless given"
    )


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    _refuse_nonsense(options)
    site = _site(options)
    whole = settings(options) if options.check else None
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
    checked, status = _checked(whole, options, log, under) if whole and under else ({}, 0)
    told = answer.to_json(log, anonymise=options.anonymise, checked=checked)
    if options.tls_reports:
        told["tls_reports"] = tls_reports.to_json(reports, anonymise=options.anonymise)
        remark(
            f"{reports.read} TLS reports, {reports.repeated} of them more than once, and "
            f"{reports.others} other files or messages"
        )
        if reports.left_out:
            remark(f"too many domains: {reports.left_out} sessions are counted without them")
    try:
        if options.output:
            _write(options, told, under, site)
    finally:
        # What cannot be written there can be read here.
        _say(told, as_json=options.json)
    return status or (DAMAGED if log.troubles else 0)


def _say(told: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(told)
    else:
        say(*terminal.lines(told))


def _refuse_nonsense(options: argparse.Namespace) -> None:
    """See that the options make sense together.

    Raises:
        SystemExit: They do not; that was said.
    """
    if not options.files and not options.tls_reports:
        raise SystemExit(complain("name a file, or - for standard input", USAGE))
    if options.check and not options.under:
        raise SystemExit(complain("--check is for --under", USAGE))
    if not options.output and (options.site or options.language):
        raise SystemExit(complain("--site and --language are for --output", USAGE))
    if options.output and (missing := [name for name in _EXTRA if find_spec(name) is None]):
        needed = f"--output needs {', '.join(missing)}: install requirements/bulk.txt"
        raise SystemExit(complain(needed, UNAVAILABLE))


def _site(options: argparse.Namespace) -> str | None:
    try:
        return parse(options.site) if options.site else None
    except SiteError as error:
        raise SystemExit(complain(f"--site {options.site!r} {error}", USAGE)) from None


def _write(
    options: argparse.Namespace, told: Mapping[str, Any], under: Operator | None, site: str | None
) -> None:
    # Not at the top: most logs are read without a report.
    from checker.bulk.results import replacing  # noqa: PLC0415
    from checker.log_report import Wanted, render  # noqa: PLC0415

    folder: Path = options.output
    name, title = (under.name, under.title) if under else (None, "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / "log.json") as file:
            json.dump(told, file, indent=2)
        for language in (options.language,) if options.language else _LANGUAGES:
            with replacing(folder / f"report.{language}.html") as file:
                file.writelines(render(told, Wanted(language, name, title, site)))
    except OSError as error:
        raise UnwrittenError(f"cannot write to {str(folder)!r}: {error.strerror}") from error


def _checked(
    whole: Settings, options: argparse.Namespace, log: Log, under: Operator
) -> tuple[answer.Outcomes, int]:
    gc.enable()
    # Not at the top: most logs are read without the network and the cryptography.
    from checker.commands.log_checking import check  # noqa: PLC0415

    rows = log.sessions.rows if log.sessions is not None else {}
    domains = sorted({row.domain for row in rows if row.domain})
    return check(whole, under, domains, options.output) if domains else ({}, 0)
