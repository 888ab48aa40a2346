"""A whole run: ``python -m tests.oracle.network tests.links.run SITE`` prints reports as JSON.

In a network of its own the lab's servers are at the ports that real senders ask for. It ends early
when its standard input closes.
"""

import _thread
import email
import json
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, redirect_stdout, suppress
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from checker.__main__ import main as checker
from tests.lab import Lab
from tests.lab.folders import run_folder
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.model import CREDULOUS_RESOLVER
from tests.lab.name_servers import unbound_conf
from tests.lab.root import prepare, start
from tests.links.senders import (
    DEFECTS,
    HISTORY,
    OPERATOR,
    PATIENT_OPERATOR,
    SENDERS,
    SETTINGS,
    TRIED,
    Sender,
    page_commands,
    recipients,
)

_PATIENCE = 45
_DELAYED = "Action: delayed"

_RESOLVE = """\
exec >> /lab/daemons.log 2>&1
unbound -d -c /lab/unbound.conf &
read -r _ || :
"""


def main() -> None:
    """Run everything and print the reports, by mail server and by recipient."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    with Lab(smtp_port=25, dns_port=53) as lab, ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        configuration = unbound_conf(53, CREDULOUS_RESOLVER, validates=False)
        (folder / "unbound.conf").write_text(configuration)
        stack.callback(end, start(prepare(RECEIVERS), _RESOLVE, folder=folder))
        _wait_for_resolver()
        folders = {name: _send(name, lab, sys.argv[-1], stack) for name in SENDERS}
        reports = _wait(folders)
        for name, path in folders.items():
            if not _is_whole(name, reports[name]):
                _complain(path)
        expanded = (folders["exim"] / "expanded").read_text()
        settings = {
            name: [(path / moment).read_text() for moment in SETTINGS]
            for name, path in folders.items()
        }
        shown = {name: (path / "tried").read_text() for name, path in folders.items()}
    tried = {
        name: {one: found.pop(one, "") for one in TRIED[name]} for name, found in reports.items()
    }
    more = {"expanded": expanded, "settings": settings, "shown": shown, "tried": tried}
    json.dump({**reports, **more}, sys.stdout)


def _wait_for_resolver() -> None:
    question = dns.message.make_query("healthy.test", "MX")
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(dns.exception.DNSException, OSError):
            if dns.query.udp(question, str(CREDULOUS_RESOLVER), timeout=1).answer:
                return
        time.sleep(0.05)
    raise SystemExit("the resolver does not start")


def _end_with_input() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


def _send(name: str, lab: Lab, site: str, stack: ExitStack) -> Path:
    sender = SENDERS[name]
    folder = stack.enter_context(run_folder())
    shutil.copy(lab.ca_file, folder / "ca.pem")
    files = {
        "history": HISTORY,
        "resolv.conf": f"nameserver {CREDULOUS_RESOLVER}\noptions edns0 timeout:3 attempts:1\n",
        "recipients": "".join(f"{recipient}\n" for recipient in _recipients(name)),
    }
    for file, text in files.items():
        (folder / file).write_text(text)
    (folder / "page").mkdir()
    for file, block in page_commands():
        (folder / "page" / file).write_text(block)
    for operator, into in ((OPERATOR, "links"), (PATIENT_OPERATOR, "patient")):
        command = ["links", "--mta", name, "--operator", operator, "--site", site]
        with redirect_stdout(sys.stderr):
            if checker([*command, "--write", str(folder / into)]):
                raise SystemExit(f"no configuration for {name}")
    script = sender.configure(folder)
    stack.callback(end, start(prepare(sender.root), script, folder=folder))
    return folder


def _wait(folders: Mapping[str, Path]) -> dict[str, dict[str, str]]:
    """Wait until every sender has got a report on every mail that did not arrive."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        reports = {name: _reports(SENDERS[name], folder) for name, folder in folders.items()}
        whole = all(_is_whole(name, found) for name, found in reports.items())
        whole = whole and (folders["exim"] / "expanded").exists()
        if whole or time.monotonic() > deadline:
            return reports
        time.sleep(0.5)


def _reports(sender: Sender, folder: Path) -> dict[str, str]:
    texts = [path.read_text() for path in folder.glob(f"{sender.mailbox}/*")]
    # Who is told of a delay is told of the end as well, which is what counts.
    texts.sort(key=lambda text: _DELAYED not in text)
    return {_recipient_of(text): text for text in texts}


def _is_whole(name: str, reports: Mapping[str, str]) -> bool:
    """Whether there is a report on each mail, and on each trial its last one."""
    tried = all(_DELAYED not in reports.get(one, _DELAYED) for one in TRIED[name])
    return tried and set(_recipients(name)) <= set(reports)


def _recipient_of(report: str) -> str:
    fields = (part["Final-Recipient"] for part in email.message_from_string(report).walk())
    return next(str(field).partition(";")[2].strip() for field in fields if field)


def _recipients(name: str) -> list[str]:
    return [recipient for domain in DEFECTS for recipient in recipients(name, domain.domain)]


def _complain(folder: Path) -> None:
    for log in ("daemons.log", "sender.log", "exim/main"):
        if (folder / log).exists():
            sys.stderr.write((folder / log).read_text(errors="replace"))


if __name__ == "__main__":
    main()
