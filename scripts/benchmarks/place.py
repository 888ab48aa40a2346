"""Where the servers to be looked at are."""

from dataclasses import dataclass
from pathlib import Path

from checker.check import Checker
from checker.production import build_checker
from checker.settings import Settings
from tests.lab import Lab
from tests.lab.servers import MAIL_SERVERS


@dataclass(frozen=True, slots=True)
class Place:
    """A running lab, as its clients see it."""

    resolver: str
    smtp_port: int
    ca_file: Path
    networks: tuple[str, ...]

    @classmethod
    def of(cls, lab: Lab) -> "Place":
        """The place of a running lab."""
        opened: str | list[str] | tuple[str, ...] = lab.allow_network
        networks = (opened,) if isinstance(opened, str) else tuple(opened)
        return cls(lab.resolver, lab.smtp_port, lab.ca_file, networks)

    @staticmethod
    def address(host: str) -> str:
        """A mail server's address."""
        return str(MAIL_SERVERS[host].address)

    def checker(self, resolver: str | None = None, total_timeout: float = 60.0) -> Checker:
        """A checker for this place, perhaps by way of another resolver."""
        return build_checker(
            Settings(
                resolver=resolver or self.resolver,
                smtp_port=self.smtp_port,
                allow_network=self.networks,
                ca_file=self.ca_file,
                ehlo_name="bench.test",
                total_timeout=total_timeout,
            )
        )
