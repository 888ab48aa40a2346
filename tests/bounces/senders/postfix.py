"""Postfix: one queue, and for each level a delivery agent."""

import re
from collections import defaultdict
from pathlib import Path

from tests.bounces.senders.sender import MAIL, Logs, Sender
from tests.lab import instance
from tests.lab.root import Root

LEVELS = ("verify", "may", "encrypt", "dane", "dane-only", "sts")

# With a lifetime of nothing a mail is tried once.
_MAIN = (
    instance.SENDER_MAIN
    + instance.IMPATIENT
    + """\
myhostname = mail.sender.example
mydomain = sender.example
myorigin = sender.example
local_transport = error:no local mail
maximal_queue_lifetime = 0
bounce_queue_lifetime = 0
smtp_tls_loglevel = 1
sender_dependent_default_transport_maps = inline:{{ {transports} }}
"""
)

_SERVICES = (
    instance.SENDER_SERVICES
    + """\
showq     unix  n - n - - showq
smtp      unix  - - n - 20 smtp
"""
)

_SEND = (
    instance.SET_UP
    + instance.START_MTA_STS
    + instance.START
    + """\
while read -r level recipient; do
    mail "$level" "$recipient" | sendmail -f "$level@sender.example" "$recipient"
done < /lab/mails
until [ -z "$(postqueue -j)" ]; do sleep 0.2; done
touch /lab/done
read -r _ || :
"""
)

_AGENT = re.compile(r" (?P<level>[a-z-]+)/smtp\[(?P<process>\d+)\]: (?P<text>.*)$")
_END = re.compile(r"^\w+: to=<[^@>]*@(?P<domain>[^>]+)>, .*status=(?P<status>\w+)")
_BOOKKEEPING = re.compile(
    r"TLS connection established|dnssec_probe|DNSSEC validation may be|disabling input from"
)


def _configure(folder: Path) -> str:
    transports = ", ".join(f"{{ {level}@sender.example = {level}: }}" for level in LEVELS)
    (folder / "main.cf").write_text(_MAIN.format(transports=transports))
    (folder / "master.cf").write_text(_SERVICES + "".join(map(_agent, LEVELS)))
    (folder / "mta-sts.yml").write_text(instance.MTA_STS)
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
