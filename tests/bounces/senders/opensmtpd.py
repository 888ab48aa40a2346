"""OpenSMTPD: one queue, and for each level an action."""

import re
from collections import defaultdict
from pathlib import Path

from tests.bounces.senders.sender import MAIL, SYSLOG, Logs, Sender, syslog
from tests.lab.root import Root
from tests.lab.servers import MAIL_SERVERS

# What fails for a while is not tried again at once, so that each domain gets only one mail.
_LEVELS = {"verify": "tls", "may": ""}

_MAIN = """\
queue ttl 1s
bounce warn-interval 5d
listen on socket
action "reports" relay helo "mail.sender.example"
match from any for domain "sender.example" action "reports"
"""

_SEND = """\
set -eu
rm -f /etc/resolv.conf
grep nameserver /lab/resolv.conf > /etc/resolv.conf
cp /lab/smtpd.conf /etc/smtpd.conf
echo mail.sender.example > /etc/mailname
mkdir -p /etc/ssl/certs
cp /lab/ca.pem /etc/ssl/certs/ca-certificates.crt
cp /lab/ca.pem /etc/ssl/cert.pem
exec >> /lab/daemons.log 2>&1
# Debian 12's ends now and then by freeing memory twice. Its queue outlives that.
while :; do smtpd -F -f /etc/smtpd.conf || :; sleep 0.5; done &
until smtpctl show status; do sleep 0.1; done
while read -r level recipient; do
    until mail "$level" "$recipient" | sendmail -f "$level@sender.example" "$recipient"; do
        sleep 1
    done
    sleep 0.3
done < /lab/mails
until [ -z "$(find /var/spool/smtpd/queue /var/spool/smtpd/incoming -type f)" ]; do
    sleep 0.5
done
touch /lab/done
read -r _ || :
"""


_SPEAKER = re.compile(r" smtpd\[\d+\]: (?P<session>\w{16}) mta (?P<text>.*)")
_HOST = re.compile(r"^connecting .* host=(?P<host>\S+)")
_END = re.compile(
    r"^delivery evpid=\w+ from=<(?P<level>[^@>]+)@.* to=<[^@>]*@(?P<domain>[^>]+)>"
    r'.* result="(?:Temp|Perm)Fail"'
)


def _configure(folder: Path) -> str:
    levels = "".join(
        f'action "{level}" relay {options} helo "mail.sender.example"\n'
        f'match from any mail-from "{level}@sender.example" for any action "{level}"\n'
        for level, options in _LEVELS.items()
    )
    (folder / "smtpd.conf").write_text(_MAIN + levels)
    return MAIL + SYSLOG + _SEND


def _logs(folder: Path) -> Logs:
    found: dict[tuple[str, str], list[str]] = {}
    errors: defaultdict[str, list[str]] = defaultdict(list)
    hosts: dict[str, str] = {}
    for line in syslog(folder):
        if not (speaker := _SPEAKER.search(line)):
            continue
        if host := _HOST.search(speaker["text"]):
            hosts[speaker["session"]] = host["host"]
        elif speaker["text"].startswith("error "):
            errors[_domain_of(hosts[speaker["session"]])].append(line)
        elif end := _END.search(speaker["text"]):
            domain = end["domain"]
            found.setdefault((end["level"], domain), [*errors.pop(domain, ()), line])
    # It ended before it could say what became of the mail.
    for domain, lines in errors.items():
        found.setdefault(("verify", domain), lines)
    return found


def _domain_of(host: str) -> str:
    server = MAIL_SERVERS.get(host)
    return server.domain.domain if server else host.partition(".")[2]


OPENSMTPD = Sender(
    name="opensmtpd",
    root=Root("opensmtpd", ("opensmtpd",)),
    levels=tuple(_LEVELS),
    configure=_configure,
    logs=_logs,
    unfit=frozenset(
        {
            "endless-greeting.test",
            "first-no-starttls.test",
            "first-starttls-454.test",
            "ipv4-dead.test",
            "ipv6-only.test",
            "many-servers.test",
            "one-byte-a-second.test",
            "silent.test",
            "tls-hangs.test",
        }
    ),
)
"""OpenSMTPD, as a sender."""
