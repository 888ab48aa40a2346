"""Attempts, in the order of a log -> the fate of each recipient, counted once."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from checker.log.heads import Calendar, Moment
from checker.log.model import Arrived, Attempt, Detail, Expired, Part, Status
from checker.log.reasons import Named, Reasons, server

T = TypeVar("T")

MAXIMUM_ROWS = 50_000
MAXIMUM_WAITING = 150_000
_MAXIMUM_PEERS = 20_000
_MAXIMUM_DETAILS = 4_000
_TLS_WORDS = re.compile(rb"ertificate|TLS|SSL")


class Place(NamedTuple):
    """What is counted together."""

    problem: Named
    domain: str
    server: str


@dataclass(slots=True)
class Row:
    """Recipients whom mail did not reach.

    Attributes:
        bounced: The mail was returned at once.
        expired: It was returned when the time was up.
        waiting: It was last seen waiting for another attempt.
        first: The first day.
        last: The last one.
        line: One that shows it.
    """

    bounced: int
    expired: int
    waiting: int
    first: Moment | None
    last: Moment | None
    line: bytes


class _Waiting(NamedTuple):
    place: Place
    day: Moment | None
    line: bytes


class _Fate(NamedTuple):
    bounced: int = 0
    expired: int = 0
    waiting: int = 0


_BOUNCED, _EXPIRED, _WAITING = _Fate(bounced=1), _Fate(expired=1), _Fate(waiting=1)


@dataclass(slots=True)
class Fates:
    """Counts what became of each recipient.

    Attributes:
        sent: Recipients whose mail was taken.
        late: How many of these after a failed attempt.
        deferred: Attempts that were to be made again.
        bounced: Attempts that ended the mail.
        unexplained: Mail that expired without an earlier attempt in this log.
        forgotten: Recipients no longer followed, for too many were waiting.
        left_out: Recipients in rows that name no domain, for there were too many rows.
        rows: Those whom mail did not reach.
        days: By day and problem: returned, and last seen waiting.
    """

    calendar: Calendar = field(default_factory=Calendar)
    sent: int = 0
    late: int = 0
    deferred: int = 0
    bounced: int = 0
    unexplained: int = 0
    forgotten: int = 0
    left_out: int = 0
    rows: dict[Place, Row] = field(default_factory=dict)
    days: dict[tuple[Moment | None, Named], list[int]] = field(default_factory=dict)
    _waiting: dict[bytes, _Waiting] = field(default_factory=dict)
    _mails: dict[bytes, list[bytes]] = field(default_factory=dict)
    _reasons: Reasons = field(default_factory=Reasons)
    _places: dict[tuple[bytes, bytes], Place] = field(default_factory=dict)
    _details: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    _told: set[tuple[bytes, bytes]] = field(default_factory=set)
    _peers: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Count a part; the next one follows it in the log."""
        sent = part.packed.split(b"\n") if part.packed else []
        self.sent += len(sent) + part.arrived
        self.deferred += part.deferred
        self.bounced += part.bounced
        waiting = self._waiting
        if waiting:
            for key in sent:
                if key in waiting:
                    self._arrive(key)
        for event in part.events:
            if isinstance(event, Attempt):
                self._attempt(event)
            elif isinstance(event, Arrived):
                self._arrive(event.key)
            elif isinstance(event, Expired):
                self._expire(event)
            else:
                self._explain(event)

    def close(self) -> None:
        """Count those who still wait at the end."""
        for key in list(self._waiting):
            one = self._forget(key)
            self._settle(one.place, one.day, _WAITING, one.line)

    def _attempt(self, attempt: Attempt) -> None:
        key = attempt.key
        before = self._waiting.get(key)
        if attempt.given_up and before is not None:
            place, line = before.place, before.line
        else:
            place, line = self._place(attempt), attempt.line
        day = self.calendar.day(attempt.time)
        if attempt.status is Status.BOUNCED:
            if before is not None:
                self._forget(key)
            self._settle(place, day, _EXPIRED if attempt.given_up else _BOUNCED, line)
            return
        if before is None:
            self._mails.setdefault(attempt.mail, []).append(key)
        self._waiting[key] = _Waiting(place, day, line)
        if len(self._waiting) > MAXIMUM_WAITING:
            oldest = self._forget(next(iter(self._waiting)))
            self.forgotten += 1
            self._settle(oldest.place, oldest.day, _WAITING, oldest.line)

    def _place(self, attempt: Attempt) -> Place:
        to = attempt.host, attempt.address.rpartition(b"@")[2].lower()
        if (attempt.unasked or attempt.given_up) and to in self._places:
            return self._places[to]
        place = self._own_place(attempt)
        _remember(self._places, to, place)
        return place

    def _own_place(self, attempt: Attempt) -> Place:
        details = b""
        peer = attempt.peer[attempt.peer.find(b"[") :]
        if peer and _TLS_WORDS.search(attempt.reason):
            at = attempt.host, peer
            details = self._details.get(at, b"")
            if details:
                self._told.add(at)
        problem = self._reasons.named(attempt, details)
        domain = attempt.address.rpartition(b"@")[2].decode("utf-8", "replace").lower()
        return Place(problem, domain, server(attempt.peer, attempt.reason))

    def _arrive(self, key: bytes) -> None:
        if key in self._waiting:
            self._forget(key)
            self.late += 1

    def _expire(self, event: Expired) -> None:
        day = self.calendar.day(event.time)
        keys = self._mails.get(event.mail, [])
        self.unexplained += not keys
        for key in list(keys):
            one = self._forget(key)
            self._settle(one.place, day, _EXPIRED, one.line)

    def _forget(self, key: bytes) -> _Waiting:
        mail = key[: key.index(b" ", key.index(b" ") + 1)]
        keys = self._mails[mail]
        keys.remove(key)
        if not keys:
            del self._mails[mail]
        return self._waiting.pop(key)

    def _explain(self, detail: Detail) -> None:
        """Remember why TLS with a server failed, until it fails anew: a resumed session is silent.

        What the library says follows the line that names the server.
        """
        process = detail.host, detail.process
        if detail.peer:
            _remember(self._peers, process, detail.peer)
        peer = self._peers.get(process)
        if peer is None:
            return
        at = detail.host, peer
        known = self._details.get(at, b"")
        if at in self._told:
            self._told.remove(at)
            known = b""
        if detail.text not in known:
            known = (known + b"\n" + detail.text)[-_MAXIMUM_DETAILS:]
        _remember(self._details, at, known)

    def _settle(self, place: Place, day: Moment | None, fate: _Fate, line: bytes) -> None:
        if place not in self.rows and len(self.rows) >= MAXIMUM_ROWS:
            place = Place(place.problem, "", "")
            self.left_out += 1
        row = self.rows.get(place)
        if row is None:
            row = self.rows[place] = Row(0, 0, 0, day, day, line)
        row.bounced += fate.bounced
        row.expired += fate.expired
        row.waiting += fate.waiting
        if day is not None:
            row.first = min(row.first or day, day)
            row.last = max(row.last or day, day)
        counts = self.days.setdefault((day, place.problem), [0, 0])
        counts[0] += fate.bounced + fate.expired
        counts[1] += fate.waiting


def _remember(known: dict[tuple[bytes, bytes], T], key: tuple[bytes, bytes], value: T) -> None:
    """Remember the newest ones alone: an attempt follows its reason closely."""
    known.pop(key, None)
    known[key] = value
    if len(known) > _MAXIMUM_PEERS:
        del known[next(iter(known))]
