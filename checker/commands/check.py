"""``check``: what would become of a mail to a domain."""

import argparse

from checker import operators
from checker.commands.shared import USAGE, add_network, complain, load_operator, settings
from checker.domain import DomainError, parse


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
    parser.add_argument(
        "--all", action="store_true", help="look at all mail servers, and judge for all senders"
    )
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        domain = parse(options.domain)
    except DomainError as error:
        return complain(f"not a domain that mail could go to: {error.reason}", USAGE)
    operator = load_operator(options.operator)
    whole = settings(options)
    # Not at the top: the network and the cryptography take most of the time that a check takes, and
    # neither --help nor a wrong option needs them.
    from checker.commands.checking import tell  # noqa: PLC0415

    return tell(whole, domain, operator, every=options.all, as_json=options.json)
