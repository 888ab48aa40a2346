"""What looks at addresses in production and in the lab."""

from checker.conversation.probe import Probe, Watch
from checker.conversation.smtp import Conversation
from checker.conversation.trust import Trust
from checker.facts import Seen
from checker.network import Network


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
        # Not every domain has an address that is asked, and OpenSSL loads slowly.
        from checker.conversation.looking import look  # noqa: PLC0415

        return await look(probe, watch, self._network, self._trust)
