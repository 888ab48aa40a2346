"""Further connections to one address, where the first one left a doubt. Two at the most.

They only tell why; whether the mail would go through, the first one has shown.
"""

from dataclasses import dataclass, replace

from checker.certificate.faults import may_depend_on_name
from checker.certificate.shown import read
from checker.conversation.probe import Probe
from checker.conversation.refusals import refusal
from checker.conversation.session import converse, greet_by_hand
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.facts import Connection, Failure, Handshake, Seen
from checker.network import Network
from checker.network.addresses import is_ip_address
from checker.tls_version import TlsVersion

_EXPLAINED = {"certificate-invalid", "tls-client-certificate-required"}
"""Why a handshake failed, where no other hello would help."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Looks at one address again.

    Attributes:
        probe: The address.
        network: The outside world.
        trust: The certificate authorities.
    """

    probe: Probe
    network: Network
    trust: Trust

    def is_needed(self, first: Connection) -> bool:
        """Whether the first connection left a doubt."""
        shown = first.handshake
        if shown is None:
            return False
        if shown.version is None:
            explained = first.finding is not None and first.finding.id in _EXPLAINED
            return shown.failure not in {Failure.NOT_TLS, Failure.FLOOD} and not explained
        return self._may_name() and may_depend_on_name(read(shown), self.probe.expected)

    async def look(self, seen: Seen) -> Seen:
        """Look for what would settle the doubt.

        Args:
            seen: With the first connection, which is over.

        Returns:
            The same with what further connections showed.
        """
        shown = seen.first.handshake or Handshake()
        if shown.version is not None or (self._may_name() and "unrecognized name" in shown.reason):
            return replace(seen, named=await self._named())
        widened = await self._converse(
            Offer(TlsVersion.TLS_1_0, TlsVersion.TLS_1_3, self._server_name())
        )
        seen = replace(seen, widened=widened)
        if widened.handshake is None:
            # It no longer gets as far as TLS: enough connections for this minute.
            return seen
        if widened.handshake.version is None:
            named = self._may_name() or self.probe.sni
            name = self.probe.host if named and not is_ip_address(self.probe.host) else None
            choice = await greet_by_hand(self.probe.address, name, self.network)
            return replace(seen, choice=choice)
        probe = self.probe
        refused = refusal(probe.rules, probe.minimum, probe.maximum, widened.handshake)
        if refused is None and self._may_name():
            return replace(seen, named=await self._named())
        return seen

    async def _named(self) -> Connection:
        """What the server shows to the sender's own hello with its name in it."""
        probe = self.probe
        return await self._converse(Offer(probe.minimum, probe.maximum, probe.host, probe.rules))

    async def _converse(self, offer: Offer) -> Connection:
        connection, conversation = await converse(
            self.probe.address, offer, self.network, self.trust
        )
        if conversation is not None:
            await conversation.quit()
        return connection

    def _server_name(self) -> str | None:
        return self.probe.host if self.probe.sni else None

    def _may_name(self) -> bool:
        """Whether there is a name to ask for that was not asked for yet."""
        return not self.probe.sni and not is_ip_address(self.probe.host)
