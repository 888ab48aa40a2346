"""``check``: what would become of a mail to a domain."""

import argparse
import gc

from checker import operators
from checker.commands.shared import USAGE, add_network, complain, load_operator, remark, settings
from checker.domain import DomainError, parse
from checker.function.interface import FRESH

_MINUTE = 60

LEAST = FRESH.seconds // _MINUTE
"""Minutes between two looks at least: as often as a public checker grants new ones."""

_MOST = 7 * 24 * 60
_INTERVAL = 5
_TIMEOUT = 60
"""Minutes, unless others are named."""


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
    parser.add_argument(
        "--watch", action="store_true", help="look again until the mail would be delivered"
    )
    parser.add_argument(
        "--interval",
        type=_minutes,
        metavar="MINUTES",
        help=f"with --watch: between two looks, at least {LEAST}; default {_INTERVAL}",
    )
    parser.add_argument(
        "--timeout",
        type=_minutes,
        metavar="MINUTES",
        help=f"with --watch: for so long at most; default {_TIMEOUT}",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        domain = parse(options.domain)
    except DomainError as error:
        if error.found:
            return complain(f"one at a time, please: {', '.join(error.found)}", USAGE)
        return complain(f"not a domain that mail could go to: {error.reason}", USAGE)
    if not options.watch and (options.interval or options.timeout):
        return complain("--interval and --timeout are for --watch", USAGE)
    meant = domain.ascii.removeprefix("www.")
    if meant != domain.ascii and "." in meant:
        remark(f"did you mean {meant}? {domain.ascii} is checked as it stands")
    operator = load_operator(options.operator)
    whole = settings(options)
    # Not at the top: the network and the cryptography take most of the time that a check takes, and
    # neither --help nor a wrong option needs them.
    from checker.commands.checking import Question, tell, tell_again  # noqa: PLC0415
    from checker.commands.watching import Pace  # noqa: PLC0415

    question = Question(domain, operator, every=options.all)
    if not options.watch:
        return tell(whole, question, as_json=options.json)
    # A command that is soon over leaves its garbage.
    gc.enable()
    interval, timeout = options.interval or _INTERVAL, options.timeout or _TIMEOUT
    remark(f"looks every {interval} min, for {timeout} min at most; Ctrl-C ends it")
    pace = Pace(interval * _MINUTE, timeout * _MINUTE)
    return tell_again(whole, question, pace, as_json=options.json)


def _minutes(text: str) -> int:
    try:
        minutes = int(text)
    except ValueError:
        minutes = 0
    if not LEAST <= minutes <= _MOST:
        raise argparse.ArgumentTypeError(f"must be whole minutes from {LEAST} to {_MOST}")
    return minutes
