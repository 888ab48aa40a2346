"""What is asked of an address, and who can ask it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from checker.conversation.smtp import Conversation
from checker.facts import Seen
from checker.problems import Stage
from checker.senders import Server, System, profile
from checker.senders.hello import Checking, Rules
from checker.tls_version import TlsVersion

Watch = Callable[[Stage], None]
"""Is told each stage as it begins."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One address, and what a sender would want there.

    Attributes:
        host: Name of the mail server, as the MX record has it.
        address: Its IP address.
        expected: Names of which the certificate must bear one; a leading dot stands for any below.
        minimum: Lowest version that the sender takes.
        maximum: Highest version that it offers.
        sni: It names the host in its hello (RFC 6066 section 3).
        server: The sender's software.
        system: What that runs on.
        checking: How far it looks at certificates there, which changes its hello.
    """

    host: str
    address: str
    expected: tuple[str, ...]
    minimum: TlsVersion
    maximum: TlsVersion
    sni: bool
    server: Server
    system: System
    checking: Checking

    @property
    def rules(self) -> Rules:
        """What the sender's TLS library offers and takes."""
        return profile(self.server, self.system).rules(self.checking)


class Probing(Protocol):
    """Looks at addresses, or knows already what is to be seen there."""

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Look at one address; see :meth:`checker.conversation.prober.Prober.probe`."""
