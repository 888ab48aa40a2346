"""Postfix: one queue, and for each level a delivery agent."""

import re
from collections import defaultdict
from pathlib import Path

from tests.bounces.senders.sender import MAIL, Logs, Sender
from tests.lab.root import Root

LEVELS = ("verify", "may", "encrypt", "dane", "dane-only", "sts")

# Patience is shortened, so that those who never answer are given up soon. With a lifetime of
# nothing a mail is tried once.
_MAIN = """\
compatibility_level = 3.6
queue_directory = /var/spool/postfix
maillog_file = /lab/sender.log
maillog_file_prefixes = /lab
myhostname = mail.sender.example
mydomain = sender.example
myorigin = sender.example
inet_interfaces = 127.0.0.1
inet_protocols = all
mydestination =
alias_maps =
alias_database =
local_transport = error:no local mail
maximal_queue_lifetime = 0
bounce_queue_lifetime = 0
enable_long_queue_ids = yes
tls_random_source = dev:/dev/urandom
smtp_tls_CAfile = /lab/ca.pem
smtp_tls_loglevel = 1
smtp_connection_cache_on_demand = no
smtp_per_request_deadline = yes
smtp_connect_timeout = 5s
smtp_helo_timeout = 15s
smtp_starttls_timeout = 15s
smtp_mail_timeout = 15s
smtp_rcpt_timeout = 15s
smtp_data_init_timeout = 15s
smtp_data_done_timeout = 15s
smtp_quit_timeout = 1s
sender_dependent_default_transport_maps = inline:{{ {transports} }}
"""

_SERVICES = """\
pickup    unix  n - n 1 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
error     unix  - - n - - error
retry     unix  - - n - - error
showq     unix  n - n - - showq
postlog   unix-dgram n - n - 1 postlogd
smtp      unix  - - n - 20 smtp
"""

# The policies of MTA-STS come from a program beside Postfix.
_STS = """\
host: 127.0.0.1
port: 8461
reuse_port: true
cache:
  type: internal
default_zone:
  strict_testing: false
  timeout: 4
"""

_SEND = """\
set -eu
cp /lab/main.cf /lab/master.cf /etc/postfix/
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
exec >> /lab/daemons.log 2>&1
postfix check
SSL_CERT_FILE=/lab/ca.pem mta-sts-daemon -c /lab/mta-sts.yml &
"$(postconf -h daemon_directory)/master" -d -c /etc/postfix &
while read -r level recipient; do
    mail "$level" "$recipient" | sendmail -f "$level@sender.example" "$recipient"
done < /lab/mails
until [ -z "$(postqueue -j)" ]; do sleep 0.2; done
touch /lab/done
read -r _ || :
"""

_AGENT = re.compile(r" (?P<level>[a-z-]+)/smtp\[(?P<process>\d+)\]: (?P<text>.*)$")
_END = re.compile(r"^\w+: to=<[^@>]*@(?P<domain>[^>]+)>, .*status=(?P<status>\w+)")
_BOOKKEEPING = re.compile(r"TLS connection established|dnssec_probe|DNSSEC validation may be")


def _configure(folder: Path) -> str:
    transports = ", ".join(f"{{ {level}@sender.example = {level}: }}" for level in LEVELS)
    (folder / "main.cf").write_text(_MAIN.format(transports=transports))
    (folder / "master.cf").write_text(_SERVICES + "".join(map(_agent, LEVELS)))
    (folder / "mta-sts.yml").write_text(_STS)
    return MAIL + _SEND


def _agent(level: str) -> str:
    settings = {
        "syslog_name": level,
        "smtp_tls_security_level": "may" if level == "sts" else level,
        "smtp_tls_protocols": ">=TLSv1.2",
        "smtp_tls_mandatory_protocols": ">=TLSv1.2",
    }
    if level.startswith("dane"):
        settings["smtp_dns_support_level"] = "dnssec"
    if level == "sts":
        settings["smtp_tls_policy_maps"] = "socketmap:inet:127.0.0.1:8461:postfix"
    options = "".join(f"  -o {{ {name} = {value} }}\n" for name, value in settings.items())
    return f"{level} unix - - n - 20 smtp\n{options}"


def _logs(folder: Path) -> Logs:
    found: dict[tuple[str, str], list[str]] = {}
    said: defaultdict[str, list[str]] = defaultdict(list)
    for line in (folder / "sender.log").read_text("latin-1").splitlines():
        if not (agent := _AGENT.search(line)):
            continue
        if not _BOOKKEEPING.search(line):
            said[agent["process"]].append(line)
        if end := _END.search(agent["text"]):
            lines = said.pop(agent["process"])
            # The line at the end says what the report says.
            if end["status"] != "sent" and len(lines) > 1:
                found[agent["level"], end["domain"]] = lines
    return found


POSTFIX = Sender(
    name="postfix",
    root=Root("postfix", ("postfix", "postfix-mta-sts-resolver")),
    levels=LEVELS,
    configure=_configure,
    logs=_logs,
)
"""Postfix."""
