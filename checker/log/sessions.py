"""Deliveries that went through, in the order of a log -> those that a new policy would end."""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from checker.log.model import Part, Place, Tls, Way
from checker.log.policy import NOT_LOGGED, Judgement, judge
from checker.log.postfix import owned
from checker.log.reasons import server
from checker.operators import Tls as Policy

MAXIMUM_ROWS = 25_000
MAXIMUM_UNDECIDED = 15_000
_MAXIMUM_PROCESSES = 10_000
_MAXIMUM_LOGGED = 20_000
_MAXIMUM_HOURS = 200
_MAXIMUM_KNOWN = 10_000
# Mail that stays on the machine, as that to a filter
_LOCAL = re.compile(rb"\[(?:127\.|::1\])")


class Server(NamedTuple):
    """What is counted together."""

    judgement: Judgement
    domain: str
    server: str


@dataclass(slots=True)
class Row:
    """Deliveries to a server that a policy would end, and a line that shows one."""

    deliveries: int
    line: bytes


_Clear = dict[tuple[bytes, bytes], Row]


@dataclass(slots=True)
class Sessions:
    """Judges deliveries that went through.

    Attributes:
        policy: What they are judged by.
        passed: How many it would let through.
        rows: Those that it would not, or of which that cannot be told.
        is_logged: Whether the log tells of TLS at all.
    """

    policy: Policy
    passed: int = 0
    rows: dict[Server, Row] = field(default_factory=dict)
    is_logged: bool = False
    _known: dict[tuple[bytes, ...], Row] = field(default_factory=dict)
    _tls: dict[tuple[bytes, bytes], Tls] = field(default_factory=dict)
    _logged: dict[tuple[bytes, bytes], None] = field(default_factory=dict)
    _clear: dict[tuple[bytes, bytes], _Clear] = field(default_factory=dict)
    _undecided: int = 0
    _unnamed: set[Server] = field(default_factory=set)

    @property
    def left_out(self) -> int:
        """Deliveries in rows that name no domain, for there were too many rows."""
        return sum(self.rows[key].deliveries for key in self._unnamed)

    def add(self, part: Part) -> None:
        """Judge a part; the next one follows it in the log."""
        self._logged.update(dict.fromkeys(sorted(part.logged)))
        for when in list(islice(self._logged, max(0, len(self._logged) - _MAXIMUM_LOGGED))):
            del self._logged[when]
        self.is_logged = self.is_logged or bool(part.logged)
        self._open(part)
        for session, (number, line) in part.sessions.items():
            self._count(session, number, line)
        for process, tls in part.tls.items():
            self._tls.pop(process, None)
            self._tls[process] = tls
        for process in list(islice(self._tls, max(0, len(self._tls) - _MAXIMUM_PROCESSES))):
            del self._tls[process]
        while self._undecided > MAXIMUM_UNDECIDED or len(self._clear) > _MAXIMUM_HOURS:
            self._decide(next(iter(self._clear)))

    def close(self) -> None:
        """Judge what was left open for what a later line might say."""
        for when in list(self._clear):
            self._decide(when)

    def _open(self, part: Part) -> None:
        """Judge deliveries by the lines of TLS of the parts before."""
        places = list(part.open.items())
        left = [number for _, (number, _) in places]
        for process, opened in part.opened.items():
            if process not in self._tls:
                continue
            last = self._tls[process]
            for one in opened.split(b"\n"):
                place, _, mail = one.partition(b" ")
                where, (_, line) = places[int(place)]
                left[int(place)] -= 1
                trust, version, owner = owned(last, mail, where[-1])
                last = last._replace(mail=owner)
                self._count((*where, trust, version), 1, line)
            self._tls[process] = last
        for number, (where, (_, line)) in zip(left, places, strict=True):
            if number:
                self._wait(where, number, line)

    def _count(self, session: Way, number: int, line: bytes) -> None:
        host, time, domain, peer, trust, version = session
        known = self._known.get((domain, peer, trust, version))
        if known is not None:
            known.deliveries += number
            return
        if _LOCAL.search(peer):
            return
        if not trust:
            self._wait((host, time, domain, peer), number, line)
            return
        row = self._keep(judge(self.policy, trust, version), domain, peer, number, line)
        if row is not None:
            _remember(self._known, (domain, peer, trust, version), row)

    def _wait(self, where: Place, number: int, line: bytes) -> None:
        """Take deliveries without a line of TLS: whether there are any a later one may say."""
        host, time, domain, peer = where
        when = self._clear.get((host, time))
        if when is None:
            when = self._clear[host, time] = {}
        row = when.get((domain, peer))
        if row is not None:
            row.deliveries += number
        elif not _LOCAL.search(peer):
            when[domain, peer] = Row(number, line)
            self._undecided += 1

    def _decide(self, when: tuple[bytes, bytes]) -> None:
        """Without a line of TLS mail was in clear only where such lines are written."""
        judgement = judge(self.policy, b"", b"") if when in self._logged else NOT_LOGGED
        rows = self._clear.pop(when)
        self._undecided -= len(rows)
        for (domain, peer), row in rows.items():
            self._keep(judgement, domain, peer, row.deliveries, row.line)

    def _keep(
        self, judgement: Judgement | None, domain: bytes, peer: bytes, number: int, line: bytes
    ) -> Row | None:
        if judgement is None:
            self.passed += number
            return None
        key = Server(judgement, domain.decode("utf-8", "replace"), server(peer, b""))
        if key not in self.rows and len(self.rows) >= MAXIMUM_ROWS:
            key = Server(judgement, "", "")
            self._unnamed.add(key)
        row = self.rows.setdefault(key, Row(0, line))
        row.deliveries += number
        return row


def _remember(known: dict[tuple[bytes, ...], Row], key: tuple[bytes, ...], row: Row) -> None:
    if len(known) >= _MAXIMUM_KNOWN:
        known.clear()
    known[key] = row
