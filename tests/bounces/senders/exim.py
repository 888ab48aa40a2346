"""Exim: one queue, and for each level a router and a transport."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.bounces.senders.sender import MAIL, Logs, Sender
from tests.lab.root import Root

# Patience is shortened, so that those who never answer are given up soon. Without a rule for
# retries Exim gives up after the first attempt. What is to be tried again gets a warning at once.
_MAIN = """\
primary_hostname = mail.sender.example
qualify_domain = sender.example
keep_environment =
tls_advertise_hosts =
log_file_path = /lab/exim/%s
log_selector = +tls_certificate_verified +smtp_confirmation
remote_max_parallel = 20
queue_run_max = 20
local_interfaces = 127.0.0.1
bounce_return_size_limit = 10K
delay_warning = 1s
begin retry
* * senders=delayed@sender.example F,4d,1h
"""

_SEND = """\
set -eu
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
cp /lab/exim.conf /etc/exim4/exim4.conf
echo sender.example > /etc/mailname
chmod 755 /lab
install -d -o Debian-exim -g Debian-exim /lab/exim /run/exim4
exec >> /lab/daemons.log 2>&1
while read -r level recipient; do
    mail "$level" "$recipient" | exim4 -odq -f "$level@sender.example" "$recipient"
done < /lab/mails
# By then they are old enough for a warning.
sleep 2
ls /var/spool/exim4/input | sed -n 's/-H$//p' | xargs -r -P 12 -n 1 exim4 -Mc
# What was told of those that are delayed is enough.
until [ "$(exim4 -bpr | grep -c '<>')" = 0 ]; do exim4 -q; sleep 1; done
touch /lab/done
read -r _ || :
"""

LEVELS = ("verify", "may", "encrypt", "dane", "delayed")

_ARRIVAL = re.compile(r"^\S+ \S+ (?P<mail>\S+) <= (?P<level>[^@ ]+)@sender\.example ")
_OF_MAIL = re.compile(r"^\S+ \S+ (?P<mail>\w{6}-\w{6,11}-\w{2,4}) (?P<text>.*)")
_BOOKKEEPING = re.compile(r" Completed$|Spool file .* is locked|retry time not reached")
_END = re.compile(r"^(?:==|\*\*) [^@ ]+@(?P<domain>[^ :]+)")


def _configure(folder: Path) -> str:
    routers = "".join(map(_router, LEVELS))
    transports = "".join(map(_transport, LEVELS))
    reports = (
        "reports:\n  driver = dnslookup\n  senders = :\n  transport = reports\n",
        "reports:\n  driver = smtp\n  hosts_try_dane =\n",
    )
    (folder / "exim.conf").write_text(
        f"{_MAIN}begin routers\n{reports[0]}{routers}begin transports\n{reports[1]}{transports}"
    )
    return MAIL + _SEND


def _router(level: str) -> str:
    settings = {
        "driver": "dnslookup",
        "senders": f"{level}@sender.example",
        "transport": level,
    }
    if level == "dane":
        settings["dnssec_request_domains"] = "*"
    return _section(level, settings)


def _transport(level: str) -> str:
    settings = {
        "driver": "smtp",
        "connect_timeout": "5s",
        "command_timeout": "15s",
        "data_timeout": "15s",
        "final_timeout": "15s",
        "dnssec_request_domains": "*" if level == "dane" else "",
        "hosts_try_dane": "*" if level == "dane" else "",
        "tls_verify_certificates": "/lab/ca.pem",
        "tls_require_ciphers": "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1",
        "hosts_require_tls": "" if level == "may" else "*",
        "tls_verify_hosts": "*" if level in {"verify", "delayed"} else "",
    }
    return _section(level, settings)


def _section(name: str, settings: Mapping[str, str]) -> str:
    return f"{name}:\n" + "".join(f"  {key} = {text}\n" for key, text in settings.items())


def _logs(folder: Path) -> Logs:
    levels: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    found: dict[tuple[str, str], list[str]] = {}
    for line in (folder / "exim" / "main").read_text("latin-1").splitlines():
        if arrival := _ARRIVAL.search(line):
            levels[arrival["mail"]] = arrival["level"]
        elif _BOOKKEEPING.search(line):
            continue
        elif (of_mail := _OF_MAIL.search(line)) and (level := levels.get(of_mail["mail"])):
            lines.setdefault(of_mail["mail"], []).append(line)
            if end := _END.search(of_mail["text"]):
                found[level, end["domain"]] = lines[of_mail["mail"]]
    return found


EXIM = Sender(
    name="exim",
    root=Root("exim", ("exim4-daemon-light",)),
    levels=LEVELS,
    configure=_configure,
    logs=_logs,
)
"""Exim, as Debian builds it: with GnuTLS."""
