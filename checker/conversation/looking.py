"""One address, asked the way a sender would, with further connections where a doubt is left."""

from datetime import UTC, datetime

from checker.conversation.probe import Probe, Watch
from checker.conversation.second_look import SecondLook
from checker.conversation.session import converse
from checker.conversation.smtp import Conversation
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.facts import Choice, Connection, Seen
from checker.network import Network
from checker.tls_version import TlsVersion


async def look(
    probe: Probe, watch: Watch, network: Network, trust: Trust
) -> tuple[Seen, Conversation | None]:
    """Look at one address; see :meth:`checker.conversation.prober.Prober.probe`."""
    began = datetime.now(UTC)
    # Widened downwards, so that a server which is too old is met and named; never above what
    # the sender's server offers, because that decides what such a server picks.
    offer = Offer(TlsVersion.TLS_1_0, probe.maximum, probe.host if probe.sni else None)
    first, conversation = await converse(probe.address, offer, network, trust, watch)
    second: Connection | None = None
    choice: Choice | None = None
    further = SecondLook(probe, network, trust)
    if further.is_needed(first):
        if conversation is not None:
            # One connection at a time to one host.
            await conversation.quit()
            conversation = None
        second, choice = await further.look(first)
    return Seen(began, first, second, choice), conversation
