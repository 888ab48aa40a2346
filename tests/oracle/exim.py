"""Exim as a sender: for every operator a transport set as it says."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.operators import Level, Operator
from tests.lab.domains import DOMAINS
from tests.lab.model import CREDULOUS_RESOLVER
from tests.lab.root import Root
from tests.oracle.fate import Delivery, Fate
from tests.oracle.sender import Found, Sender

# Patience is shortened, so that those who never answer are given up soon. A mail is tried once.
_MAIN = """\
primary_hostname = sender.oracle.test
keep_environment =
tls_advertise_hosts =
log_file_path = /lab/exim/%s
remote_max_parallel = 20
local_interfaces = 127.0.0.1
begin retry
* * F,4d,1h
"""

_SEND = """\
set -eu
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
cp /lab/exim.conf /etc/exim4/exim4.conf
chmod 755 /lab
install -d -o Debian-exim -g Debian-exim /lab/exim /run/exim4
exec >> /lab/daemons.log 2>&1
while read -r operator; do
    printf 'Subject: %s\n\nA mail.\n' "$operator" |
        exim4 -odb -f "$operator@oracle.test" $(cat "/lab/recipients-$operator")
done < /lab/operators
read -r _ || :
"""

_SENDER = re.compile(r"^\S+ \S+ (?P<mail>\S+) <= (?P<operator>[^@ ]+)@oracle\.test ")
_END = re.compile(
    r"^\S+ \S+ (?P<mail>\S+) (?P<sign>=>|->|==|\*\*) [^@ ]+@(?P<domain>[^ :]+):? (?P<text>.*)"
)
_HOST = re.compile(r"^\S+ \S+ \S+ (?P<text>.*?\bH=(?P<host>\S+) \[.*)")
_FATES = {"=>": Fate.ACCEPTED, "->": Fate.ACCEPTED, "==": Fate.RETRIED, "**": Fate.BOUNCED}


def _configure(folder: Path, operators: Sequence[Operator]) -> str:
    routers = "".join(map(_router, operators))
    transports = "".join(map(_transport, operators))
    configuration = f"{_MAIN}begin routers\n{routers}begin transports\n{transports}"
    (folder / "exim.conf").write_text(configuration)
    return _SEND


def _router(operator: Operator) -> str:
    name = operator.name
    settings = {"driver": "dnslookup", "senders": f"{name}@oracle.test", "transport": name}
    return _section(name, settings)


def _transport(operator: Operator) -> str:
    tls = operator.tls
    versions = [f"+VERS-TLS{version}" for version in ("1.2", "1.3") if version <= tls.maximum]
    settings = {
        "driver": "smtp",
        "connect_timeout": "5s",
        "command_timeout": "15s",
        "data_timeout": "15s",
        "final_timeout": "15s",
        "hosts_max_try": str(operator.delivery.address_limit),
        "hosts_try_dane": "",
        "tls_verify_certificates": "/lab/ca.pem",
        "tls_require_ciphers": ":".join(["NORMAL", "-VERS-ALL", *versions]),
        "hosts_require_tls": "" if tls.level is Level.MAY else "*",
        "tls_verify_hosts": "*" if tls.level in {Level.VERIFY, Level.SECURE} else "",
    }
    if tls.sni:
        settings["tls_sni"] = "$host"
    return _section(operator.name, settings)


def _section(name: str, settings: Mapping[str, str]) -> str:
    return f"{name}:\n" + "".join(f"  {key} = {text}\n" for key, text in settings.items())


def _read(folder: Path) -> Found:
    operators: dict[str, str] = {}
    found: defaultdict[str, dict[str, Delivery]] = defaultdict(dict)
    said: defaultdict[str, list[str]] = defaultdict(list)
    log = folder / "exim" / "main"
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        if sender := _SENDER.search(line):
            operators[sender["mail"]] = sender["operator"]
        elif (end := _END.search(line)) and end["mail"] in operators:
            reasons = (*said.pop(end["domain"], ()), end["text"])
            delivery = Delivery(_FATES[end["sign"]], reasons)
            found[operators[end["mail"]]][end["domain"]] = delivery
        elif host := _HOST.search(line):
            said[_domain_of(host["host"])].append(host["text"])
    return found


def _domain_of(host: str) -> str:
    names = (domain.domain for domain in DOMAINS)
    return next((name for name in names if host == name or host.endswith(f".{name}")), host)


SENDERS = (
    Sender(
        root=Root("exim", ("exim4-daemon-light",)),
        resolver=CREDULOUS_RESOLVER,
        speaks_for=lambda operator: operator.delivery.server == "exim",
        configure=_configure,
        read=_read,
    ),
)
"""Exim does not validate."""
