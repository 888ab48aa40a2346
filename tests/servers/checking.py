"""Checks the domain of the pages: its zone as they show it, its mail server on this machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import dns.rdatatype
import dns.zone

from checker import operators
from checker.check import Checker
from checker.conversation.trust import Trust
from checker.domain import parse
from checker.network import Network, Stream
from checker.network.addresses import permission
from checker.network.connector import TcpConnector
from tests.checker.handmade import HandmadeDns, HandmadeStsPolicies
from tests.servers.machine import shown

DOMAIN = "example.org"

_FURTHER = Path(__file__).parents[1] / "lab" / "operators"


@dataclass(frozen=True, slots=True)
class Published:
    """What the domain publishes besides the name and the address of its mail server.

    Attributes:
        zone: Further lines of the zone.
        policy: The policy file of MTA-STS.
    """

    zone: str = ""
    policy: str = ""


class _Here:
    """Connects to this machine, whatever address the zone names."""

    def __init__(self) -> None:
        self._tcp = TcpConnector(permission(["127.0.0.0/8"]))

    async def connect(self, _address: str, port: int) -> Stream:
        return await self._tcp.connect("127.0.0.1", port)


async def check(
    authority: Path, operator: str = "careful", published: Published | None = None
) -> tuple[str, str]:
    """Check the domain.

    Args:
        authority: The certificate of who is trusted.
        operator: Whose mail server is simulated.
        published: What the domain publishes.

    Returns:
        The outcome, and the id of the problem that comes first.
    """
    published = published or Published()
    network = Network(
        resolver=HandmadeDns(*_records(shown("dns/mail.zone") + published.zone), signed=True),
        connector=_Here(),
        sts_fetcher=HandmadeStsPolicies({DOMAIN: published.policy.encode()}),
        permits=lambda _: True,
        client_name="checker.example.net",
    )
    known = operators.load if operator in operators.names() else _further
    checker = Checker(network, Trust([authority]))
    verdict = (await checker.check(parse(DOMAIN), known(operator))).verdict
    await checker.close()
    return verdict.outcome, verdict.troubles[0].id


def _records(zone: str) -> Iterable[str]:
    parsed = dns.zone.from_text(zone, DOMAIN, relativize=False, check_origin=False)
    for name, _, rdata in parsed.iterate_rdatas():
        owner = name.to_text(omit_final_dot=True)
        yield f"{owner} {dns.rdatatype.to_text(rdata.rdtype)} {rdata}"


def _further(operator: str) -> operators.Operator:
    return operators.load_file(_FURTHER / f"{operator}.toml")
