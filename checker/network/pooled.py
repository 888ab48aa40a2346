"""Many questions to a resolver on this very machine, over sockets that stay for a while.

Where the answer is at hand, a socket for each question takes most of the time. A port that stays
makes forged answers easier (RFC 5452 section 4), so this is for a resolver on loopback alone, where
nobody else can send from its address, and no socket stays for long.
"""

import asyncio
import random
import re
import secrets
import struct
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.resolver

from checker.network import DnsAnswer, DnsStatus, Resolver
from checker.network.answers import told

PAYLOAD = 1232
"""Bytes of a UDP answer that pass every path unfragmented (DNS flag day 2020)."""

_HEADER = struct.Struct("!HHHHHH")
"""RFC 1035 section 4.1.1."""

_EDNS = struct.pack("!BHHIH", 0, dns.rdatatype.OPT, PAYLOAD, 0, 0)
"""RFC 6891 section 6.1.2."""

_RECORD = struct.Struct("!HHHIH")
"""RFC 1035 section 4.1.3, with a pointer in place of the owner's name."""

_OF_THE_QUESTION = 0xC000 | _HEADER.size
"""A pointer to the name in the question (RFC 1035 section 4.1.4)."""

_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_LONGEST = 253
_RCODE = 0xF
_SOCKETS = 8
_QUESTIONS = 500
"""Of one socket."""

_PATIENCE = 1.0
"""Seconds; then the other resolver asks anew, and has all its time for that."""

_IDS = 1 << 16


class PooledResolver:
    """Asks quickly; whatever comes of it but a whole answer, it leaves to another resolver."""

    def __init__(self, resolver: Resolver, address: str, port: int) -> None:
        """Open nothing yet.

        Args:
            resolver: Asks the same name server, patiently.
            address: The name server's; of this machine.
            port: Its port.
        """
        self._resolver = resolver
        self._peer = (address, port)
        self._sockets: list[_Socket] = []
        self._opening = asyncio.Lock()

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question; see :class:`checker.network.Resolver`."""
        try:
            answer = await self._ask(name, record_type, checking_disabled=checking_disabled)
        except (dns.exception.DNSException, OSError, ValueError, struct.error):
            answer = None
        if answer is not None:
            return answer
        return await self._resolver.resolve(name, record_type, checking_disabled=checking_disabled)

    def close(self) -> None:
        """Close the sockets."""
        for one in self._sockets:
            one.close()
        self._sockets.clear()

    async def _ask(
        self, name: str, record_type: str, *, checking_disabled: bool
    ) -> DnsAnswer | None:
        kind = dns.rdatatype.from_text(record_type)
        flags = dns.flags.RD | (dns.flags.CD if checking_disabled else dns.flags.AD)
        question = _encoded(name) + struct.pack("!HH", kind, dns.rdataclass.IN)
        wire = await (await self._socket()).ask(flags, question)
        if wire is None or len(wire) < _HEADER.size or not wire.startswith(question, _HEADER.size):
            return None
        return _read(wire, name, kind)

    async def _socket(self) -> "_Socket":
        async with self._opening:
            self._sockets = [one for one in self._sockets if one.is_fresh]
            while len(self._sockets) < _SOCKETS:
                _, opened = await asyncio.get_running_loop().create_datagram_endpoint(
                    _Socket, remote_addr=self._peer
                )
                self._sockets.append(opened)
            return random.choice(self._sockets)  # noqa: S311 - only to spread them


def _read(wire: bytes, name: str, kind: int) -> DnsAnswer | None:
    """What an answer tells; none where it is to be asked for in another way.

    Args:
        wire: The message; the question in it is the one that was asked.
        name: Of that.
        kind: The type that was asked for.

    Raises:
        dns.exception.DNSException: It cannot be read.
        struct.error: It ends early.
    """
    _, flags, questions, answers, *_ = _HEADER.unpack_from(wire)
    rcode, authenticated = flags & _RCODE, bool(flags & dns.flags.AD)
    is_whole = flags & dns.flags.QR and not flags & dns.flags.TC and questions == 1
    if not is_whole or rcode not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return None
    if rcode == dns.rcode.NXDOMAIN:
        return DnsAnswer(DnsStatus.NAME_ERROR)
    if not answers:
        # So it is with most questions, and there is nothing to read.
        return DnsAnswer(DnsStatus.NO_DATA, authenticated=authenticated)
    if _is_plain(name) and (records := _plain(wire, len(name), answers, kind)):
        return DnsAnswer(DnsStatus.ANSWER, records, authenticated, name)
    response = cast("dns.message.QueryMessage", dns.message.from_wire(wire))
    answer = dns.resolver.Answer(
        dns.name.from_text(name), dns.rdatatype.RdataType(kind), dns.rdataclass.IN, response
    )
    return told(answer, believed=True)


def _is_plain(name: str) -> bool:
    """Whether nothing in a name means anything but itself."""
    return len(name) <= _LONGEST and _HOST.fullmatch(name) is not None


def _encoded(name: str) -> bytes:
    """A name as RFC 1035 section 3.1 has it.

    Raises:
        dns.exception.DNSException: It is none.
    """
    if not _is_plain(name):
        return cast("bytes", dns.name.from_text(name).to_wire())
    labels = name.encode("ascii").split(b".")
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _plain(wire: bytes, length: int, answers: int, kind: int) -> tuple[dns.rdata.Rdata, ...] | None:
    """The records of an answer that holds nothing but records of the name that was asked for.

    So it is with most answers; dnspython reads the others as a whole, which takes much longer.

    Args:
        wire: The message.
        length: Of the name in the question.
        answers: How many there are.
        kind: The type that was asked for.

    Raises:
        dns.exception.DNSException: A record cannot be read.
        struct.error: The message ends before.
    """
    records = []
    # Each dot stands for the length of a label, and so do two more bytes; then type and class.
    at = _HEADER.size + length + 6
    for _ in range(answers):
        owner, found, klass, _, size = _RECORD.unpack_from(wire, at)
        if (owner, found, klass) != (_OF_THE_QUESTION, kind, dns.rdataclass.IN):
            return None
        at += _RECORD.size
        if at + size > len(wire):
            return None
        records.append(dns.rdata.from_wire(klass, found, wire, at, size))
        at += size
    return tuple(dict.fromkeys(records)) if len(records) > 1 else tuple(records)


class _Socket(asyncio.DatagramProtocol):
    """A connected socket, and who waits for what comes in on it.

    Attributes:
        is_fresh: It may be asked more.
    """

    def __init__(self) -> None:
        self.is_fresh = True
        self._asked = 0
        self._waiting: dict[int, asyncio.Future[bytes | None]] = {}
        self._transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, _address: object) -> None:
        waiting = self._waiting.get(int.from_bytes(data[:2]))
        if waiting is not None and not waiting.done():
            waiting.set_result(data)

    def error_received(self, _error: Exception) -> None:
        """Nobody listens there."""
        self.is_fresh = False
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)

    async def ask(self, flags: int, question: bytes) -> bytes | None:
        """What comes in for a question, under an ID that nobody can guess; none after a while."""
        number = secrets.randbelow(_IDS)
        while number in self._waiting:
            number = secrets.randbelow(_IDS)
        self._asked += 1
        self.is_fresh = self.is_fresh and self._asked < _QUESTIONS
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes | None] = loop.create_future()
        self._waiting[number] = answer
        # A thousand questions a second: a context of a time-out for each costs as much as they do.
        patience = loop.call_later(_PATIENCE, _give_up, answer)
        try:
            header = _HEADER.pack(number, flags, 1, 0, 0, 1)
            self._transport.sendto(header + question + _EDNS)
            return await answer
        finally:
            patience.cancel()
            del self._waiting[number]
            if not self.is_fresh and not self._waiting:
                self._transport.close()

    def close(self) -> None:
        """Close it at once."""
        self.is_fresh = False
        self._transport.close()


def _give_up(answer: "asyncio.Future[bytes | None]") -> None:
    if not answer.done():
        answer.set_result(None)
