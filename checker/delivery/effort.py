"""Judges what was seen, elsewhere where that takes long: a server chooses how much it shows."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from checker.conversation.elsewhere import elsewhere
from checker.facts import MailServer, Seen

_LIGHT = 8_192
"""Bytes of certificates and TLSA records that are read in no noticeable time."""

T = TypeVar("T")


async def judged(seen: Iterable[Seen], servers: Iterable[MailServer], judge: Callable[[], T]) -> T:
    """What comes of judging.

    Args:
        seen: What is judged.
        servers: Whose it is.
        judge: Does it.
    """
    size = sum(map(_shown, seen)) + sum(map(_published, servers))
    return await elsewhere(judge) if size > _LIGHT else judge()


def _published(server: MailServer) -> int:
    """Bytes of its TLSA records, which are hexadecimal digits."""
    return sum(len(record.data) // 2 for record in server.tlsa)


def _shown(seen: Seen) -> int:
    """Bytes of the certificates."""
    connections = [one for one in (seen.first, seen.named, seen.widened) if one is not None]
    shown = [one.handshake for one in connections if one.handshake is not None]
    return sum(len(der) for one in shown for der in (*one.chain, *one.path))
