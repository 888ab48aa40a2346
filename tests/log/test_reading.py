"""However a log is cut, packed or torn: the same counts, and nothing twice."""

import gzip
import io
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker import bounce
from checker.log import sources
from checker.log.fates import Fates
from checker.log.reading import Log, part_of, read
from checker.log.sessions import Sessions
from checker.log.sources import (
    BLOCK,
    LONGEST_LINE,
    Amount,
    NoZstandardError,
    Range,
    UnreadableError,
    blocks,
    ordered,
)
from scripts.benchmarks.maillog import write
from tests.bounces.making import FOLDER
from tests.examples import examples
from tests.log.made import (
    CAREFUL,
    HEAD,
    SERVER,
    delivery,
    expired,
    fates_of,
    judged,
    log_of,
    lost,
    tls,
)

NEWEST = {"3.10", "4.98"}
REPEATS = [pytest.mark.repeats]
# What another line of the same log tells, without naming the server.
APART = {"client-certificate", "endless-line", "mx-ip-address"}

FILES = [
    pytest.param(file, id="/".join(file.parts[-3:]), marks=[] if version in NEWEST else REPEATS)
    for server in ("postfix", "exim")
    for file in sorted(FOLDER.glob(f"{server}/*/*.log"))
    if file.name.partition(".")[0] not in APART and (version := file.parts[-2])
]


def _made(size: int) -> bytes:
    file = io.BytesIO()
    write(file, size)
    return file.getvalue()


MADE = _made(60_000)
LINES = [
    *(delivery(mail, process=process) for mail in ("A1", "B2") for process in (7, 8)),
    *(tls(trust, process=process) for trust in ("Verified", "Trusted") for process in (7, 8)),
    *(delivery(mail, "deferred", "Server certificate not verified") for mail in ("A1", "B2")),
    *(expired(mail) for mail in ("A1", "B2")),
    delivery("A1", "bounced", "550 5.1.1 unknown user"),
    f"{HEAD}/smtp[7]: certificate verification failed for {SERVER}: self-signed certificate\n",
    "\xff\x00 binary, and no line at all\n",
]


def _counts(log: Log) -> object:
    assert log.sessions is not None
    fates = log.fates
    rows = {place: (row.bounced, row.expired, row.waiting) for place, row in fates.rows.items()}
    return (
        (fates.sent, fates.late, fates.deferred, fates.bounced, fates.unexplained),
        (rows, fates.days, log.sessions.passed, judged(log)),
    )


def _joined(parts: list[bytes]) -> object:
    log = Log(Fates(), Sessions(CAREFUL.tls), (2026, 11))
    assert log.sessions is not None
    for part in (part_of(lines, sessions=True) for lines in parts):
        log.fates.add(part)
        log.sessions.add(part)
    log.fates.close()
    log.sessions.close()
    return _counts(log)


# A short queue id comes again.
AGAIN = [
    delivery("A1", "deferred", "Server certificate not verified"),
    expired("A1"),
    delivery("A1"),
]


@example(AGAIN, [False, True, False])
@given(st.lists(st.sampled_from(LINES), max_size=12), st.lists(st.booleans(), min_size=12))
@settings(max_examples=examples(150))
def test_cuts_between_lines_change_nothing(lines: list[str], cuts: list[bool]) -> None:
    parts = [b""]
    for line, cut in zip(lines, cuts, strict=False):
        parts = [*parts, b""] if cut else parts
        parts[-1] += line.encode("latin-1")
    assert _joined(parts) == _joined([b"".join(parts)])


@pytest.mark.parametrize("size", [5_000, 17_011])
def test_blocks_of_a_file_change_nothing(tmp_path: Path, size: int) -> None:
    assert _counts(log_of(tmp_path, MADE, size=size)) == _joined([MADE])


@pytest.mark.programs
def test_processes_change_nothing(tmp_path: Path) -> None:
    assert _counts(log_of(tmp_path, MADE, size=5_000, processes=2)) == _joined([MADE])


@given(st.binary(max_size=300))
@settings(max_examples=examples(50))
def test_anything_is_read(octets: bytes) -> None:
    line = MADE[:400]
    at = 7 * len(octets) % 400
    part_of(octets, sessions=True)
    part_of(line[:at] + octets + line[at:], sessions=True)


@pytest.mark.parametrize("file", FILES)
def test_a_log_names_the_problem_that_its_text_names(file: Path) -> None:
    text = file.read_bytes()
    told = [report.problems[0].id for report in bounce.read(text)]
    named = [problem for problem in told if problem != "no-problem-found"]
    assert list(lost(fates_of(text.decode()))) == named


def test_packed_files_in_the_order_of_time_and_each_once(tmp_path: Path) -> None:
    half = MADE.index(b"\n", len(MADE) // 2) - 30
    old, new = tmp_path / "mail.log.1.gz", tmp_path / "mail.log"
    # Put away in the middle of a line, and packed by two programs
    third = half // 3
    old.write_bytes(gzip.compress(MADE[:third]) + gzip.compress(MADE[third:half]))
    new.write_bytes(MADE[half:])
    log = read([str(old), str(new), str(old)], CAREFUL)
    assert log.repeated == [str(old)]
    assert _counts(log) == _joined([MADE])
    later = tmp_path / "later"
    later.write_text(delivery("B2", head="Nov  3 09:00:00 mx1 postfix"))
    assert [one.name for one in ordered([str(later), str(old)])[0]] == [str(old), str(later)]


def test_a_torn_or_damaged_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    packed = gzip.compress(MADE)
    torn = log_of(tmp_path, packed[: len(packed) // 2])
    assert torn.fates.sent > 10
    assert "ends early" in torn.troubles[0]
    damaged = log_of(tmp_path, packed[:-8] + b"\0" * 8)
    assert damaged.fates.sent > 10
    assert "damaged" in damaged.troubles[0]


def _blocks(file: Path, size: int) -> list[bytes | Range]:
    return list(blocks(ordered([str(file)])[0], [], Amount(size)))


def test_a_line_without_end_takes_no_more_than_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "mail.log"
    long = delivery("A1", text="x" * (3 * LONGEST_LINE))
    file.write_text(delivery("C3") * 10 + long + delivery("B2"))
    found = [one if isinstance(one, bytes) else one.read() for one in _blocks(file, 1_000)]
    assert max(map(len, found)) < LONGEST_LINE + 2_000
    assert fates_of(b"".join(found).decode()).sent == 12


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file"):
        read([str(tmp_path / "nothing")])
    with pytest.raises(UnreadableError, match="directory"):
        read([str(tmp_path)])


def _zstandard(data: bytes) -> bytes:
    """Compressed by what this Python has for it."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ModuleNotFoundError):
            packed: bytes = import_module(name).compress(data)
            return packed
    raise AssertionError


FRAME_OF_NO_DATA = b"\x50\x2a\x4d\x18\x05\0\0\0table"


def test_zstandard_in_as_many_frames_as_there_are(tmp_path: Path) -> None:
    half = MADE.index(b"\n", len(MADE) // 2) - 30
    packed = _zstandard(MADE[:half]) + FRAME_OF_NO_DATA + _zstandard(MADE[half:])
    for data in (packed, FRAME_OF_NO_DATA + packed, _zstandard(MADE)):
        log = log_of(tmp_path, data)
        assert log.troubles == []
        assert _counts(log) == _joined([MADE])


def test_zstandard_that_is_torn_or_damaged_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    one = _zstandard(MADE)
    whole = log_of(tmp_path, one).fates.sent
    torn = log_of(tmp_path, one + one[: len(one) // 2])
    assert torn.fates.sent >= whole
    assert "ends early" in torn.troubles[0]
    damaged = log_of(tmp_path, one + b"no frame at all")
    assert damaged.fates.sent == whole
    assert "damaged" in damaged.troubles[0]


def test_zstandard_that_unpacks_to_very_much_is_read_in_pieces(tmp_path: Path) -> None:
    file = tmp_path / "mail.log"
    file.write_bytes(_zstandard(bytes(300 << 20)) + _zstandard(b"\n" + MADE))
    found = [one for one in _blocks(file, BLOCK) if isinstance(one, bytes)]
    assert max(map(len, found)) < BLOCK // 4
    assert fates_of(b"".join(found).decode()).sent == fates_of(MADE.decode()).sent


def test_without_a_library_for_zstandard_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    (tmp_path / "mail.log.zst").write_bytes(_zstandard(MADE))
    monkeypatch.setattr(sources, "import_module", missing)
    with pytest.raises(NoZstandardError, match=r"backports\.zstd"):
        read([str(tmp_path / "mail.log.zst")])
