"""The lab as a whole: it starts everything, waits until it answers, and leaves nothing behind."""

import datetime as dt
import subprocess
import sys
import time
from contextlib import ExitStack
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.query

from tests.lab import name_servers, postfix, root, web
from tests.lab.certificates import DH_1024, Certificates
from tests.lab.errors import LabError
from tests.lab.folders import run_folder
from tests.lab.model import (
    AUTHORITY,
    DENYING_AUTHORITY,
    LAME_AUTHORITY,
    NETWORKS,
    RESOLVER,
    SILENT_AUTHORITY,
)
from tests.lab.ports import demand_free, free_port, listening, needs_root, web_server
from tests.lab.servers import MAIL_SERVERS, RUNNING
from tests.lab.traffic import Traffic, read_traffic
from tests.lab.zones import make_zones

SMTP_PORT = 2525
DNS_PORT = 5300
_NAME_SERVERS = (RESOLVER, AUTHORITY, SILENT_AUTHORITY)
_PATIENCE = 20
_ARCHIVE_UNUSABLE = 65

RECEIVERS = root.Root("root", ("postfix", "knot", "unbound"))
"""What the lab is made of."""

# Knot gives up the right to read what belongs to another user than root.
_DAEMONS = """\
set -eu
cp /lab/main.cf /lab/master.cf /etc/postfix/
mkdir -p /run/knot
cp -R /lab/zones /run/knot/
exec >> /lab/daemons.log 2>&1
knotd -c /lab/knot.conf &
unbound -d -c /lab/unbound.conf &
# Debian 13's package leaves it to this command to make the folders of the queue.
postfix check
"$(postconf -h daemon_directory)/master" -d -c /etc/postfix &
read -r _ || :
"""


class Lab:
    """The mail lab, running between the beginning and the end of a ``with`` statement.

    Attributes:
        smtp_port: The port of every mail server.
        allow_network: The networks in which the servers stand.
    """

    allow_network = NETWORKS

    def __init__(
        self, *, smtp_port: int = SMTP_PORT, dns_port: int = DNS_PORT, hold: float = 0.05
    ) -> None:
        """Choose the ports; 0 stands for any free one.

        Args:
            smtp_port: The port of every mail server.
            dns_port: The port of the resolver and of the authority.
            hold: For how many seconds the server of ``held-replies.test`` holds each reply.
        """
        self.smtp_port = smtp_port or free_port()
        self._dns_port = dns_port or free_port()
        self._hold = hold
        self._stack = ExitStack()
        self._folder = Path()

    @property
    def resolver(self) -> str:
        """The validating resolver, as ``address:port``."""
        return f"{RESOLVER}:{self._dns_port}"

    @property
    def ca_file(self) -> Path:
        """The root certificate that is to be trusted."""
        return self._folder / "ca.pem"

    @property
    def mail_log(self) -> str:
        """What the real Postfix that takes mail has logged so far."""
        return (self._folder / "postfix.log").read_text("latin-1")

    @property
    def _web_server(self) -> IPv4Address:
        return web_server(self._dns_port)

    def traffic(self, name: str) -> Traffic:
        """What clients have done so far to the mail server of that name."""
        return read_traffic(self._folder)[name]

    def __enter__(self) -> Self:
        """Start everything and wait until it answers."""
        demand_free((*_NAME_SERVERS, LAME_AUTHORITY, DENYING_AUTHORITY), self._dns_port)
        demand_free((server.address for server in RUNNING), self.smtp_port)
        archive = root.prepare(RECEIVERS)
        try:
            with ExitStack() as stack:
                self._start(archive, stack)
                self._stack = stack.pop_all()
        except _UnusableArchiveError:
            archive.unlink(missing_ok=True)
            with ExitStack() as stack:
                self._start(root.prepare(RECEIVERS), stack)
                self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End everything."""
        self._stack.close()

    def _start(self, archive: Path, stack: ExitStack) -> None:
        self._folder = stack.enter_context(run_folder())
        self._configure()
        processes = []
        for launch in (
            partial(_module, "scripted", self.smtp_port, self._dns_port, self._hold),
            partial(_module, "web", self._web_server, as_root=needs_root(web.PORT)),
            partial(root.start, archive, _DAEMONS),
        ):
            process = launch(folder=self._folder)
            stack.callback(end, process)
            processes.append(process)
        self._wait(*processes)

    def _configure(self) -> None:
        certificates = Certificates(dt.datetime.now(dt.UTC).replace(microsecond=0))
        identities = {
            host.id: certificates.identity(host.name, host.server.certificate)
            for host in MAIL_SERVERS.values()
            if host.server and host.server.certificate
        }
        zones = make_zones(identities, self.smtp_port, self._web_server)
        identities |= {
            host: certificates.identity(host, site.certificate) for host, site in web.SITES.items()
        }
        files = {
            "ca.pem": certificates.root,
            "dh-1024.pem": DH_1024,
            "main.cf": postfix.main_cf(),
            "master.cf": postfix.master_cf(self.smtp_port),
            "postfix.log": "",
            "knot.conf": name_servers.knot_conf(self._dns_port, zones.files),
            "unbound.conf": name_servers.unbound_conf(self._dns_port),
            "trust-anchor": zones.trust_anchor,
        }
        files |= {f"zones/{origin}zone": text for origin, text in zones.files.items()}
        files |= {f"certificates/{name}.pem": identity.pem for name, identity in identities.items()}
        for name, text in files.items():
            file = self._folder / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)

    def _wait(self, *processes: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not (self._all_listen() and self._resolves()):
            if any(process.poll() == _ARCHIVE_UNUSABLE for process in processes):
                raise _UnusableArchiveError
            ended = any(process.poll() is not None for process in processes)
            if ended or time.monotonic() > deadline:
                raise LabError(f"the mail lab does not start: {self._complaint()}")
            time.sleep(0.02)

    def _all_listen(self) -> bool:
        wanted = {(server.address, self.smtp_port) for server in RUNNING}
        wanted |= {(address, self._dns_port) for address in _NAME_SERVERS}
        return listening() >= wanted | {(self._web_server, web.PORT)}

    def _resolves(self) -> bool:
        question = dns.message.make_query("healthy.test", "MX", want_dnssec=True)
        try:
            answer = dns.query.udp(question, str(RESOLVER), timeout=1, port=self._dns_port)
        except (dns.exception.DNSException, OSError):
            return False
        return bool(answer.answer and answer.flags & dns.flags.AD)

    def _complaint(self) -> str:
        logs = [
            self._folder / f"{name}.log"
            for name in ("start", "daemons", "scripted-error", "web-error")
        ]
        texts = [log.read_text(errors="replace") for log in logs if log.exists()]
        return next((root.complaint(text) for text in texts if text), "some server does not listen")


class _UnusableArchiveError(Exception):
    """The kept archive of the root cannot be unpacked."""


def _module(
    name: str, *arguments: object, folder: Path, as_root: bool = False
) -> subprocess.Popen[bytes]:
    """Start a module of the lab as a process that ends with its input."""
    # As root it must leave no files of its own between those of the user.
    python = [*root.become_root(), sys.executable, "-B"] if as_root else [sys.executable]
    with (folder / f"{name}-error.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - a module of the lab's own
            [*python, "-m", f"tests.lab.{name}", str(folder), *map(str, arguments)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Close a process's input, at which it ends; one that does not is killed."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
