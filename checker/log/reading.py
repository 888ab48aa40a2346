"""Files of a log -> what became of the mail.

Each block of lines is read by itself, in processes of their own where there is much to read, and
what came of it is joined in the order of the log. So however a log is cut, the counts are the same.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context

from checker.log import exim, postfix, sources
from checker.log.fates import Fates
from checker.log.model import Part, Server
from checker.log.sessions import Sessions
from checker.operators import Operator

_Block = bytes | sources.Range

SERVERS: tuple[Server, ...] = (postfix, exim)
"""A module each."""

_FEW = 4
"""Blocks that are read at once sooner than by processes that must be started."""

_MOST_PROCESSES = 4

MANY = 1_000
"""Failed attempts in a block, several of which are in memory at the same time."""

DENSE = sources.BLOCK // 4
"""Bytes that are read at once where many fail."""


@dataclass(slots=True)
class Log:
    """What a log says.

    Attributes:
        fates: Of the recipients.
        sessions: How mail went that went through, as a policy judges it; None without one.
        changed: Year and month in which the log was last written.
        troubles: What could not be read, in words.
        repeated: Files that were named more than once, and are read once.
        length: Bytes that were read.
    """

    fates: Fates
    sessions: Sessions | None
    changed: tuple[int, int]
    troubles: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    length: int = 0


def part_of(block: bytes | sources.Range, *, sessions: bool) -> Part:
    """What some lines say.

    Args:
        block: Whole lines, or where they are.
        sessions: Read how the mail that went through was sent, too.
    """
    part = Part()
    lines = block if isinstance(block, bytes) else block.read()
    for server in SERVERS:
        server.read(lines, part, sessions=sessions)
    part.pack()
    return part


def read(
    names: Iterable[str],
    under: Operator | None = None,
    *,
    size: int = sources.BLOCK,
    processes: int | None = None,
) -> Log:
    """Read a log.

    Args:
        names: Paths of its files, or ``-`` for standard input.
        under: Whose policy mail that went through is judged by.
        size: Bytes that are read at once.
        processes: How many read; unless it is said, one for each processor.

    Raises:
        UnreadableError: A file cannot be read.
        NoZstandardError: A file is compressed in a way that nothing here reads.
    """
    files, twice = sources.ordered(names)
    last = max((file.changed for file in files), default=0)
    changed = datetime.fromtimestamp(last, UTC)
    log = Log(Fates(), Sessions(under.tls) if under else None, (changed.year, changed.month))
    log.repeated += twice
    amount = sources.Amount(min(size, DENSE))
    given = _measured(sources.blocks(files, log.troubles, amount), log)
    work = partial(part_of, sessions=under is not None)
    for part in _parts(given, work, processes or min(_MOST_PROCESSES, os.cpu_count() or 1)):
        amount.bytes = min(size, DENSE) if len(part.events) > MANY else size
        log.fates.add(part)
        if log.sessions is not None:
            log.sessions.add(part)
    log.fates.close()
    if log.sessions is not None:
        log.sessions.close()
    return log


def _measured(blocks: Iterable[_Block], log: Log) -> Iterator[_Block]:
    for block in blocks:
        log.length += len(block) if isinstance(block, bytes) else block.length
        yield block


def _parts(
    blocks: Iterator[_Block], work: Callable[[_Block], Part], processes: int
) -> Iterator[Part]:
    first = list(islice(blocks, _FEW))
    if len(first) < _FEW or processes == 1:
        yield from map(work, first)
        yield from map(work, blocks)
        return
    # Nothing runs beside this yet, so a fork is safe, and it takes no time.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(processes, context, _begin) as pool:
        try:
            begun = deque(pool.submit(work, block) for block in first[: 2 * processes])
            waiting = deque(first[2 * processes :])
            while begun:
                yield begun.popleft().result()
                block = waiting.popleft() if waiting else next(blocks, None)
                if block is not None:
                    begun.append(pool.submit(work, block))
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Whoever is at the terminal ends the process that was started there, and that one all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
