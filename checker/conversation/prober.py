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

    async def once(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        """Make the first connection alone: what it shows does not depend on the host's name.

        That holds unless the sender says the name in its hello.

        Args:
            probe: The address, and what the sender would want there.
            watch: Is told each stage as it begins.
        """
        from checker.conversation.looking import look_once  # noqa: PLC0415

        return await look_once(probe, watch, self._network, self._trust)

    async def leaves_doubt(self, probe: Probe, seen: Seen) -> bool:
        """Whether :meth:`closer` would connect again, for what was seen and this host's name."""
        from checker.conversation.looking import leaves_doubt  # noqa: PLC0415

        return await leaves_doubt(probe, seen, self._network, self._trust)

    async def closer(self, probe: Probe, seen: Seen) -> Seen:
        """Make the further connections for what :meth:`once` saw, whose connection has ended."""
        from checker.conversation.looking import look_closer  # noqa: PLC0415

        closer, _ = await look_closer(probe, seen, None, self._network, self._trust)
        return closer
