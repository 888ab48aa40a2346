"""Attempts, in the order of a log -> the fate of each recipient, counted once."""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, TypeVar

from checker.log.heads import Calendar, Moment
from checker.log.model import Arrived, Attempt, Detail, Expired, Part, Status
from checker.log.reasons import Named, Reasons, server

T = TypeVar("T")

MAXIMUM_ROWS = 20_000
MAXIMUM_WAITING = 60_000
MAXIMUM_DAYS = 40_000
_FORGET = 10
"""The part of those who wait that is no longer followed where there are too many."""

_MAXIMUM_PEERS = 10_000
_MAXIMUM_DETAILS = 1_000
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
        problem: That kept it.
        bounced: The mail was returned at once.
        expired: It was returned when the time was up.
        waiting: It was last seen waiting for another attempt.
        first: The first day.
        last: The last one.
        line: One that shows it.
    """

    problem: Named
    line: bytes
    bounced: int = 0
    expired: int = 0
    waiting: int = 0
    first: Moment | None = None
    last: Moment | None = None

    @property
    def returned(self) -> int:
        """Those whose mail came back."""
        return self.bounced + self.expired

    @property
    def all(self) -> int:
        """All of them."""
        return self.bounced + self.expired + self.waiting


class _Waiting(NamedTuple):
    row: Row
    day: Moment | None


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
    rows: dict[Place, Row] = field(default_factory=dict)
    days: dict[tuple[Moment | None, Named], list[int]] = field(default_factory=dict)
    _waiting: dict[bytes, _Waiting] = field(default_factory=dict)
    _mails: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    _unnamed: set[Place] = field(default_factory=set)
    _emptied: int = 0
    _reasons: Reasons = field(default_factory=Reasons)
    _places: dict[tuple[bytes, bytes], Place] = field(default_factory=dict)
    _details: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    _told: set[tuple[bytes, bytes]] = field(default_factory=set)
    _peers: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)

    @property
    def left_out(self) -> int:
        """Recipients in rows that name no domain, for there were too many rows."""
        return sum(self.rows[place].all for place in self._unnamed & self.rows.keys())

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
        for row, day in self._waiting.values():
            self._date(row, day, waiting=1)
        self._waiting.clear()
        self._mails.clear()
        self._drop_empty()

    def _attempt(self, attempt: Attempt) -> None:
        key = attempt.key
        before = self._waiting.get(key)
        if attempt.given_up and before is not None:
            row = before.row
        else:
            row = self._row(self._place(attempt), attempt.line)
        day = self.calendar.day(attempt.time)
        if attempt.status is Status.BOUNCED:
            if before is not None:
                self._forget(key)
            if not row.returned and not attempt.given_up:
                row.line = attempt.line
            row.bounced += not attempt.given_up
            row.expired += attempt.given_up
            self._date(row, day, returned=1)
            return
        if before is None:
            self._mails[attempt.mail] = (*self._mails.get(attempt.mail, ()), key)
        else:
            before.row.waiting -= 1
            self._emptied += not before.row.all
        row.waiting += 1
        self._waiting[key] = _Waiting(row, day)
        if len(self._waiting) > MAXIMUM_WAITING:
            self._give_up_some()

    def _give_up_some(self) -> None:
        """No longer follow those who wait the longest."""
        for key in list(islice(self._waiting, MAXIMUM_WAITING // _FORGET + 1)):
            row, day = self._forget(key)
            row.waiting += 1
            self._date(row, day, waiting=1)
            self.forgotten += 1

    def _row(self, place: Place, line: bytes) -> Row:
        """The row of a place; where there are too many, that of all others with its problem."""
        row = self.rows.get(place)
        if row is None and len(self.rows) >= MAXIMUM_ROWS:
            if self._emptied > MAXIMUM_ROWS // _FORGET:
                self._drop_empty()
            if len(self.rows) >= MAXIMUM_ROWS:
                place = Place(place.problem, "", "")
                row = self.rows.get(place)
                self._unnamed.add(place)
        if row is None:
            row = self.rows[place] = Row(place.problem, line)
        elif not row.all:
            row.line = line
        return row

    def _drop_empty(self) -> None:
        """Drop the rows of those whom the mail reached in the end."""
        self.rows = {place: row for place, row in self.rows.items() if row.all}
        self._emptied = 0

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
        keys = self._mails.get(event.mail, ())
        self.unexplained += not keys
        for key in keys:
            row = self._forget(key).row
            row.expired += 1
            self._date(row, day, returned=1)

    def _forget(self, key: bytes) -> _Waiting:
        mail = key[: key.index(b" ", key.index(b" ") + 1)]
        keys = tuple(one for one in self._mails[mail] if one != key)
        if keys:
            self._mails[mail] = keys
        else:
            del self._mails[mail]
        one = self._waiting.pop(key)
        one.row.waiting -= 1
        self._emptied += not one.row.all
        return one

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

    def _date(self, row: Row, day: Moment | None, *, returned: int = 0, waiting: int = 0) -> None:
        """Note on which day somebody in a row met their fate."""
        if day is not None:
            row.first = day if row.first is None or day < row.first else row.first
            row.last = day if row.last is None or day > row.last else row.last
        counts = self.days.get((day, row.problem))
        if counts is None:
            if len(self.days) >= MAXIMUM_DAYS:
                day = None
            counts = self.days.setdefault((day, row.problem), [0, 0])
        counts[0] += returned
        counts[1] += waiting


def _remember(known: dict[tuple[bytes, bytes], T], key: tuple[bytes, bytes], value: T) -> None:
    """Remember the newest ones alone: an attempt follows its reason closely."""
    known.pop(key, None)
    known[key] = value
    if len(known) > _MAXIMUM_PEERS:
        del known[next(iter(known))]
