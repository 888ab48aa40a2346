"""``check``: what would become of a mail to a domain."""

import argparse
import asyncio
import io
import json
import sys

from checker import operators
from checker.check import Answer
from checker.commands.shared import USAGE, add_network, complain, load_operator, settings
from checker.delivery.verdict import Outcome
from checker.domain import Domain, DomainError, parse
from checker.operators import Operator
from checker.settings import Settings
from checker.tell.answer import to_json
from checker.tell.lines import lines

_EXIT = {
    Outcome.DELIVERS: 0,
    Outcome.DELIVERS_WITH_WARNINGS: 0,
    Outcome.FAILS: 1,
    Outcome.UNKNOWN: 2,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add_network(parser)
    parser.add_argument("domain", help="a domain, or an e-mail address")
    parser.add_argument(
        "--operator",
        default=operators.DEFAULT,
        metavar="NAME|FILE.toml",
        help=f"who sends: {', '.join(operators.names())}, or a file; default %(default)s",
    )
    parser.add_argument("--all", action="store_true", help="look at all mail servers")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        domain = parse(options.domain)
    except DomainError as error:
        return complain(f"not a domain that mail could go to: {error.reason}", USAGE)
    operator = load_operator(options.operator)
    answer = asyncio.run(_check(settings(options), domain, operator, every=options.all))
    if options.json:
        sys.stdout.write(json.dumps(to_json(answer), indent=2) + "\n")
    else:
        # Names and replies of strangers may hold letters that the terminal does not know.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.writelines(f"{line}\n" for line in lines(answer))
    sys.stdout.flush()
    return _EXIT[answer.verdict.outcome]


async def _check(settings: Settings, domain: Domain, operator: Operator, *, every: bool) -> Answer:
    checker = settings.checker()
    answer = await checker.check(domain, operator, every=every)
    await checker.close()
    return answer
