"""``doctor``: what works here, and what to do about the rest."""

import argparse
import ipaddress
import os

from checker.commands.shared import add_network, settings
from checker.settings import FUNCTION_TIMEOUT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add_network(parser)
    parser.add_argument(
        "--address",
        action="append",
        type=_address,
        metavar="IP",
        help="where mail servers see this machine, behind a router; repeatable",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    whole = settings(options, total_timeout=FUNCTION_TIMEOUT)
    # Not at the top: --help need not wait for the network.
    from checker.commands.examining import tell  # noqa: PLC0415

    return tell(whole, os.environ, options.address, as_json=options.json)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be an IP address, not {text!r}") from None
