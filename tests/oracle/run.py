"""A whole run: ``python -m tests.oracle.network tests.oracle.run [all]`` prints it as JSON.

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


Asked = tuple[Operator, Sequence[str]]
"""Whose server sends, and to which domains."""

_ASKED_FOR_ALL = {"careful", "exim"}
"""One Postfix and one Exim send to every domain."""


def names_of(operator: Operator, *, whole: bool = False) -> list[str]:
    """The domains that an operator's server sends to.

    Args:
        operator: Whose.
        whole: Whether to all, as one server of each software does in any case. The others send to
            those whose rows tell what comes of it there and not elsewhere, and to one domain of
            each outcome and problem.
    """
    if whole or operator.name in _ASKED_FOR_ALL:
        return [domain.domain for domain in DOMAINS]
    of_its_own = [
        domain
        for domain in DOMAINS
        if domain.expected.get(operator.name, domain.expected["careful"])
        != domain.expected["careful"]
        or (operator.name in domain.expected and operator.name not in operators.names())
    ]
    one_of_each = {domain.expected["careful"]: domain for domain in reversed(DOMAINS)}
    wanted = {domain.domain for domain in (*of_its_own, *one_of_each.values())}
    return [domain.domain for domain in DOMAINS if domain.domain in wanted]


def main() -> None:
    """Run everything and print what was found."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    whole = "all" in sys.argv[1:]
    asked = [(operator, names_of(operator, whole=whole)) for operator in all_operators()]
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        configuration = unbound_conf(53, CREDULOUS_RESOLVER, validates=False)
        (folder / "unbound.conf").write_text(configuration)
        stack.callback(end, start(prepare(RECEIVERS), _RESOLVE, folder=folder))
        # One after the other: the machine must not be so busy that patience ends.
        foretold = asyncio.run(_check_all(lab, asked))
        folders = {sender: _send(sender, lab, asked, stack) for sender in SENDERS}
        happened = _wait(folders, sum(len(names) for _, names in asked))
    json.dump({"foretold": foretold, "happened": happened}, sys.stdout)


def _end_with_input() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


def _send(sender: Sender, lab: Lab, asked: Sequence[Asked], stack: ExitStack) -> Path:
    folder = stack.enter_context(run_folder())
    shutil.copy(lab.ca_file, folder / "ca.pem")
    mine = [(operator, names) for operator, names in asked if sender.speaks_for(operator)]
    options = "trust-ad edns0 timeout:3 attempts:1"
    files = {
        "resolv.conf": f"nameserver {sender.resolver}\noptions {options}\n",
        "operators": "".join(f"{operator.name}\n" for operator, _ in mine),
    }
    for operator, names in mine:
        recipients = "".join(f"anna@{name}\n" for name in names)
        files[f"recipients-{operator.name}"] = recipients
    for name, text in files.items():
        (folder / name).write_text(text)
    script = sender.configure(folder, [operator for operator, _ in mine])
    stack.callback(end, start(prepare(sender.root), script, folder=folder))
    return folder


async def _check_all(
    lab: Lab, asked: Sequence[Asked]
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

    async def one(operator: Operator, name: str) -> tuple[str, str, str]:
        async with places:
            verdict = (await checker.check(parse(name), operator)).verdict
            return verdict.outcome, verdict.disposition, verdict.troubles[0].id

    pairs = [(operator, name) for operator, names in asked for name in names]
    verdicts = await asyncio.gather(*(one(*pair) for pair in pairs))
    await checker.close()
    foretold: dict[str, dict[str, tuple[str, str, str]]] = {}
    for (operator, name), verdict in zip(pairs, verdicts, strict=True):
        foretold.setdefault(operator.name, {})[name] = verdict
    return foretold


def _wait(folders: Mapping[Sender, Path], mails: int) -> dict[str, dict[str, object]]:
    """Wait until every mail has met its fate."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found: dict[str, dict[str, object]] = {
            operator: {domain: asdict(delivery) for domain, delivery in deliveries.items()}
            for sender, folder in folders.items()
            for operator, deliveries in sender.read(folder).items()
        }
        whole = sum(map(len, found.values())) == mails
        if whole or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


if __name__ == "__main__":
    main()
