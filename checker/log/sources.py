"""Files, compressed or not, or standard input -> blocks of whole lines, in the order of time.

No more of anything is held than a block: of a line that is longer, its beginning.
"""

import os
import re
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from checker.log import transport
from checker.log.heads import begins_line, first_moment

BLOCK = 4 << 20
"""Bytes that are read at once."""

LONGEST_LINE = 64 << 10
"""Bytes of a line that are looked at."""

STANDARD_INPUT = "-"

_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_GZIP_WINDOW = 31  # zlib's window bits that stand for gzip alone
_PIECE = 64 << 10
_SENT = 1 << 20
"""Bytes that are read at once where they must be handed on, and several copies are about."""

_STEP = 256
_LAST = "9"


class UnreadableError(Exception):
    """A file cannot be opened; the message says which and why."""


class NoZstandardError(Exception):
    """Nothing here reads Zstandard (RFC 8878)."""


class Source(NamedTuple):
    """A file of a log.

    Attributes:
        name: Its path, or ``-``.
        changed: When it was last written, in seconds since 1970.
        first: The first moment that it names, to put several in order.
        file: Tells the file from any other, whatever its name; none for standard input.
    """

    name: str
    changed: float
    first: str
    file: tuple[int, int] | None


@dataclass(slots=True)
class Amount:
    """How many bytes are read at once from now on, about."""

    bytes: int = BLOCK


class Range(NamedTuple):
    """Whole lines of a file, which whoever needs them reads.

    Attributes:
        name: The file's path.
        begin: Where they begin.
        length: In bytes.
        file: Of ``Source``.
    """

    name: str
    begin: int
    length: int
    file: tuple[int, int] | None

    def read(self) -> bytes:
        """The lines.

        Raises:
            UnreadableError: They cannot be read, or are no longer there.
        """
        with _readable(self.name), Path(self.name).open("rb", buffering=0) as file:
            _see_that_it_is(self.name, file, self.file)
            lines = os.pread(file.fileno(), self.length, self.begin)
        if len(lines) < self.length:
            raise UnreadableError(f"{self.name!r} became shorter while it was read")
        return lines


def ordered(names: Iterable[str]) -> tuple[list[Source], list[str]]:
    """Files in the order of time, each once.

    Args:
        names: Paths, or ``-`` for standard input; what is no file comes last.

    Returns:
        The files, and the names of those that were named twice.

    Raises:
        UnreadableError: One cannot be read.
        NoZstandardError: One is compressed in a way that nothing here reads.
    """
    sources, twice = [], []
    seen: set[tuple[int, int] | str] = set()
    for name in names:
        about = None if name == STANDARD_INPUT else _about(name)
        same = (about.st_dev, about.st_ino) if about else None
        if (same or name) in seen:
            twice.append(name)
            continue
        seen.add(same or name)
        if about is None or not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
            # To open a pipe and close it again would end what writes there.
            sources.append(Source(name, time.time(), _LAST, same))
            continue
        with _opened(name) as file, _readable(name):
            head = next(_lines(transport.from_journal(_plain(file, [], name))), b"")
        first = first_moment(head[:LONGEST_LINE], about.st_mtime)
        sources.append(Source(name, about.st_mtime, first, same))
    return sorted(sources, key=lambda one: one.first), twice


def blocks(
    sources: Iterable[Source], troubles: list[str], amount: Amount
) -> Iterator[bytes | Range]:
    """Whole lines, many at once.

    A line that a file ends in is joined with the beginning of the next, if that goes on with it.

    Args:
        sources: Of ``ordered``.
        troubles: Takes messages about files that end early or are damaged.
        amount: Of a block; may change meanwhile.

    Raises:
        UnreadableError: A file cannot be read to its end.
    """
    rest = b""
    for source in sources:
        with _opened(source.name) as file, _readable(source.name):
            _see_that_it_is(source.name, file, source.file)
            if not rest:
                for one in _ranges(source, file, amount):
                    yield one
                    # Hardly anything is left in the end, unless it holds a line of great length
                    file.seek(one.begin + one.length)
            most = min(amount.bytes, _SENT)
            chunks = transport.from_journal(_plain(file, troubles, source.name, most))
            for some in _lines(chunks):
                block = transport.as_tradition_has_it(some)
                if rest:
                    block = rest + (b"\n" if begins_line(block) else b"") + block
                end = block.rfind(b"\n") + 1
                rest = block[end:]
                if end:
                    yield block[:end] if rest else block
    if rest:
        yield rest


def _ranges(source: Source, file: BinaryIO, amount: Amount) -> Iterator[Range]:
    """As much of a file as is plain lines, without reading it."""
    if source.first == _LAST:
        return
    head = os.pread(file.fileno(), _PIECE, 0)
    if not transport.is_plain(head) or head.startswith(_GZIP) or _is_zstandard(head):
        return
    begin, end = 0, os.fstat(file.fileno()).st_size
    while begin < end:
        near = begin + amount.bytes
        line = os.pread(file.fileno(), LONGEST_LINE, near).find(b"\n")
        if line < 0:
            break
        length = near + line + 1 - begin
        yield Range(source.name, begin, length, source.file)
        begin += length


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks that end with a line, but for the last one; of too long a line its beginning."""
    rest = b""
    skipping = False
    for chunk in chunks:
        begin = chunk.find(b"\n") if skipping else 0
        if begin < 0:
            continue
        skipping = False
        end = chunk.rfind(b"\n") + 1
        if end:
            yield b"".join((rest, memoryview(chunk)[begin:end]))
            rest = chunk[end:]
        else:
            rest += chunk
        if len(rest) > LONGEST_LINE:
            rest, skipping = rest[:LONGEST_LINE], True
    if rest:
        yield rest


def _plain(file: BinaryIO, troubles: list[str], name: str, size: int = BLOCK) -> Iterator[bytes]:
    """What a file holds, uncompressed."""
    head = file.read(_PIECE)
    make: Callable[[], Any] | None = None
    if head.startswith(_GZIP):
        make = _gzip
    elif _is_zstandard(head):
        make = _zstandard(name)
    if make is None:
        if head:
            yield head
        while chunk := file.read(size):
            yield chunk
        return
    try:
        yield from _inflated(head, file, make, size)
    except EOFError:
        troubles.append(f"{name!r} ends early; what it holds up to there was read")
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - each library has errors of its own
        troubles.append(f"{name!r} is damaged ({error}); what it holds up to there was read")


def _inflated(data: bytes, file: BinaryIO, make: Callable[[], Any], size: int) -> Iterator[bytes]:
    """The content of a compressed file, however many were put behind each other."""
    while data:
        one = make()
        while not one.eof:
            before = one.copy() if hasattr(one, "copy") else None
            try:
                content = one.decompress(data, size)
            except zlib.error:
                yield from _up_to_the_damage(before, data)
                raise
            if content:
                yield content
            data = getattr(one, "unconsumed_tail", b"")
            if one.eof or data or (content and not getattr(one, "needs_input", not content)):
                continue
            data = file.read(_PIECE)
            if not data and not content:
                raise EOFError
        data = (one.unused_data or file.read(_PIECE)).lstrip(b"\0")


def _up_to_the_damage(one: Any, data: bytes) -> Iterator[bytes]:  # noqa: ANN401 - as below
    """What there is before an error: at once a library yields nothing at all then.

    Raises:
        zlib.error: Always, in the end.
    """
    while data:
        yield one.decompress(data, _STEP)
        data = one.unconsumed_tail


def _is_zstandard(head: bytes) -> bool:
    """Whether a file begins with a frame, or with one that holds no data."""
    return head.startswith(_ZSTANDARD) or _SKIPPABLE.match(head) is not None


def _gzip() -> Any:  # noqa: ANN401 - zlib has no name for it
    return zlib.decompressobj(_GZIP_WINDOW)


def _zstandard(name: str) -> Callable[[], Any]:
    for module in ("compression.zstd", "backports.zstd"):
        try:
            made: Callable[[], Any] = import_module(module).ZstdDecompressor
        except ModuleNotFoundError:
            continue
        return made
    raise NoZstandardError(
        f"to read {name!r} takes Python 3.14 or backports.zstd; or: zstd -dc FILE | ... log -"
    )


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    if name == STANDARD_INPUT:
        if sys.stdin is None:
            raise UnreadableError("cannot read '-': it is closed")
        # Only what was opened here is closed here.
        return nullcontext(sys.stdin.buffer)
    with _readable(name):
        return Path(name).open("rb")


def _about(name: str) -> os.stat_result:
    with _readable(name):
        return Path(name).stat()


def _see_that_it_is(name: str, file: BinaryIO | FileIO, expected: tuple[int, int] | None) -> None:
    """A log that is put away meanwhile leaves its name to another file."""
    about = os.fstat(file.fileno()) if expected else None
    if about is not None and (about.st_dev, about.st_ino) != expected:
        raise UnreadableError(f"{name!r} was put away while it was read; read it again")


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableError(f"cannot read {name!r}: {error.strerror}") from error
