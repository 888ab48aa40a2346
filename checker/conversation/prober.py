"""One address, asked the way a sender would, with further connections where a doubt is left."""

from datetime import UTC, datetime

from checker.conversation.probe import Probe, Watch
from checker.conversation.second_look import SecondLook
from checker.conversation.session import converse
from checker.conversation.smtp import Conversation
from checker.conversation.tls import Offer, Trust
from checker.facts import Choice, Connection, Seen
from checker.network import Network
from checker.tls_version import TlsVersion


class Prober:
    """Looks at addresses, for whichever sender."""

    def __init__(self, network: Network, trust: Trust) -> None:
        """Remember what is the same for every address.

        Args:
            network: The outside world.
            trust: The certificate authorities.
        """
        self._network = network
        self._trust = trust

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Look at one address: one connection, and up to two more where a doubt is left.

        Args:
            probe: The address, and what the sender would want there.
            watch: Is told each stage as it begins.

        Returns:
            What was seen; and the conversation where it is still open, to be ended politely when
            there is time: an answer need not wait for a server's good-bye.
        """
        began = datetime.now(UTC)
        # Widened downwards, so that a server which is too old is met and named; never above what
        # the sender's server offers, because that decides what such a server picks.
        offer = Offer(TlsVersion.TLS_1_0, probe.maximum, probe.host if probe.sni else None)
        first, conversation = await converse(
            probe.address, offer, self._network, self._trust, watch
        )
        second: Connection | None = None
        choice: Choice | None = None
        look = SecondLook(probe, self._network, self._trust)
        if look.is_needed(first):
            if conversation is not None:
                # One connection at a time to one host.
                await conversation.quit()
                conversation = None
            second, choice = await look.look(first)
        return Seen(began, first, second, choice), conversation
