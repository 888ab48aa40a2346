"""Where there is more than is kept, what is left out is counted, and told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.log import answer, fates, reading, sessions, sources, terminal
from checker.log.reading import Log
from tests.log.made import delivery, expired, log_of, tls

MANY = 300
LIMIT = 50


def _server(number: int) -> str:
    return f"mx{number}.example.org[192.0.2.1]:25"


def _failing(count: int, status: str = "deferred") -> Iterator[str]:
    for number in range(count):
        to = f"anna@customer{number}.example"
        why = "Connection timed out"
        yield delivery(f"F{number}", status, why, to=to, server=_server(number))


def _told(log: Log) -> tuple[dict[str, Any], str]:
    told = answer.to_json(log)
    return told, "\n".join(terminal.lines(told))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fates, "MAXIMUM_ROWS", LIMIT)
    monkeypatch.setattr(fates, "MAXIMUM_WAITING", LIMIT)
    monkeypatch.setattr(sessions, "MAXIMUM_ROWS", LIMIT)
    monkeypatch.setattr(sessions, "MAXIMUM_UNDECIDED", LIMIT)


def test_more_places_than_are_kept_are_counted_without_them(tmp_path: Path) -> None:
    told, lines = _told(log_of(tmp_path, "".join(_failing(MANY, "bounced"))))
    assert told["recipients"]["bounced"] == MANY
    assert told["left_out"] == MANY - LIMIT
    assert sum(row["bounced"] for row in told["domains"]) == MANY
    assert len(told["domains"]) == LIMIT + 1
    assert f"{MANY - LIMIT} are counted without them" in lines


def test_more_who_wait_than_are_followed_are_counted_as_waiting(tmp_path: Path) -> None:
    told, lines = _told(log_of(tmp_path, "".join(_failing(MANY))))
    assert told["recipients"]["waiting"] == MANY
    assert MANY - LIMIT <= told["forgotten"] < MANY
    assert f"{told['forgotten']} were counted as waiting too early" in lines


def test_who_was_reached_in_the_end_leaves_room_for_those_who_were_not(tmp_path: Path) -> None:
    log = "".join(
        line + delivery(f"F{number}", to=f"anna@customer{number}.example", server=_server(number))
        for number, line in enumerate(_failing(MANY))
    )
    lost = delivery("L1", "deferred", "Connection timed out", to="ben@last.example") + expired("L1")
    told, _ = _told(log_of(tmp_path, log + lost))
    assert told["recipients"]["delivered_late"] == MANY
    assert told["left_out"] == 0
    assert [row["domain"] for row in told["domains"]] == ["last.example"]


@pytest.mark.parametrize("is_logged", [True, False])
def test_more_servers_than_are_kept_are_counted_without_them(
    tmp_path: Path, *, is_logged: bool
) -> None:
    log = tls(process=9) if is_logged else ""
    for number in range(MANY):
        log += tls(server=_server(number)) if is_logged else ""
        to = f"anna@customer{number}.example"
        log += delivery(f"S{number}", to=to, server=_server(number))
    told, lines = _told(log_of(tmp_path, log))
    under = told["under"]
    assert sum(row["deliveries"] for row in under["cannot_be_told"]) == MANY
    assert under["left_out"] == MANY - LIMIT
    assert f"{MANY - LIMIT} are counted without them" in lines


def test_of_blocks_in_which_much_fails_less_is_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MANY", 10)
    monkeypatch.setattr(reading, "DENSE", 5_000)
    lengths: list[int] = []
    part_of = reading.part_of

    def noted(block: bytes | sources.Range, **given: bool) -> object:
        lengths.append(len(block) if isinstance(block, bytes) else block.length)
        return part_of(block, **given)

    monkeypatch.setattr(reading, "part_of", noted)
    sent = "".join(delivery(f"S{number}") for number in range(1_000))
    log_of(tmp_path, sent + "".join(_failing(600)) + sent, size=20_000)
    assert lengths[0] < 6_000
    assert max(lengths) > 19_000
    assert sum(length < 6_000 for length in lengths) > 10
