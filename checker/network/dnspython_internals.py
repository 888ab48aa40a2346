"""What we take from dnspython although it is not meant to be taken: there is no public way to it.

Nothing else reaches below dnspython's surface. Its next version may have moved any of this, which
tests/checker/network/test_dnspython_internals.py notices.
"""

import dns.message
from dns._asyncio_backend import Backend
from dns.rdtypes.tlsabase import TLSABase


class ConnectedBackend(Backend):
    """Connects UDP sockets: only so is the sender told that nobody listens (RFC 1122, 4.1.3.3)."""

    def datagram_connection_required(self) -> bool:
        """Say that a socket is to have a peer."""
        return True


def follow_aliases(most: int) -> None:
    """Follow so many aliases in one answer, from now on and everywhere.

    A resolver that has followed them sends them all; dnspython would throw the answer away.
    """
    dns.message.MAX_CHAIN = most


def read_digests_of_any_length() -> None:
    """Let TLSA records be read whose digest has a wrong length, from now on and everywhere.

    Such a record binds nobody (RFC 7671 section 4) and harms no other one; dnspython would throw
    away the whole answer and wait for a better one.

    Raises:
        AttributeError: dnspython keeps the lengths elsewhere.
    """
    TLSABase._cert_length_by_mtype.clear()  # noqa: SLF001 - there is no setting for it
