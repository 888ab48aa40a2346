"""Exim's main log -> what became of each recipient, and over which TLS.

One line says it all. A recipient's line without ``X=`` was in clear, if the server logs ciphers.
"""

import re

from checker.log.heads import hour
from checker.log.model import (
    MAXIMUM_LINE,
    MAXIMUM_REASON,
    Arrived,
    Attempt,
    Part,
    Status,
)

_MARKS = (b" => ", b" == ", b" ** ", b" -> ")
_BEGINS = re.compile(rb"\d{4}-\d\d-\d\d \d\d:")
_DATE = 20
_LINE = re.compile(
    rb" ([0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4}))"
    rb" (=>|->|\*\*|==) ([^\n]+)"
)
_HEAD = re.compile(
    rb"(?:(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d [\d:.]{8,15}|\d{4}-\d\d-\d\dT\S+)"
    rb" (\S+) exim[^\s:]*:"
    rb"(?: \[\d+\\\d+\])?)? ?"
    rb"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?)?(?: \[\d+\])?"
)
_RECIPIENT = re.compile(rb"((?:\"[^\"\n]*\"@)?\S+?(?: \([^)\n]*\))?(?: <[^>\n]*>)?):?(?: |\Z)")
_ADDRESS = re.compile(rb"[^\s<>]+@[^\s<>]+")
_PEER = re.compile(rb" H=(\S+) (\[[^\]\s]+\])(?::(\d+))?")
_CIPHER = re.compile(rb" X=TLSv?([\d.]+):\S+(?: CV=(\w+))?")
_VERSIONS = {b"1.0": b"TLSv1", b"1": b"TLSv1"}
_TRUST = {b"yes": b"Verified", b"no": b"Untrusted", b"dane": b"Trusted", None: b"Anonymous"}
_GIVEN_UP = (b"retry timeout exceeded", b"have been failing for a long time")
_UNASKED = b": retry time not reached"
_STATUSES = {b"==": Status.DEFERRED, b"**": Status.BOUNCED}


def _may_be_in(block: bytes) -> bool:
    """Whether to look closer, which takes longer; a log is Exim's own or goes through syslog."""
    last = block[block.rfind(b"\n", 0, -1) + 1 :][:_DATE]
    is_own = _BEGINS.match(block) or _BEGINS.match(last)
    return b" exim" in block or (is_own is not None and any(mark in block for mark in _MARKS))


def read(block: bytes, part: Part, *, sessions: bool) -> None:
    """Add what whole lines say (``Server``)."""
    if not _may_be_in(block):
        return
    failed: set[bytes] = set()
    for found in _LINE.finditer(block):
        begin = found.start()
        head = block[block.rfind(b"\n", 0, begin) + 1 : begin]
        known = _HEAD.fullmatch(head)
        if not head or known is None:
            continue
        host = known[1] or b""
        mail, mark, rest = found.groups()
        named = _RECIPIENT.match(rest)
        if named is None:
            continue
        recipient = named[1]
        addresses = _ADDRESS.findall(recipient)
        address = addresses[0] if addresses else b""
        # What the server replied may hold anything.
        said = rest[named.end(1) : named.end(1) + MAXIMUM_REASON]
        fields = said.partition(b": ")[0].partition(b' C="')[0]
        to = _PEER.search(fields)
        peer = b"%b%b:%b" % (to[1], to[2], to[3] or b"25") if to else b""
        line = (head + found[0])[:MAXIMUM_LINE]
        of_mail = b"%b %b:" % (host, mail)
        key = b"%b %b" % (of_mail, recipient)
        status = _STATUSES.get(mark)
        if status is not None:
            failed.add(key)
            given_up = any(words in said for words in _GIVEN_UP)
            if status is Status.DEFERRED:
                part.deferred += 1
            else:
                part.bounced += 1
            part.events.append(
                Attempt(
                    host=host,
                    mail=of_mail,
                    key=key,
                    address=address,
                    peer=peer,
                    status=status,
                    given_up=given_up and status is Status.BOUNCED,
                    unasked=_UNASKED in said,
                    reason=b" %b %b%b" % (mark, address or recipient, said),
                    time=hour(head),
                    line=line,
                )
            )
            continue
        if key in failed:
            part.arrived += 1
            part.events.append(Arrived(key))
        else:
            part.sent.append(key)
        if sessions and peer:
            cipher = _CIPHER.search(fields)
            trust, version = b"", b""
            if cipher:
                trust = _TRUST.get(cipher[2], b"Untrusted")
                version = _VERSIONS.get(cipher[1], b"TLSv" + cipher[1])
                part.logged.add((host, hour(head)))
            domain = address.rpartition(b"@")[2].lower()
            part.count((host, hour(head), domain, peer, trust, version), 1, line)
