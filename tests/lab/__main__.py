"""The lab's command line: ``python -m tests.lab run|prepare|list``."""

import argparse
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.bounces.senders import SENDERS
from tests.lab.domains import DOMAINS
from tests.lab.errors import LabError
from tests.lab.laboratory import DNS_PORT, RECEIVERS, SMTP_PORT, Lab
from tests.lab.root import Root, prepare
from tests.senders import real

_STARTED_BY_TESTS = ("postfix", "exim", "sendmail")


def main() -> int:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start the lab; it runs until its input closes")
    run.add_argument("--smtp-port", type=int, default=SMTP_PORT, help="0 for any free one")
    run.add_argument("--dns-port", type=int, default=DNS_PORT, help="0 for any free one")
    run.add_argument("--hold", type=float, default=0.05, help="seconds, for held-replies.test")
    prepared = commands.add_parser("prepare", help="install the servers into the lab's own root")
    prepared.add_argument("--all", action="store_true", help="also those that only tests start")
    commands.add_parser("list", help="print the domains, with what is special about each")
    arguments = parser.parse_args()
    try:
        match arguments.command:
            case "run":
                _run(
                    Lab(
                        smtp_port=arguments.smtp_port,
                        dns_port=arguments.dns_port,
                        hold=arguments.hold,
                    )
                )
            case "prepare":
                senders = _STARTED_BY_TESTS if arguments.all else ()
                roots = [RECEIVERS, *(SENDERS[name].root for name in senders)]
                _prepare([*roots, *real.roots()] if arguments.all else roots)
            case _:
                _list()
    except LabError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _prepare(roots: Sequence[Root]) -> None:
    # Each installation mostly waits, for its packages and for the disk.
    with ThreadPoolExecutor(len(roots)) as threads:
        list(threads.map(prepare, roots))


def _run(lab: Lab) -> None:
    signalled, wakeup = socket.socketpair()
    wakeup.settimeout(0)
    signal.set_wakeup_fd(wakeup.fileno())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Who started the lab may have had it ignore a signal.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    with lab:
        ready = {
            "resolver": lab.resolver,
            "smtp_port": lab.smtp_port,
            "ca_file": str(lab.ca_file),
            "allow_network": list(lab.allow_network),
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        _wait_for_end(signalled)


def _wait_for_end(signalled: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(signalled, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is signalled or not os.read(sys.stdin.fileno(), 4096):
                    return


def _list() -> None:
    width = max(len(domain.domain) for domain in DOMAINS)
    for domain in DOMAINS:
        sys.stdout.write(f"{domain.domain:{width}}  {domain.explanation}\n")


if __name__ == "__main__":
    sys.exit(main())
