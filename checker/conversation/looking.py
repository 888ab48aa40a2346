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
    seen, conversation = await look_once(probe, watch, network, trust)
    return await look_closer(probe, seen, conversation, network, trust)


async def look_once(
    probe: Probe, watch: Watch, network: Network, trust: Trust
) -> tuple[Seen, Conversation | None]:
    """Make the one connection that a sender would; see :meth:`Prober.once`."""
    began = datetime.now(UTC)
    first, conversation = await contain(
        "a look at an address failed",
        _converse(probe, watch, network, trust),
        lambda: (Connection(Stage.CONNECT, our_fault()), None),
    )
    return Seen(began, first), conversation


async def look_closer(
    probe: Probe, seen: Seen, conversation: Conversation | None, network: Network, trust: Trust
) -> tuple[Seen, Conversation | None]:
    """Make further connections where the first one left a doubt; see :meth:`Prober.closer`."""
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


async def leaves_doubt(probe: Probe, seen: Seen, network: Network, trust: Trust) -> bool:
    """Whether further connections would be made; see :meth:`Prober.leaves_doubt`."""
    # A certificate may hold thousands of names.
    return await elsewhere(partial(SecondLook(probe, network, trust).is_needed, seen.first))


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
    if await leaves_doubt(probe, seen, network, trust):
        if conversation is not None:
            # One connection at a time to one host.
            await conversation.quit()
            conversation = None
        seen = await SecondLook(probe, network, trust).look(seen)
    return seen, conversation
