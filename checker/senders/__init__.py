"""What mail servers do as senders, as measured: one profile for each server on each system.

Pure tables. A pair that nobody has measured is not in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checker.senders import gnutls, openssl
from checker.senders.hello import Checking, Rules, RulesByChecking


class Server(StrEnum):
    """A mail server that sends."""

    POSTFIX = "postfix"
    EXIM = "exim"
    QMAIL = "qmail"


class System(StrEnum):
    """The system that it runs on, which brings its TLS library."""

    DEBIAN_10 = "debian-10"
    DEBIAN_12 = "debian-12"
    DEBIAN_13 = "debian-13"


class UnmeasuredError(LookupError):
    """Nobody has measured that sender."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A server on a system.

    Attributes:
        server: The server.
        system: The system.
        library: The TLS library and its version there.
        measured: What holds, for each way in which certificates count that was measured.
    """

    server: Server
    system: System
    library: str
    measured: RulesByChecking

    @property
    def name(self) -> str:
        """Its name in messages."""
        return f"{self.server} on {self.system}"

    def rules(self, checking: Checking) -> Rules:
        """What holds on a connection.

        Args:
            checking: How far certificates count there.

        Raises:
            UnmeasuredError: Nobody has measured it.
        """
        try:
            return self.measured[checking]
        except KeyError:
            raise UnmeasuredError(
                f"what {self.name} makes of certificates nobody has measured"
            ) from None


_OPENSSL = {
    System.DEBIAN_10: "OpenSSL 1.1.1d",
    System.DEBIAN_12: "OpenSSL 3.0.20",
    System.DEBIAN_13: "OpenSSL 3.5.9",
}
_GNUTLS = {System.DEBIAN_12: "GnuTLS 3.7.9", System.DEBIAN_13: "GnuTLS 3.8.9"}


def _all() -> list[Profile]:
    postfix = {
        System.DEBIAN_10: openssl.POSTFIX_DEBIAN_10,
        System.DEBIAN_12: openssl.POSTFIX_DEBIAN_12,
        System.DEBIAN_13: openssl.POSTFIX_DEBIAN_13,
    }
    qmail = {
        System.DEBIAN_10: openssl.QMAIL_DEBIAN_10,
        System.DEBIAN_12: openssl.QMAIL_DEBIAN_12,
        System.DEBIAN_13: openssl.QMAIL_DEBIAN_13,
    }
    return [
        *(Profile(Server.POSTFIX, on, _OPENSSL[on], rules) for on, rules in postfix.items()),
        *(Profile(Server.EXIM, on, library, gnutls.EXIM) for on, library in _GNUTLS.items()),
        *(Profile(Server.QMAIL, on, _OPENSSL[on], rules) for on, rules in qmail.items()),
    ]


PROFILES: Mapping[tuple[Server, System], Profile] = {
    (profile.server, profile.system): profile for profile in _all()
}
"""Every sender that was measured."""


def profile(server: Server, system: System) -> Profile:
    """The profile of a server on a system.

    Raises:
        UnmeasuredError: Nobody has measured that pair; the message names those that are.
    """
    try:
        return PROFILES[server, system]
    except KeyError:
        measured = ", ".join(on for who, on in PROFILES if who is server)
        raise UnmeasuredError(f"{server} is known on {measured} alone") from None


def systems(server: Server) -> tuple[System, ...]:
    """The systems on which a server was measured, the oldest first."""
    return tuple(on for who, on in PROFILES if who is server)
