"""A whole run, in a network of its own: ``python -m tests.oracle.run`` prints it as JSON.

There the lab's servers are at the ports that real senders ask for. It ends early when its
standard input closes.
"""

import _thread
import asyncio
import fcntl
import json
import shutil
import socket
import struct
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from checker import operators
from checker.check import Checker
from checker.domain import parse
from checker.operators import Operator, Server
from checker.settings import Settings
from tests.lab import Lab
from tests.lab.domains import DOMAINS
from tests.lab.folders import run_folder
from tests.lab.laboratory import end
from tests.lab.root import prepare, start
from tests.oracle import postfix

SENDERS: Mapping[Server, ModuleType] = {Server.POSTFIX: postfix}
_FOLDERS = (operators.FOLDER, Path(__file__).parents[1] / "lab" / "operators")
_PATIENCE = 150
_AT_ONCE = 40
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1


def all_operators() -> list[Operator]:
    """The checker's operators, and those for tests."""
    files = [file for folder in _FOLDERS for file in sorted(folder.glob("*.toml"))]
    return [operators.load_file(file) for file in files]


def main() -> None:
    """Run everything and print what was found."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    _bring_up_loopback()
    everyone = all_operators()
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        logs = {}
        for server, sender in SENDERS.items():
            folder = stack.enter_context(run_folder())
            mine = [operator for operator in everyone if operator.delivery.server is server]
            logs[server] = _send(sender, folder, lab, mine, stack)
        foretold = asyncio.run(_check_all(lab, everyone))
        happened = _wait(logs, everyone)
    json.dump({"foretold": foretold, "happened": happened}, sys.stdout)


def _end_with_input() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


def _bring_up_loopback() -> None:
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", _IFF_UP)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


def _send(
    sender: ModuleType, folder: Path, lab: Lab, senders: Sequence[Operator], stack: ExitStack
) -> Path:
    shutil.copy(lab.ca_file, folder / "ca.pem")
    address, _ = lab.resolver.split(":")
    files = {
        "resolv.conf": f"nameserver {address}\noptions trust-ad edns0 timeout:3 attempts:1\n",
        "recipients": "".join(f"anna@{domain.domain}\n" for domain in DOMAINS),
        "operators": "".join(f"{operator.name}\n" for operator in senders),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    script = sender.configure(folder, senders)
    stack.callback(end, start(prepare(sender.ROOT), script, folder=folder))
    return folder / "sender.log"


def _wait(
    logs: Mapping[Server, Path], everyone: Sequence[Operator]
) -> dict[str, dict[str, object]]:
    """Wait until every mail has met its fate."""
    deadline = time.monotonic() + _PATIENCE
    wanted = sum(operator.delivery.server in logs for operator in everyone) * len(DOMAINS)
    while True:
        found: dict[str, dict[str, object]] = {
            operator: {domain: asdict(delivery) for domain, delivery in deliveries.items()}
            for server, log in logs.items()
            for operator, deliveries in SENDERS[server].read(log).items()
        }
        if sum(map(len, found.values())) == wanted or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


async def _check_all(
    lab: Lab, everyone: Sequence[Operator]
) -> dict[str, dict[str, tuple[str, str, str]]]:
    checker = Settings(
        resolver=lab.resolver,
        smtp_port=lab.smtp_port,
        allow_network=lab.allow_network,
        ca_file=lab.ca_file,
        ehlo_name="checker.oracle.test",
    ).checker()
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


if __name__ == "__main__":
    main()
