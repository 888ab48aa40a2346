"""Postfix's log -> what became of each recipient, and over which TLS.

Lines of TLS name no queue id. They are joined by process and server, and belong to the mail whose
recipients come next: mail in clear would inherit the TLS of the mail before it otherwise.
"""

import re
from collections.abc import Iterator

from checker.log.heads import hour
from checker.log.model import (
    MAXIMUM_LINE,
    MAXIMUM_REASON,
    UNTOLD,
    Arrived,
    Attempt,
    Detail,
    Expired,
    Part,
    Place,
    Status,
    Tls,
)

# What begins with "]: " is looked for by it alone, which is fast; the first in a line counts. The
# rest of a line is taken as well, for what a server replied may look like a line.
_OF_MAIL = (
    rb"([0-9A-Za-z]++): (?:"
    rb"(to=<([^>\n]*+)>, (?:orig_to=<[^>\n]*+>, )?)"
    rb"relay=([^,\n]*+), (?:(?!dsn=)[a-z_]++=[^,\n(]*+, )*+(dsn=[\d.]++, status=(\w++) \([^\n]*+)"
    rb"|from=<[^>\n]*+>, (status=(?:force-)?expired,)[^\n]*+"
    rb")"
)
_OF_FAULTS = (
    rb"((?:server certificate verification failed for|CA certificate verification failed for"
    rb"|certificate (?:peer ?name )?verification failed for"
    rb"|SSL_connect error to|TLS handshake failed for"
    rb"|warning: (?:TLS library problem|[^ \n]++ unusable TLSA|[^ \n]++ all TLSA))[^\n]*+)"
)
_OF_TLS = (
    rb"([VTUA][a-z]++) TLS connection (?:established|reused)"
    rb" to ([^ \n\]]*+\]:\d++): ([^ \n]++) with[^\n]*+"
)
_FAILURES = re.compile(rb"\]: (?:%b|%b)" % (_OF_MAIL, _OF_FAULTS))
_ALL = re.compile(rb"\]: (?:%b|%b|%b)" % (_OF_MAIL, _OF_FAULTS, _OF_TLS))
_DELIVERY, _EXPIRED, _FAULT = 5, 7, 8
"""Which of their groups ends each kind of line."""

_PEER = re.compile(rb"(\[[^\]\s]*\]:\d+)")
_STATUSES = {
    b"deferred": Status.DEFERRED,
    b"SOFTBOUNCE": Status.DEFERRED,
    b"bounced": Status.BOUNCED,
}
_SUSPENDED = b"(delivery temporarily suspended: "
_IN_CLEAR, _UNTOLD = (b"", b""), (UNTOLD, b"")
_Count = list[int]
"""How many, and where the last one stands; of those that are open also which they are."""

_SMTP = b"/smtp"
_MARK = len(b"]: ")
_BLANK, _PRIORITY = b" <"
_TRADITIONAL_TIME = len("Nov  2 09:00:00 ")
_LONGEST_TIME = 24


class _Process:
    """A process of a host, and its last line of TLS in a block."""

    def __init__(self, text: bytes) -> None:
        host, _, self.tag = text.rpartition(b" ")
        self.host = host.rpartition(b" ")[2]
        self.begin_of_key = self.host + b" "
        self.is_known = b"]: " not in text
        self.is_smtp = _SMTP in self.tag
        self.name = self.host, self.tag
        self.peer = b""
        self.way = b"", b""
        self.mail = b""
        self.hour = b""
        self.opened: list[bytes] = []

    def begin(self, found: re.Match[bytes]) -> None:
        """Take a line of TLS."""
        trust, self.peer, version = found.group(9, 10, 11)
        self.way, self.mail = (trust, version), b""

    def end(self, part: Part) -> None:
        """Hand over what is left at the end of a block."""
        if self.opened:
            part.opened[self.name] = b"\n".join(self.opened)
        if self.peer:
            part.tls[self.name] = Tls(self.peer, *self.way, self.mail)


def read(block: bytes, part: Part, *, sessions: bool) -> None:
    """Add what whole lines say (``Server``)."""
    joined = _Joined(block, part)
    processes: dict[bytes, _Process] = {}
    failed: set[bytes] = set()
    expired: set[bytes] = set()
    sent = part.sent.append
    for found, process, start in _found(block, _ALL if sessions else _FAILURES, processes):
        if found.lastindex != _DELIVERY:
            _note(part, found, process, hour(block[start : start + _LONGEST_TIME]))
            if found.lastindex == _EXPIRED:
                expired.add(_mail(process, found))
            continue
        key = process.begin_of_key + block[found.start() + _MARK : found.end(2)]
        status = found[6]
        if status == b"sent":
            # Short queue ids come again: what is sent after a mail expired is another one.
            again = expired and key[: key.index(b" ", key.index(b" ") + 1)] in expired
            if key not in failed and not again:
                sent(key)
            else:
                part.arrived += 1
                part.events.append(Arrived(key))
            if sessions and process.is_smtp:
                joined.deliver(found, process, start)
        elif status in _STATUSES:
            failed.add(key)
            _fail(part, found, block[start : found.start()], process, key)
    joined.close()
    for process in processes.values():
        process.end(part)


def _found(
    block: bytes, lines: re.Pattern[bytes], processes: dict[bytes, _Process]
) -> Iterator[tuple[re.Match[bytes], _Process, int]]:
    """The lines of a kind, the process that wrote each, and where it begins."""
    for found in lines.finditer(block):
        begin = found.start()
        start = block.rfind(b"\n", 0, begin) + 1
        # To tell a process by all of its line's head but the time is quicker than to take it apart.
        after = start + _TRADITIONAL_TIME
        if after >= begin or block[after - 1] != _BLANK or block[start + 3] != _BLANK:
            after = _after_time(block, start, begin)
        text = block[after:begin]
        process = processes.get(text)
        if process is None:
            process = processes[text] = _Process(text)
        if process.is_known:
            yield found, process, start


def _after_time(block: bytes, start: int, begin: int) -> int:
    """Where the host stands in a line whose time has another form than the traditional one."""
    if block[start] == _PRIORITY:
        start = block.find(b">", start, begin) + 1
    # Some write fractions of a second.
    is_traditional = block[start + 3 : start + 4] == b" "
    return block.find(b" ", start + (_TRADITIONAL_TIME - 1) * is_traditional, begin) + 1


def _mail(process: _Process, found: re.Match[bytes]) -> bytes:
    """The mail that a line is about: its host and its queue id."""
    return b"%b%b:" % (process.begin_of_key, found[1])


def _note(part: Part, found: re.Match[bytes], process: _Process, time: bytes) -> None:
    """Add a line that is about no recipient."""
    if found.lastindex == _FAULT:
        why = found[_FAULT][:MAXIMUM_REASON]
        of = _PEER.search(why)
        part.events.append(Detail(process.host, process.tag, of[1] if of else b"", why))
    elif found.lastindex == _EXPIRED:
        part.events.append(Expired(_mail(process, found), time))
    # With connection reuse tlsproxy writes the same line once more.
    elif process.is_smtp:
        process.begin(found)
        if process.hour != time:
            process.hour = time
            part.logged.add((process.host, time))


def _fail(part: Part, found: re.Match[bytes], head: bytes, process: _Process, key: bytes) -> None:
    mail, address, relay, reason, status = found.group(1, 3, 4, 5, 6)
    became = _STATUSES[status]
    if became is Status.DEFERRED:
        part.deferred += 1
    else:
        part.bounced += 1
    part.events.append(
        Attempt(
            host=process.host,
            mail=b"%b%b:" % (process.begin_of_key, mail),
            key=key,
            address=address,
            peer=relay if relay[-1:].isdigit() else b"",
            status=became,
            given_up=False,
            unasked=_SUSPENDED in reason,
            reason=b"to=<%b>, relay=%b, %b" % (address, relay, reason[:MAXIMUM_REASON]),
            time=hour(head),
            line=(head + found[0])[:MAXIMUM_LINE],
        )
    )


class _Joined:
    """The deliveries of a block that went through, each with its line of TLS."""

    def __init__(self, block: bytes, part: Part) -> None:
        self._block, self._part = block, part
        self._counts: dict[tuple[bytes, bytes, bytes, bytes, tuple[bytes, bytes]], _Count] = {}
        self._open: dict[Place, _Count] = {}

    def deliver(self, found: re.Match[bytes], process: _Process, start: int) -> None:
        """Take a delivery."""
        mail, address, peer = found.group(1, 3, 4)
        if not peer[-1:].isdigit():
            return
        time = hour(self._block[start : start + _LONGEST_TIME])
        domain = address[address.rfind(b"@") + 1 :].lower()
        if not process.peer:
            where = process.host, time, domain, peer
            count = self._open.get(where)
            if count is None:
                count = self._open[where] = [0, 0, 0, len(self._open)]
            count[:3] = count[0] + 1, start, found.end()
            process.opened.append(b"%d %b" % (count[3], mail))
            return
        # As ``owned`` says
        way = process.way
        if process.peer != peer:
            way = _IN_CLEAR
        elif not process.mail:
            process.mail = mail
        elif process.mail != mail:
            way = _UNTOLD
        key = (process.host, time, domain, peer, way)
        count = self._counts.get(key)
        if count is None:
            self._counts[key] = [1, start, found.end()]
        else:
            count[:] = count[0] + 1, start, found.end()

    def close(self) -> None:
        """Hand over what there is."""
        for (*fields, way), (number, begin, end) in self._counts.items():
            host, time, domain, peer = fields
            self._part.count((host, time, domain, peer, *way), number, self._line(begin, end))
        for where, (number, begin, end, _) in self._open.items():
            self._part.open[where] = number, self._line(begin, end)

    def _line(self, begin: int, end: int) -> bytes:
        return self._block[begin : min(end, begin + MAXIMUM_LINE)]


def owned(last: Tls, mail: bytes, peer: bytes) -> tuple[bytes, bytes, bytes]:
    """Whether the last line of TLS of a process belongs to a delivery.

    Args:
        last: That line.
        mail: The delivery's queue id.
        peer: Where it went.

    Returns:
        How far the certificate was trusted, the version, and the mail that the line belongs to.
    """
    if last.peer != peer:
        return b"", b"", last.mail
    if last.mail not in {b"", mail}:
        return UNTOLD, b"", last.mail
    return last.trust, last.version, mail
