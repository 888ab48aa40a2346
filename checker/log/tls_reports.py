"""A folder or mailbox of TLS reports (RFC 8460) -> what failed, by domain, server and result."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from checker.bounce import MAXIMUM_INPUT, Problem, tls_report
from checker.bounce.compressed import uncompressed
from checker.bounce.text import characters_of
from checker.log.answer import without_addresses
from checker.log.sources import UnreadableError

_MBOX = b"From "
_MAXIMUM_SEEN = 100_000
MAXIMUM_ROWS = 10_000


class _Place(NamedTuple):
    domain: str | None
    server: str | None
    problem: str
    text: str


@dataclass(slots=True)
class Reports:
    """What TLS reports count.

    Attributes:
        read: How many there were.
        repeated: How many came more than once, and were counted once.
        others: Files and messages that are no such report.
        left_out: Sessions in rows that name no domain, for there were too many rows.
        counts: Sessions by place.
    """

    read: int = 0
    repeated: int = 0
    others: int = 0
    left_out: int = 0
    counts: dict[_Place, int] = field(default_factory=dict)
    _seen: set[bytes] = field(default_factory=set)

    def add(self, message: bytes) -> None:
        """Count a report, whatever carries it."""
        text = characters_of(uncompressed(message, MAXIMUM_INPUT))
        told = tls_report.read(text)
        if not told:
            self.others += 1
            return
        identity = hashlib.sha256(repr(told).encode() + _identity(text)).digest()
        if identity in self._seen:
            self.repeated += 1
            return
        if len(self._seen) < _MAXIMUM_SEEN:
            self._seen.add(identity)
        self.read += 1
        for report in told:
            for problem in report.problems:
                self._count(report.domain, report.host, problem)

    def _count(self, domain: str | None, host: str | None, problem: Problem) -> None:
        evidence = problem.evidence
        at = evidence.get("host", host)
        number = evidence.get("failed_session_count", evidence.get("successful_session_count", 0))
        text = str(evidence.get("text", ""))
        place = _Place(domain, None if at is None else str(at), problem.id, text)
        if place not in self.counts and len(self.counts) >= MAXIMUM_ROWS:
            place = _Place(None, None, problem.id, "")
            self.left_out += int(number)
        self.counts[place] = self.counts.get(place, 0) + int(number)


def _identity(text: str) -> bytes:
    return "\n".join(tls_report.identities(text)).encode("utf-8", "replace")


def read(names: list[str]) -> Reports:
    """Read folders, mailboxes (mbox, Maildir) or single files.

    Args:
        names: Their paths.

    Raises:
        UnreadableError: There is no such thing, or it cannot be read.
    """
    reports = Reports()
    for name in names:
        try:
            for file in _files(Path(name)):
                for message in _messages(file):
                    reports.add(message)
        except OSError as error:
            which = error.filename or name
            raise UnreadableError(f"cannot read {which!r}: {error.strerror}") from error
    return reports


def to_json(reports: Reports, *, anonymise: bool = False) -> list[dict[str, object]]:
    """The counts, the failed ones first, the most frequent at the top.

    Args:
        reports: What was read.
        anonymise: Replace what stands before the @ of addresses.
    """
    rows = sorted(
        reports.counts.items(),
        key=lambda one: (one[0].problem == "no-problem-found", -one[1], str(one[0])),
    )
    return [
        {
            "domain": place.domain,
            "server": place.server,
            "problem": place.problem,
            "text": without_addresses(place.text) if anonymise else place.text,
            "sessions": number,
        }
        for place, number in rows
    ]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        # What is being delivered to a Maildir is no message yet.
        if "tmp" in folders and {"cur", "new"} <= set(folders):
            folders.remove("tmp")
        files = (Path(folder) / name for name in sorted(names))
        yield from (file for file in files if file.is_file())


def _messages(file: Path) -> Iterator[bytes]:
    """The messages of a file; of a long one the beginning."""
    with file.open("rb") as opened:
        first = opened.readline(MAXIMUM_INPUT)
        if not first.startswith(_MBOX):
            yield first + opened.read(MAXIMUM_INPUT - len(first))
            return
        message: list[bytes] = []
        length = 0
        for line in iter(lambda: opened.readline(MAXIMUM_INPUT), b""):
            if line.startswith(_MBOX) and (not message or not message[-1].strip()):
                yield b"".join(message)
                message, length = [], 0
                continue
            if length < MAXIMUM_INPUT:
                message.append(line)
                length += len(line)
        yield b"".join(message)
