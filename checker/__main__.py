"""The command line: ``python -m checker check|bounce|links|serve``.

Exit status of ``check``: 0 delivers (also with warnings), 1 fails, 2 unknown, 64 bad usage or bad
domain, 78 bad operator file (the last two after BSD's sysexits.h).
"""

import argparse
import asyncio
import io
import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NoReturn

from checker import bounce, links, operators
from checker.answer import to_json
from checker.bounce import terminal
from checker.check import Answer
from checker.domain import Domain, DomainError, parse
from checker.operators import Operator, OperatorFileError, UnknownOperatorError
from checker.report import lines
from checker.settings import FUNCTION_TIMEOUT, Settings, SettingsError
from checker.verdict import Outcome

USAGE = 64
CONFIGURATION = 78

_EXIT = {
    Outcome.DELIVERS: 0,
    Outcome.DELIVERS_WITH_WARNINGS: 0,
    Outcome.FAILS: 1,
    Outcome.UNKNOWN: 2,
}


class _Parser(argparse.ArgumentParser):
    """argparse exits with 2 on bad usage, which here would mean "unknown"."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise SystemExit(_complain(message, USAGE))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except SettingsError as error:
        return _complain(str(error), USAGE)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Who read the output has left; Python would complain again when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    network = _Parser(add_help=False)
    network.add_argument("--resolver", metavar="HOST[:PORT]", help="DNS resolver to ask")
    network.add_argument("--smtp-port", type=int, metavar="N", help="instead of 25, for a lab")
    network.add_argument(
        "--allow-network",
        action="append",
        metavar="CIDR",
        help="may be connected to although it is not public, for a lab; repeatable",
    )
    network.add_argument("--ca-file", type=Path, metavar="PEM", help="trust these as well")
    network.add_argument("--ehlo-name", metavar="NAME", help="what EHLO says")

    parser = _Parser(prog="python -m checker", description="Would a mail arrive?")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)

    check = commands.add_parser("check", parents=[network], help="check one domain")
    check.add_argument("domain", help="a domain, or an e-mail address")
    check.add_argument(
        "--operator",
        default=operators.DEFAULT,
        metavar="NAME|FILE.toml",
        help=f"who sends: {', '.join(operators.names())}, or a file; default %(default)s",
    )
    check.add_argument("--all", action="store_true", help="look at all mail servers")
    check.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    check.set_defaults(run=_check)

    report = commands.add_parser("bounce", help="read the report of a failed delivery")
    report.add_argument("file", nargs="?", default="-", metavar="FILE", help="default: -, stdin")
    report.add_argument("--json", action="store_true", help="print the answer as JSON")
    report.add_argument(
        "--lines",
        action="store_true",
        help="each line is a JSON object with a text; print a JSON answer for each",
    )
    report.set_defaults(run=_bounce)

    config = commands.add_parser("links", help="print a mail server's configuration")
    config.add_argument(
        "--mta",
        required=True,
        choices=[str(mta) for mta in links.Mta],
        help="the mail server whose reports are to hold links",
    )
    config.add_argument(
        "--operator",
        required=True,
        metavar="NAME|FILE.toml",
        help=f"who sends: {', '.join(operators.names())}, or a file",
    )
    config.add_argument("--site", required=True, metavar="URL", help="where the links lead")
    config.add_argument("--write", type=Path, metavar="DIR", help="write the files into a folder")
    config.set_defaults(run=_links)

    serve = commands.add_parser("serve", parents=[network], help="serve site and function")
    serve.add_argument("--site", type=Path, metavar="DIR", help="the built site")
    serve.add_argument("--host", metavar="H", help="address to listen on; default 127.0.0.1")
    serve.add_argument("--port", type=int, metavar="N", help="port to listen on; default 8000")
    serve.set_defaults(run=_serve)
    return parser


def _settings(options: argparse.Namespace, **given: object) -> Settings:
    return Settings.from_environment(
        os.environ,
        resolver=options.resolver,
        smtp_port=options.smtp_port,
        allow_network=tuple(options.allow_network or ()),
        ca_file=options.ca_file,
        ehlo_name=options.ehlo_name,
        **given,
    )


def _check(options: argparse.Namespace) -> int:
    try:
        domain = parse(options.domain)
    except DomainError as error:
        return _complain(f"not a domain that mail could go to: {error.reason}", USAGE)
    operator = _operator(options.operator)
    answer = asyncio.run(_run_check(_settings(options), domain, operator, every=options.all))
    if options.json:
        sys.stdout.write(json.dumps(to_json(answer), indent=2) + "\n")
    else:
        # Names and replies of strangers may hold letters that the terminal does not know.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.writelines(f"{line}\n" for line in lines(answer))
    sys.stdout.flush()
    return _EXIT[answer.verdict.outcome]


async def _run_check(
    settings: Settings, domain: Domain, operator: Operator, *, every: bool
) -> Answer:
    checker = settings.checker()
    answer = await checker.check(domain, operator, every=every)
    await checker.close()
    return answer


def _operator(name: str) -> Operator:
    try:
        if name.endswith(".toml"):
            return operators.load_file(Path(name))
        return operators.load(name)
    except UnknownOperatorError:
        known = ", ".join(operators.names())
        raise SystemExit(_complain(f"no operator {name!r}; there are {known}", USAGE)) from None
    except OperatorFileError as error:
        raise SystemExit(_complain(str(error), CONFIGURATION)) from None


def _links(options: argparse.Namespace) -> int:
    try:
        files = links.configuration(
            links.Mta(options.mta), _operator(options.operator), options.site
        )
    except links.SiteError as error:
        return _complain(f"--site {options.site!r} {error}", USAGE)
    if options.write is None:
        sys.stdout.writelines(f"{line}\n" for line in links.lines(files))
        sys.stdout.flush()
        return 0
    try:
        options.write.mkdir(parents=True, exist_ok=True)
        for file in files:
            path = options.write / file.name
            path.write_text(file.text, encoding="ascii", newline="\n")
            sys.stdout.write(f"{path}: {file.place}\n")
    except OSError as error:
        return _complain(f"cannot write to {str(options.write)!r}: {error.strerror}", USAGE)
    return 0


def _bounce(options: argparse.Namespace) -> int:
    try:
        # Only what was opened here is closed here.
        with (
            nullcontext(sys.stdin.buffer)
            if options.file == "-"
            else Path(options.file).open("rb") as source
        ):
            if options.lines:
                return _bounce_lines(source)
            reports = bounce.read(source.read(bounce.MAXIMUM_INPUT))
    except OSError as error:
        return _complain(f"cannot read {options.file!r}: {error.strerror}", USAGE)
    if options.json:
        sys.stdout.write(json.dumps(bounce.to_json(reports), indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in terminal.lines(reports))
    sys.stdout.flush()
    return 0


def _bounce_lines(source: BinaryIO) -> int:
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


def _serve(options: argparse.Namespace) -> int:
    # The web server costs a third of a second to import, which a check need not pay.
    from checker.function.serve import ServeError, serve  # noqa: PLC0415

    settings = _settings(options, total_timeout=FUNCTION_TIMEOUT)
    try:
        serve(settings, os.environ, site=options.site, host=options.host, port=options.port)
    except ServeError as error:
        return _complain(str(error), USAGE)
    return 0


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"checker: {message}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
