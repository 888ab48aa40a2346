"""Makes the reports anew: ``python -m tests.bounces make [SENDER ...]``."""

import argparse
import sys

from tests.bounces.making import make
from tests.bounces.senders import SENDERS
from tests.lab.errors import LabError


def main() -> int:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bounces", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="have real mail servers send mail to the lab")
    making.add_argument("senders", nargs="*", choices=[*SENDERS, []], metavar="SENDER")
    arguments = parser.parse_args()
    try:
        for name in arguments.senders or SENDERS:
            made = make(SENDERS[name])
            sys.stdout.write(f"{name} {made.version}: {len(made.files)} files\n")
    except LabError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
