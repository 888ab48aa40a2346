"""``bulk``: what would become of mail to each domain of a list."""

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from checker import operators
from checker.commands.shared import (
    UNAVAILABLE,
    USAGE,
    add_network,
    complain,
    load_operator,
    settings,
)
from checker.links.site import SiteError, parse

if TYPE_CHECKING:
    from checker.bulk.cluster import Tls

_EXTRA = ("rich", "jinja2", "drawsvg", "publicsuffixlist")
_LANGUAGES = ("de", "en")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add_network(parser)
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="domains or addresses, one a line or in CSV"
    )
    parser.add_argument("--column", metavar="NAME|N", help="in CSV: where the domains are")
    parser.add_argument(
        "--operator",
        metavar="NAME|FILE.toml",
        help=f"who sends: {', '.join(operators.names())}, or a file; default {operators.DEFAULT}",
    )
    parser.add_argument(
        "--compare",
        nargs=2,
        metavar=("OLD", "NEW"),
        help="two such senders: which domains the change from one to the other would lose",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where the results and the state are; default FILE-results beside the list",
    )
    parser.add_argument("--opt-out", type=Path, metavar="FILE", help="whom to leave alone")
    parser.add_argument("--site", metavar="URL", help="where the links of the report lead")
    parser.add_argument(
        "--language", choices=_LANGUAGES, help="of the report; a page for each unless given"
    )
    parser.add_argument(
        "--connections", type=_positive, metavar="N", help="open at the same time; default 256"
    )
    parser.add_argument(
        "--per-second", type=_positive, metavar="N", help="new connections; default 100"
    )
    parser.add_argument(
        "--processes", type=_positive, metavar="N", help="that take part; default one for each core"
    )
    parser.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT", help="of a Dask cluster, whose workers look"
    )
    parser.add_argument("--tls-ca-file", type=Path, metavar="PEM", help="the cluster's authority")
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="our certificate there")
    parser.add_argument("--tls-key", type=Path, metavar="PEM", help="its key, if not in that file")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if options.operator and options.compare:
        return complain("--operator and --compare exclude each other", USAGE)
    names = options.compare or [options.operator or operators.DEFAULT]
    simulated = tuple(load_operator(name) for name in names)
    if len({operator.name for operator in simulated}) < len(simulated):
        return complain(f"--compare: both senders are called {simulated[0].name!r}", USAGE)
    whole = settings(options)
    try:
        site = None if options.site is None else parse(options.site)
    except SiteError as error:
        return complain(f"--site {options.site!r} {error}", USAGE)
    if not options.file.is_file():
        return complain(f"there is no file {str(options.file)!r}", USAGE)
    needed = (*_EXTRA, "distributed") if options.scheduler else _EXTRA
    if missing := [name for name in needed if find_spec(name) is None]:
        return complain(
            f"bulk needs {', '.join(missing)}: install requirements/bulk.txt", UNAVAILABLE
        )
    # Not at the top: the network takes longer to load than a wrong option to be told.
    from checker.commands.many import Wish, check_many  # noqa: PLC0415

    wish = Wish(
        file=options.file,
        column=options.column,
        operators=simulated,
        folder=options.output or _beside(options.file),
        opt_out=options.opt_out,
        site=site,
        languages=(options.language,) if options.language else _LANGUAGES,
        connections=options.connections,
        per_second=options.per_second,
        processes=options.processes,
        scheduler=options.scheduler,
        tls=_tls(options),
    )
    return check_many(whole, wish)


def _tls(options: argparse.Namespace) -> "Tls | None":
    """How the cluster is spoken to.

    Raises:
        SystemExit: Only half of it was said; that was told.
    """
    from checker.bulk.cluster import Tls  # noqa: PLC0415 - as above

    if options.tls_ca_file is None and options.tls_cert is None:
        return None
    if options.tls_ca_file is None or options.tls_cert is None:
        raise SystemExit(complain("--tls-ca-file and --tls-cert go together", USAGE))
    return Tls(options.tls_ca_file, options.tls_cert, options.tls_key)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}-results")


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 10_000:  # noqa: PLR2004
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 10000")
    return int(text)
