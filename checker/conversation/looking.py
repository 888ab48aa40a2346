"""One address, asked the way a sender would, with further connections where a doubt is left."""

from datetime import UTC, datetime

from checker.conversation.probe import Probe, Watch
from checker.conversation.second_look import SecondLook
from checker.conversation.session import converse
from checker.conversation.smtp import Conversation
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.facts import Seen
from checker.network import Network


async def look(
    probe: Probe, watch: Watch, network: Network, trust: Trust
) -> tuple[Seen, Conversation | None]:
    """Look at one address; see :meth:`checker.conversation.prober.Prober.probe`."""
    began = datetime.now(UTC)
    name = probe.host if probe.sni else None
    offer = Offer(probe.minimum, probe.maximum, name, probe.rules)
    first, conversation = await converse(probe.address, offer, network, trust, watch)
    seen = Seen(began, first)
    further = SecondLook(probe, network, trust)
    if further.is_needed(first):
        if conversation is not None:
            # One connection at a time to one host.
            await conversation.quit()
            conversation = None
        seen = await further.look(seen)
    return seen, conversation
