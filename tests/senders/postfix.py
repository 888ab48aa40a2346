"""Real Postfix as a sender: for every case a delivery agent set as it says."""

from collections.abc import Mapping, Sequence

from tests.lab import instance
from tests.senders import resolver
from tests.senders.cases import TLSA, Case, Level

_MAIN = (
    instance.MAIN
    + """\
maillog_file = /lab/sender.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = sender.test
sender_dependent_default_transport_maps = inline:{{ {transports} }}
"""
)

_SEND = """\
while read -r case; do
    printf 'Subject: %s\\n\\nA mail.\\n' "$case" |
        sendmail -f "$case@sender.test" anna@receiver.test
done < /lab/cases
"""


def files(cases: Sequence[Case], port: int) -> Mapping[str, str]:
    """What the script reads, by name."""
    transports = ", ".join(
        f"{{ {case.name}@sender.test = {case.name}:[{case.host}]:{port} }}" for case in cases
    )
    return {
        "main.cf": _MAIN.format(transports=transports),
        "master.cf": instance.SENDER_SERVICES + "".join(map(_agent, cases)),
        "resolv.conf": f"nameserver {resolver.ADDRESS}\noptions trust-ad edns0\n",
        "cases": "".join(f"{case.name}\n" for case in cases),
    }


SCRIPT = instance.INSTALL + instance.SET_UP + _SEND + instance.START + "read -r _ || :\n"
"""Sends a mail for each case."""


def _agent(case: Case) -> str:
    versions = f">=TLSv{case.minimum}, <=TLSv{case.maximum}".replace("TLSv1.0", "TLSv1")
    settings = {
        "smtp_helo_name": case.name,
        "smtp_tls_security_level": str(Level.DANE if case.level in TLSA else case.level),
        "smtp_tls_mandatory_protocols": versions,
    }
    if case.level in TLSA:
        settings["smtp_dns_support_level"] = "dnssec"
    elif case.sni:
        settings["smtp_tls_servername"] = case.host
    options = "".join(f"  -o {{ {name} = {value} }}\n" for name, value in settings.items())
    return f"{case.name} unix - - n - 4 smtp\n{options}"
