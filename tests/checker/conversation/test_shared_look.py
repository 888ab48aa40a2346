"""A look in two parts, as it is shared by hosts at one address, shows what a whole one shows."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.conversation.prober import Prober
from checker.conversation.trust import Trust
from checker.delivery.targets import targets
from checker.facts import MailServer, Route, RouteKind, Seen
from checker.network import Stream
from checker.operators import load
from checker.senders import Server
from tests.checker.certificates import KEY, certificate, der_of
from tests.checker.handmade import ADDRESS, HandmadeConnector, ScriptedStream, network
from tests.checker.tls_server import TlsMailServer, context

SHOWN = context([der_of(certificate("mx.example.org"))], KEY)


def plain() -> Stream:
    """A server that offers no TLS."""
    return ScriptedStream(b"220 mx ESMTP\r\n", b"250 mx\r\n", b"221 bye\r\n")


@pytest.mark.parametrize("opens", [plain, lambda: TlsMailServer(SHOWN)], ids=["plain", "tls"])
@pytest.mark.parametrize("host", ["mx.example.org", "mx.example.net"])
async def test_two_parts_are_one_look(opens: Callable[[], Stream], host: str) -> None:
    route = Route("example.org", RouteKind.MX, (MailServer(host, 10, (ADDRESS,)),))
    probe = replace(targets(load("careful"), route)[0].probe, server=Server.POSTFIX)

    async def look(*, whole: bool) -> tuple[Seen, int]:
        world = network(servers={ADDRESS: opens})
        prober = Prober(world, Trust(places=[]))
        if whole:
            seen, conversation = await prober.probe(probe, lambda _: None)
        else:
            seen, conversation = await prober.once(probe, lambda _: None)
        if conversation is not None:
            await conversation.quit()
        if not whole and await prober.leaves_doubt(probe, seen):
            seen = await prober.closer(probe, seen)
        assert isinstance(world.connector, HandmadeConnector)
        return replace(seen, at=probe_time), len(world.connector.connected)

    probe_time = (await Prober(network(), Trust(places=[])).probe(probe, lambda _: None))[0].at
    assert await look(whole=False) == await look(whole=True)
