"""One address, asked the way a sender would, with further connections where a doubt is left."""

import asyncio
from datetime import UTC, datetime
from functools import partial

from checker.conversation.elsewhere import elsewhere
from checker.conversation.probe import Probe, Watch
from checker.conversation.second_look import SecondLook
from checker.conversation.session import converse
from checker.conversation.smtp import Conversation
from checker.conversation.tls import Offer
from checker.conversation.trust import Trust
from checker.facts import Connection, Seen, our_fault
from checker.faults import contain
from checker.network import Network
from checker.problems import Stage


async def look(
    probe: Probe, watch: Watch, network: Network, trust: Trust
) -> tuple[Seen, Conversation | None]:
    """Look at one address; see :meth:`checker.conversation.prober.Prober.probe`."""
    began = datetime.now(UTC)
    first, conversation = await contain(
        "a look at an address failed",
        _converse(probe, watch, network, trust),
        lambda: (Connection(Stage.CONNECT, our_fault()), None),
    )
    seen = Seen(began, first)
    try:
        return await contain(
            "a second look at an address failed",
            _look_again(probe, seen, conversation, network, trust),
            lambda: (seen, conversation),
        )
    except asyncio.CancelledError:
        if conversation is not None:
            conversation.stream.close()
        raise


async def _converse(
    probe: Probe, watch: Watch, network: Network, trust: Trust
) -> tuple[Connection, Conversation | None]:
    name = probe.host if probe.sni else None
    offer = Offer(probe.minimum, probe.maximum, name, probe.rules)
    return await converse(probe.address, offer, network, trust, watch)


async def _look_again(
    probe: Probe,
    seen: Seen,
    conversation: Conversation | None,
    network: Network,
    trust: Trust,
) -> tuple[Seen, Conversation | None]:
    further = SecondLook(probe, network, trust)
    # A certificate may hold thousands of names.
    if await elsewhere(partial(further.is_needed, seen.first)):
        if conversation is not None:
            # One connection at a time to one host.
            await conversation.quit()
            conversation = None
        seen = await further.look(seen)
    return seen, conversation
