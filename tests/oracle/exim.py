"""Exim as a sender: for every operator a configuration, a queue and a memory of its own."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.operators import Level, Operator
from checker.senders import Server, System
from checker.tls_version import TlsVersion
from tests.lab.domains import DOMAINS
from tests.lab.model import CREDULOUS_RESOLVER
from tests.oracle.fate import Delivery, Fate
from tests.oracle.profiles import Profile
from tests.oracle.sender import TRIES, Found, Sender
from tests.senders.systems import RELEASES, system_root

# Patience is shortened, so that those who never answer are given up soon. A mail is tried once.
_CONFIGURATION = """\
primary_hostname = sender.oracle.test
keep_environment =
tls_advertise_hosts =
log_file_path = /lab/exim/{name}/%s
spool_directory = /lab/exim/{name}/spool
remote_max_parallel = 10
local_interfaces = 127.0.0.1
begin retry
* * F,4d,1h
begin routers
abroad:
  driver = dnslookup
  transport = smtp
begin transports
smtp:
{transport}"""

# What went wrong with an address is remembered, which no mail after it must know.
_SEND = rf"""
set -eu
groupadd --system Debian-exim
useradd --system --gid Debian-exim --no-create-home Debian-exim
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
chmod 755 /lab
install -d -o Debian-exim -g Debian-exim /lab/exim /run/exim4 /var/log/exim4 /var/spool/exim4
exec >> /lab/daemons.log 2>&1
while read -r operator; do
    install -d -o Debian-exim -g Debian-exim "/lab/exim/$operator"
    echo "/lab/exim-$operator.conf"
done < /lab/operators > /etc/exim4/trusted_configs
send() {{
    [ ! -s "/lab/$2-$1" ] || printf 'Subject: %s\n\nA mail.\n' "$1" |
        exim4 -C "/lab/exim-$1.conf" "$3" -f "$1@oracle.test" $(cat "/lab/$2-$1")
}}
send_all() {{
    for try in $(seq {TRIES - 1}); do
        send "$1" again -odf
        rm -rf "/lab/exim/$1/spool/db"
    done
    send "$1" recipients -odb
}}
while read -r operator; do
    send_all "$operator" &
done < /lab/operators
read -r _ || :
"""

_END = re.compile(
    r"^\S+ \S+ \S+ (?P<sign>=>|->|==|\*\*) "
    # For an alias it writes to whom it leads, and the address itself behind that.
    r"(?:\S+ <)?[^@ ]+@(?P<domain>[^ :>]+)>?:? (?P<text>.*)"
)
_HOST = re.compile(r"^\S+ \S+ \S+ (?P<text>.*?\bH=(?P<host>\S+) \[.*)")
_SENDERS = "oracle.test"
_FATES = {"=>": Fate.ACCEPTED, "->": Fate.ACCEPTED, "==": Fate.RETRIED, "**": Fate.BOUNCED}


def _configure(folder: Path, operators: Sequence[Operator]) -> str:
    for operator in operators:
        name = operator.name
        configuration = _CONFIGURATION.format(name=name, transport=_transport(operator))
        (folder / f"exim-{name}.conf").write_text(configuration)
    return _SEND


def _transport(operator: Operator) -> str:
    tls = operator.tls
    unwanted = [
        f"-VERS-TLS{version}" for version in TlsVersion if not tls.minimum <= version <= tls.maximum
    ]
    settings = {
        "driver": "smtp",
        "connect_timeout": "5s",
        # As long as some servers of the lab take for their greetings, and no longer.
        "command_timeout": "45s",
        "data_timeout": "15s",
        "final_timeout": "15s",
        "hosts_max_try": str(operator.delivery.address_limit),
        "hosts_try_dane": "",
        "tls_verify_certificates": "/lab/ca.pem",
        "tls_require_ciphers": ":".join(["NORMAL", *unwanted]),
        "hosts_require_tls": "" if tls.level is Level.MAY else "*",
        "tls_verify_hosts": "*" if tls.level in {Level.VERIFY, Level.SECURE} else "",
    }
    if tls.sni:
        settings["tls_sni"] = "$host"
    return _lines(settings)


def _lines(settings: Mapping[str, str]) -> str:
    return "".join(f"  {key} = {text}\n" for key, text in settings.items())


def _read(folder: Path) -> Found:
    return {log.parent.name: _read_log(log) for log in (folder / "exim").glob("*/main")}


def _read_log(log: Path) -> Mapping[str, Sequence[Delivery]]:
    found: defaultdict[str, list[Delivery]] = defaultdict(list)
    said: defaultdict[str, list[str]] = defaultdict(list)
    for line in log.read_text(errors="replace").splitlines():
        # Reports of what bounced go through the same queue.
        if (end := _END.search(line)) and end["domain"] != _SENDERS:
            reasons = (*said.pop(end["domain"], ()), end["text"])
            found[end["domain"]].append(Delivery(_FATES[end["sign"]], reasons))
        elif host := _HOST.search(line):
            said[_domain_of(host["host"])].append(host["text"])
    return found


def _domain_of(host: str) -> str:
    names = (domain.domain for domain in DOMAINS)
    return next((name for name in names if host == name or host.endswith(f".{name}")), host)


def _sender(system: System) -> Sender:
    def speaks_for(profile: Profile) -> bool:
        delivery = profile.operator.delivery
        return delivery.system is system and delivery.server is Server.EXIM

    return Sender(
        root=system_root(system),
        # Exim does not validate.
        resolver=CREDULOUS_RESOLVER,
        speaks_for=speaks_for,
        configure=_configure,
        read=_read,
    )


SENDERS = tuple(_sender(system) for system in RELEASES)
"""One for each system."""
