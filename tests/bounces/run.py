"""A whole run: ``python -m tests.oracle.network tests.bounces.run`` prints it as JSON.

Its input is a line of JSON: the sender's name, and the mails as pairs of a level and a domain. It
ends early when its input closes.
"""

import _thread
import asyncio
import fcntl
import json
import re
import socket
import struct
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bounces.senders import SENDERS
from tests.bounces.senders.sender import Sender, tell_version, version_of
from tests.bounces.servers import SENDER_ADDRESS, SENDER_DOMAIN, addresses, records, serve
from tests.lab import Lab
from tests.lab.errors import LabError
from tests.lab.folders import run_folder
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.model import CREDULOUS_RESOLVER
from tests.lab.name_servers import unbound_conf
from tests.lab.root import prepare, start

_PATIENCE = 900
_SIOCSIFADDR = 0x8916

_RESOLVE = """\
exec >> /lab/daemons.log 2>&1
unbound -d -c /lab/unbound.conf &
read -r _ || :
"""

_MAILS = re.compile(rb"(?P<level>[a-z-]+)@sender\.example")
_DOMAIN = re.compile(rb"anna@(?P<domain>[\w.-]+\.test)\b")


def main() -> None:
    """Run everything and print what came back."""
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    socket.sethostname(f"mail.{SENDER_DOMAIN}")
    _have_address()
    sender = SENDERS[request["sender"]]
    found = asyncio.run(_run(sender, [tuple(mail) for mail in request["mails"]]))
    json.dump(found, sys.stdout)


def _have_address() -> None:
    """Have the address of the one that sends."""
    request = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, SENDER_ADDRESS.packed)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFADDR, request)


def _end_with_input() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


async def _run(sender: Sender, mails: Sequence[tuple[str, str]]) -> dict[str, object]:
    reports: dict[tuple[str, str], str] = {}

    def take(report: bytes) -> None:
        level, domain = _MAILS.search(report), _DOMAIN.search(report)
        if level and domain:
            key = (level["level"].decode(), domain["domain"].decode())
            reports[key] = report.decode("latin-1")

    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        (folder / "unbound.conf").write_text(unbound_conf(53, CREDULOUS_RESOLVER) + _local_data())
        (folder / "trust-anchor").write_bytes((lab.ca_file.parent / "trust-anchor").read_bytes())
        stack.callback(end, start(prepare(RECEIVERS), _RESOLVE, folder=folder))
        listening = await serve(25, folder, take)
        authorities = (lab.ca_file, folder / "refusals-ca.pem")
        mine = stack.enter_context(run_folder())
        (mine / "ca.pem").write_text("".join(file.read_text() for file in authorities))
        await _send(sender, mails, mine, stack)
        del listening
        logs, version = sender.logs(mine), version_of(mine)
    keys = sorted(reports.keys() | logs.keys())
    found = [
        {
            "level": level,
            "domain": domain,
            "report": reports.get((level, domain)),
            "log": list(logs.get((level, domain), ())),
        }
        for level, domain in keys
    ]
    return {"version": version, "mails": found}


def _local_data() -> str:
    data = "".join(f'    local-data: "{record}"\n' for record in records())
    data += "".join(f'    local-data-ptr: "{address} {name}"\n' for address, name in addresses())
    return f'server:\n    local-zone: "{SENDER_DOMAIN}." static\n{data}'


async def _send(
    sender: Sender, mails: Sequence[tuple[str, str]], folder: Path, stack: ExitStack
) -> None:
    files = {
        "resolv.conf": f"nameserver {CREDULOUS_RESOLVER}\n"
        "options trust-ad edns0 timeout:3 attempts:1\n",
        "mails": "".join(f"{level} anna@{domain}\n" for level, domain in mails),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    _take_syslog(folder, stack)
    script = tell_version(sender) + sender.configure(folder)
    process = start(prepare(sender.root), script, folder=folder)
    stack.callback(end, process)
    async with asyncio.timeout(_PATIENCE):
        while not (folder / "done").exists():
            if process.poll() is not None:
                logs = [folder / "start.log", folder / "daemons.log"]
                raise LabError("".join(log.read_text() for log in logs if log.exists()))
            await asyncio.sleep(0.2)


def _take_syslog(folder: Path, stack: ExitStack) -> None:
    """Keep what a server that can write nowhere else sends to ``/dev/log``."""
    syslog = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    syslog.settimeout(0)
    syslog.bind(str(folder / "syslog.socket"))
    file = stack.enter_context((folder / "syslog").open("ab", buffering=0))
    loop = asyncio.get_running_loop()
    loop.add_reader(syslog, lambda: file.write(syslog.recv(65536).rstrip(b"\0\n") + b"\n"))
    stack.callback(loop.remove_reader, syslog)


if __name__ == "__main__":
    main()
