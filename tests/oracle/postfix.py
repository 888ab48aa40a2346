"""Postfix as a sender: one queue, and for every operator a delivery agent set as it says."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from checker.operators import Level, Operator, TemporaryTlsFailure
from checker.senders import Server, System
from tests.lab import instance
from tests.lab.model import CREDULOUS_RESOLVER, RESOLVER
from tests.oracle.fate import Delivery, Fate
from tests.oracle.profiles import Profile
from tests.oracle.sender import TRIES, Found, Sender
from tests.senders.systems import RELEASES, system_root

# A mail is tried once, whatever became of another one before.
# A server that need not encrypt does without when it tries again: that is what is of interest.
_MAIN = (
    instance.SENDER_MAIN
    + instance.IMPATIENT
    + """\
myhostname = sender.oracle.test
local_transport = discard
minimal_backoff_time = 1h
default_destination_concurrency_failed_cohort_limit = 0
sender_dependent_default_transport_maps = inline:{{ {transports} }}
"""
)

# Like most that send it listens itself, and meets itself at 0.0.0.0.
_SERVICES = (
    instance.SENDER_SERVICES
    + """\
127.0.0.1:25 inet n - n - - smtpd
  -o smtpd_peername_lookup=no
  -o smtpd_client_event_limit_exceptions=static:all
  -o local_recipient_maps=
discard   unix  - - n - - discard
"""
)

_SEND = (
    instance.INSTALL
    + instance.SET_UP
    + instance.START_MTA_STS
    + rf"""
send() {{
    [ ! -s "/lab/$2-$1" ] || printf 'Subject: %s\n\nA mail.\n' "$1" |
        sendmail -f "$1@oracle.test" $(cat "/lab/$2-$1")
}}
while read -r operator; do
    send "$operator" recipients
    for try in $(seq {TRIES - 1}); do
        send "$operator" again
    done
done < /lab/operators
# A mail that is older than minimal_backoff_time counts as one that is tried again.
sleep 2
"""
    + instance.START
    + """\
read -r _ || :
"""
)

_SENDER = re.compile(r"/qmgr\[\d+\]: (?P<mail>\w+): from=<(?P<operator>[^@>]+)@oracle\.test>")
_END = re.compile(
    r" (?P<mail>\w+): to=<[^@>]*@(?P<domain>[^>]+)>, .*"
    r"status=(?P<status>sent|deferred|bounced) \((?P<text>.*)\)$"
)
_SPEAKER = re.compile(r" \S+/smtp\[(?P<process>\d+)\]: (?P<text>.*)$")
_FATES = {"sent": Fate.ACCEPTED, "deferred": Fate.RETRIED, "bounced": Fate.BOUNCED}


def _configure(folder: Path, operators: Sequence[Operator]) -> str:
    transports = ", ".join(
        f"{{ {operator.name}@oracle.test = {operator.name}: }}" for operator in operators
    )
    (folder / "main.cf").write_text(_MAIN.format(transports=transports))
    (folder / "master.cf").write_text(_SERVICES + "".join(map(_agent, operators)))
    (folder / "mta-sts.yml").write_text(instance.MTA_STS)
    (folder / "one-attempt").write_text("/^4(.*)/ 5$1\n")
    (folder / "bounce-tls").write_text("/^4(\\.7\\.[45] .*)/ 5$1\n")
    return _SEND


def _agent(operator: Operator) -> str:
    tls, delivery = operator.tls, operator.delivery
    versions = f">=TLSv{tls.minimum}, <=TLSv{tls.maximum}".replace("TLSv1.0", "TLSv1")
    settings = {
        "syslog_name": operator.name,
        "smtp_tls_security_level": str(tls.level),
        "smtp_tls_protocols": versions,
        "smtp_tls_mandatory_protocols": versions,
        "smtp_mx_address_limit": str(delivery.address_limit),
        "inet_protocols": "all" if delivery.ipv6 else "ipv4",
        # As long as some servers of the lab take for their greetings, and no longer.
        "smtp_helo_timeout": "45s",
    }
    if tls.level in {Level.DANE, Level.DANE_ONLY}:
        settings["smtp_dns_support_level"] = "dnssec"
    if tls.level in {Level.MAY, Level.DANE}:
        settings["minimal_backoff_time"] = "1s"
    if tls.mta_sts:
        settings["smtp_tls_policy_maps"] = "socketmap:inet:127.0.0.1:8461:postfix"
    if tls.sni:
        settings["smtp_tls_servername"] = "hostname"
    if delivery.tries_once:
        settings["smtp_delivery_status_filter"] = "regexp:/lab/one-attempt"
    elif delivery.temporary_tls_failure is TemporaryTlsFailure.BOUNCE:
        settings["smtp_delivery_status_filter"] = "regexp:/lab/bounce-tls"
    options = "".join(f"  -o {{ {name} = {value} }}\n" for name, value in settings.items())
    return f"{operator.name} unix - - n - 8 smtp\n{options}"


def _read(folder: Path) -> Found:
    operators: dict[str, str] = {}
    found: defaultdict[str, defaultdict[str, list[Delivery]]] = defaultdict(
        lambda: defaultdict(list)
    )
    said: defaultdict[str, list[str]] = defaultdict(list)
    log = folder / "sender.log"
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        if sender := _SENDER.search(line):
            operators[sender["mail"]] = sender["operator"]
        speaker = _SPEAKER.search(line)
        process, text = (speaker["process"], speaker["text"]) if speaker else ("", "")
        # Reports of what bounced go through the same queue.
        if (end := _END.search(line)) and end["mail"] in operators:
            reasons = (*said.pop(process, ()), end["text"])
            delivery = Delivery(_FATES[end["status"]], reasons)
            found[operators[end["mail"]]][end["domain"]].append(delivery)
        elif speaker:
            said[process].append(text)
    return found


def _sender(system: System, *, validating_resolver: bool) -> Sender:
    def speaks_for(profile: Profile) -> bool:
        operator = profile.operator
        return (
            operator.delivery.system is system
            and operator.delivery.server is Server.POSTFIX
            and operator.tls.validating_resolver is validating_resolver
        )

    return Sender(
        root=system_root(system),
        resolver=RESOLVER if validating_resolver else CREDULOUS_RESOLVER,
        speaks_for=speaks_for,
        configure=_configure,
        read=_read,
    )


SENDERS = tuple(
    _sender(system, validating_resolver=validates)
    for system in RELEASES
    for validates in (False, True)
)
"""One for each kind of resolver, since a server has but one."""
