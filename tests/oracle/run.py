"""A whole run: ``python -m tests.oracle.network tests.oracle.run`` prints it as JSON.

In a network of its own the lab's servers are at the ports that real senders ask for. It ends early
when its standard input closes.
"""

import _thread
import asyncio
import json
import shutil
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from checker import operators
from checker.check import Checker
from checker.domain import parse
from checker.operators import Operator
from checker.production import build_checker
from checker.settings import Settings
from tests.lab import Lab
from tests.lab.domains import DOMAINS
from tests.lab.folders import run_folder
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.model import CREDULOUS_RESOLVER
from tests.lab.name_servers import unbound_conf
from tests.lab.root import prepare, start
from tests.oracle import exim, postfix
from tests.oracle.sender import Sender

SENDERS = (*postfix.SENDERS, *exim.SENDERS)
_FOLDERS = (operators.FOLDER, Path(__file__).parents[1] / "lab" / "operators")
_PATIENCE = 120
_AT_ONCE = 60

_RESOLVE = """\
exec >> /lab/daemons.log 2>&1
unbound -d -c /lab/unbound.conf &
read -r _ || :
"""


def all_operators() -> list[Operator]:
    """The checker's operators, and those for tests."""
    files = [file for folder in _FOLDERS for file in sorted(folder.glob("*.toml"))]
    return [operators.load_file(file) for file in files]


def main() -> None:
    """Run everything and print what was found."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    everyone = all_operators()
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        configuration = unbound_conf(53, CREDULOUS_RESOLVER, validates=False)
        (folder / "unbound.conf").write_text(configuration)
        stack.callback(end, start(prepare(RECEIVERS), _RESOLVE, folder=folder))
        # One after the other: the machine must not be so busy that patience ends.
        foretold = asyncio.run(_check_all(lab, everyone))
        folders = {sender: _send(sender, lab, everyone, stack) for sender in SENDERS}
        happened = _wait(folders, everyone)
    json.dump({"foretold": foretold, "happened": happened}, sys.stdout)


def _end_with_input() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


def _send(sender: Sender, lab: Lab, everyone: Sequence[Operator], stack: ExitStack) -> Path:
    folder = stack.enter_context(run_folder())
    shutil.copy(lab.ca_file, folder / "ca.pem")
    mine = [operator for operator in everyone if sender.speaks_for(operator)]
    options = "trust-ad edns0 timeout:3 attempts:1"
    files = {
        "resolv.conf": f"nameserver {sender.resolver}\noptions {options}\n",
        "recipients": "".join(f"anna@{domain.domain}\n" for domain in DOMAINS),
        "operators": "".join(f"{operator.name}\n" for operator in mine),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    script = sender.configure(folder, mine)
    stack.callback(end, start(prepare(sender.root), script, folder=folder))
    return folder


async def _check_all(
    lab: Lab, everyone: Sequence[Operator]
) -> dict[str, dict[str, tuple[str, str, str]]]:
    checker = build_checker(
        Settings(
            resolver=lab.resolver,
            smtp_port=lab.smtp_port,
            allow_network=lab.allow_network,
            ca_file=lab.ca_file,
            ehlo_name="checker.oracle.test",
        )
    )
    places = asyncio.Semaphore(_AT_ONCE)
    verdicts = await asyncio.gather(*(_check(checker, operator, places) for operator in everyone))
    await checker.close()
    return {operator.name: found for operator, found in zip(everyone, verdicts, strict=True)}


async def _check(
    checker: Checker, operator: Operator, places: asyncio.Semaphore
) -> dict[str, tuple[str, str, str]]:
    async def one(name: str) -> tuple[str, str, str]:
        async with places:
            verdict = (await checker.check(parse(name), operator)).verdict
            return verdict.outcome, verdict.disposition, verdict.troubles[0].id

    names = [domain.domain for domain in DOMAINS]
    return dict(zip(names, await asyncio.gather(*map(one, names)), strict=True))


def _wait(
    folders: Mapping[Sender, Path], everyone: Sequence[Operator]
) -> dict[str, dict[str, object]]:
    """Wait until every mail has met its fate."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found: dict[str, dict[str, object]] = {
            operator: {domain: asdict(delivery) for domain, delivery in deliveries.items()}
            for sender, folder in folders.items()
            for operator, deliveries in sender.read(folder).items()
        }
        whole = sum(map(len, found.values())) == len(everyone) * len(DOMAINS)
        if whole or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


if __name__ == "__main__":
    main()
