"""An outside world in memory: a few names, and a mail server that says what it is told to."""

import asyncio

from dns.rdata import Rdata, from_text
from dns.rdataclass import IN
from dns.rdatatype import RdataType

from checker.check import Checker
from checker.conversation.trust import Trust
from checker.network import (
    Connector,
    DnsAnswer,
    DnsStatus,
    Limits,
    Network,
    Permits,
    Resolver,
    StsFetcher,
    StsFetchError,
    always,
)

ADDRESS = "127.25.200.1"


class Zone:
    """A resolver that knows ``example.test``, and fails for ``broken.test``."""

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Answer from memory."""
        del checking_disabled
        match name, record_type:
            case "broken.test", _:
                return DnsAnswer(DnsStatus.TIMEOUT)
            case "example.test" | "xn--mller-kva.test", "MX":
                return DnsAnswer(DnsStatus.ANSWER, (_record("MX", "10 mx.example.test."),))
            case "mx.example.test", "A":
                return DnsAnswer(DnsStatus.ANSWER, (_record("A", ADDRESS),))
            case "mx.example.test", _:
                return DnsAnswer(DnsStatus.NO_DATA)
            case _:
                return DnsAnswer(DnsStatus.NAME_ERROR)


class NoStsPolicies:
    """No domain publishes an MTA-STS policy."""

    async def fetch(self, domain: str, permits: Permits = always) -> bytes:
        """Nobody has a reason to ask."""
        del permits
        raise StsFetchError(domain)


class MailServer:
    """A mail server without STARTTLS, or one that never says anything.

    Attributes:
        connected: Set once a client has connected.
        left: Set once the client has closed its connection.
        heard: What the client said.
    """

    def __init__(self, *, silent: bool = False) -> None:
        """Choose whether it says anything."""
        self.connected = asyncio.Event()
        self.left = asyncio.Event()
        self.heard: list[bytes] = []
        self._silent = silent
        self._said: asyncio.Queue[bytes] = asyncio.Queue()

    async def connect(self, address: str, port: int) -> "MailServer":
        """Be the connector that leads to this server, and the connection itself."""
        assert (address, port) == (ADDRESS, 25)
        self.connected.set()
        self._say(b"220 mx.example.test ESMTP\r\n")
        return self

    async def read(self, size: int) -> bytes:
        """What it said, once it has said something."""
        return (await self._said.get())[:size]

    async def write(self, data: bytes) -> None:
        """Answer a command."""
        self.heard.append(data)
        verb = data.split()[0]
        self._say(b"221 Bye\r\n" if verb == b"QUIT" else b"250-mx.example.test\r\n250 HELP\r\n")

    def close(self) -> None:
        """Notice that the client has left."""
        self.left.set()

    def _say(self, text: bytes) -> None:
        if not self._silent:
            self._said.put_nowait(text)


def make_checker(
    server: Connector,
    resolver: Resolver | None = None,
    fetcher: StsFetcher | None = None,
    client_name: str = "checker.test",
) -> Checker:
    """A checker in whose world there is one mail server, and all the time there is."""
    forever = 3_600.0
    network = Network(
        resolver=resolver or Zone(),
        connector=server,
        sts_fetcher=fetcher or NoStsPolicies(),
        permits=lambda address: address == ADDRESS,
        client_name=client_name,
        limits=Limits(total=forever, connect=forever, reply=forever),
    )
    return Checker(network, Trust([]))


def _record(record_type: str, text: str) -> Rdata:
    return from_text(IN, RdataType.make(record_type), text)
