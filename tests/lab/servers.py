"""Which address each mail server of the lab has."""

from dataclasses import dataclass

from tests.lab.domains import DOMAINS, HAS_IPV6
from tests.lab.model import FIRST_MAIL_SERVER, IPV6, Address, LabDomain, Postfix, Scripted, Tlsa


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server with its name and address; without a ``server`` nothing listens there."""

    domain: LabDomain
    name: str
    preference: int | None
    address: Address
    server: Postfix | Scripted | None
    tlsa: tuple[Tlsa, ...]


def _mail_servers() -> dict[str, MailServer]:
    servers: dict[str, MailServer] = {}
    for domain in DOMAINS:
        for host in domain.hosts:
            name = f"{host.label}.{domain.domain}".lstrip(".")
            address = IPV6 if host.ipv6 else FIRST_MAIL_SERVER + len(servers)
            servers[name] = MailServer(
                domain, name, host.preference, address, host.server, host.tlsa
            )
    return servers


MAIL_SERVERS: dict[str, MailServer] = _mail_servers()
"""Every mail server by its name."""

RUNNING: tuple[MailServer, ...] = tuple(
    host for host in MAIL_SERVERS.values() if host.server and (HAS_IPV6 or host.address != IPV6)
)
"""The mail servers that answer."""
