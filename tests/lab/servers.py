"""Which address each mail server of the lab has."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from tests.lab.domains import DOMAINS
from tests.lab.model import FIRST_MAIL_SERVER, LabDomain, Postfix, Scripted


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server with its name and address; without a ``server`` nothing listens there."""

    domain: LabDomain
    name: str
    preference: int | None
    address: IPv4Address
    server: Postfix | Scripted | None


def _mail_servers() -> dict[str, MailServer]:
    servers: dict[str, MailServer] = {}
    for domain in DOMAINS:
        for host in domain.hosts:
            name = f"{host.label}.{domain.domain}".lstrip(".")
            address = FIRST_MAIL_SERVER + len(servers)
            servers[name] = MailServer(domain, name, host.preference, address, host.server)
    return servers


MAIL_SERVERS: dict[str, MailServer] = _mail_servers()
"""Every mail server by its name."""
