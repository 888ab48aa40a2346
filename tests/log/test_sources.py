"""Files that are no plain files, and files that change while they are read."""

import os
import threading
from pathlib import Path

import pytest

from checker.log.reading import read
from checker.log.sources import Amount, Range, UnreadableError, blocks, ordered
from tests.log.made import delivery

LOG = "".join(delivery(f"A{number}") for number in range(100))


def test_a_pipe_is_opened_once_and_read_to_its_end(tmp_path: Path) -> None:
    pipe, file = tmp_path / "pipe", tmp_path / "mail.log"
    os.mkfifo(pipe)
    file.write_text(delivery("B1"))
    writer = threading.Thread(target=pipe.write_text, args=(LOG,))
    writer.start()
    log = read([str(pipe), str(file), str(pipe)])
    writer.join()
    assert log.fates.sent == 101
    assert log.repeated == [str(pipe)]


def test_a_file_under_another_name_is_read_once(tmp_path: Path) -> None:
    file, link, hard = (tmp_path / name for name in ("mail.log", "link", "hard"))
    file.write_text(LOG)
    link.symlink_to(file)
    hard.hardlink_to(file)
    log = read([str(file), str(link), str(hard)])
    assert log.fates.sent == 100
    assert log.repeated == [str(link), str(hard)]


def _begun(tmp_path: Path) -> tuple[Path, Range]:
    file = tmp_path / "mail.log"
    file.write_text(LOG)
    first = next(iter(blocks(ordered([str(file)])[0], [], Amount(5_000))))
    assert isinstance(first, Range)
    return file, first


def test_a_log_that_is_put_away_while_it_is_read_is_not_taken_for_the_new_one(
    tmp_path: Path,
) -> None:
    file, first = _begun(tmp_path)
    file.rename(tmp_path / "mail.log.1")
    file.write_text(LOG)
    with pytest.raises(UnreadableError, match=r"mail\.log' was put away"):
        first.read()


def test_a_log_that_is_emptied_while_it_is_read_is_not_read_in_part(tmp_path: Path) -> None:
    file, first = _begun(tmp_path)
    file.write_text("")
    with pytest.raises(UnreadableError, match="became shorter"):
        first.read()
