"""Which address each mail server of the lab has."""

from dataclasses import dataclass

from tests.lab.domains import DOMAINS
from tests.lab.expectations import HAS_IPV6
from tests.lab.model import FIRST_MAIL_SERVER, IPV6, Address, LabDomain, Postfix, Scripted, Tlsa


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server with its name and address; without a ``server`` nothing listens there.

    Attributes:
        id: Its name, and a number where several have the same name.
    """

    id: str
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
            for number, server in enumerate((host.server, *host.others), 1):
                id_ = name if number == 1 else f"{name}-{number}"
                address = IPV6 if host.ipv6 else FIRST_MAIL_SERVER + len(servers)
                servers[id_] = MailServer(
                    id_, domain, name, host.preference, address, server, host.tlsa
                )
    return servers


MAIL_SERVERS: dict[str, MailServer] = _mail_servers()
"""Every mail server by its id, which is its name where it alone has that name."""

RUNNING: tuple[MailServer, ...] = tuple(
    host for host in MAIL_SERVERS.values() if host.server and (HAS_IPV6 or host.address != IPV6)
)
"""The mail servers that answer."""
