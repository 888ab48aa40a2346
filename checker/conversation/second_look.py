"""Further connections to one address, where the first one left a doubt. Two at the most.

They only tell why; whether the mail would go through, the first one has shown.
"""

from dataclasses import dataclass

from checker.certificate.faults import may_depend_on_name
from checker.certificate.shown import read
from checker.conversation.probe import Probe
from checker.conversation.session import converse, greet_by_hand
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.facts import Choice, Connection, Failure, Handshake
from checker.network import Network
from checker.network.addresses import is_ip_address
from checker.tls_version import VERSIONS, TlsVersion

_OLDEST = TlsVersion.TLS_1_0
_NEWEST = TlsVersion.TLS_1_3


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
            explained = first.finding and first.finding.id == "tls-client-certificate-required"
            return shown.failure is not Failure.NOT_TLS and not explained
        if VERSIONS[shown.version] < self.probe.minimum:
            return False
        return _shows_group(shown) or self._may_need_sni(shown)

    async def look(self, first: Connection) -> tuple[Connection | None, Choice | None]:
        """Look for what would settle the doubt.

        Args:
            first: The first connection, which is over.

        Returns:
            A connection with another offer, and what the server chose of a hello written by hand;
            either only where it was asked for.
        """
        shown = first.handshake or Handshake()
        if shown.version is None:
            return await self._why_it_failed(shown)
        if self._may_need_sni(shown):
            return await self._with_name(_OLDEST, self.probe.maximum), None
        return None, await self._by_hand(diffie_hellman_only=True)

    async def _why_it_failed(self, shown: Handshake) -> tuple[Connection | None, Choice | None]:
        second = None
        if self._may_take_another_offer(shown):
            # A server that names the missing name is asked for nothing but that.
            named = "unrecognized name" in shown.reason
            second = await self._with_name(_OLDEST, self.probe.maximum if named else _NEWEST)
            # Where it no longer gets as far as TLS, there were enough connections for this minute.
            if second.handshake is None or second.handshake.version is not None:
                return second, None
        return second, await self._by_hand()

    async def _with_name(self, minimum: TlsVersion, maximum: TlsVersion) -> Connection:
        offer = Offer(minimum, maximum, self.probe.host)
        connection, conversation = await converse(
            self.probe.address, offer, self.network, self.trust
        )
        if conversation is not None:
            await conversation.quit()
        return connection

    async def _by_hand(self, *, diffie_hellman_only: bool = False) -> Choice:
        named = self.probe.sni and not is_ip_address(self.probe.host)
        return await greet_by_hand(
            self.probe.address,
            self.probe.host if named else None,
            self.network,
            diffie_hellman_only=diffie_hellman_only,
        )

    def _may_need_sni(self, shown: Handshake) -> bool:
        return self._may_name() and may_depend_on_name(read(shown), self.probe.expected)

    def _may_name(self) -> bool:
        """Whether there is a name to ask for that was not asked for yet."""
        return not self.probe.sni and not is_ip_address(self.probe.host)

    def _may_take_another_offer(self, shown: Handshake) -> bool:
        """Whether a newer version or a server name may change what the server does."""
        if self.probe.maximum < _NEWEST:
            return True
        return self._may_name() and "protocol version" not in shown.reason


def _shows_group(shown: Handshake) -> bool:
    return shown.cipher is not None and shown.cipher.startswith("DHE-")
