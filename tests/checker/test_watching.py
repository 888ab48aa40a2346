"""``check --watch``: how often it looks, when it ends, and what it prints."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from checker import operators
from checker.check import Answer
from checker.commands.watching import Pace, Teller, watch
from checker.domain import parse
from checker.production import build_checker
from checker.settings import Settings
from tests.lab import Lab

START = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def looks(lab: Lab) -> dict[str, Answer]:
    """What comes of looking at some of the lab's domains."""
    checker = build_checker(
        Settings(
            resolver=lab.resolver,
            smtp_port=lab.smtp_port,
            allow_network=tuple(lab.allow_network),
            ca_file=lab.ca_file,
        )
    )
    names = ("healthy", "expired", "connection-refused", "expires-soon")

    async def look() -> dict[str, Answer]:
        found = {
            name: await checker.check(parse(f"{name}.test"), operators.load("careful"))
            for name in names
        }
        await checker.close()
        return found

    return asyncio.run(look())


@dataclass
class World:
    """A mail server that changes with the time, which passes only while somebody waits.

    Attributes:
        states: What is seen, the last one for ever.
        duration: Seconds that a look takes.
    """

    states: list[Answer]
    duration: float = 0.0

    def __post_init__(self) -> None:
        """Begin."""
        self.now = 0.0
        self.looks: list[float] = []
        self.ends: list[float] = []

    async def look(self) -> Answer:
        """Look once."""
        self.looks.append(self.now)
        self.now += self.duration
        self.ends.append(self.now)
        state = self.states[min(len(self.looks), len(self.states)) - 1]
        return replace(state, checked_at=START + timedelta(seconds=self.looks[-1]))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        self.now += seconds

    def watch(self, pace: Pace, tell: Callable[[Answer], None] = lambda _: None) -> Answer:
        """Watch it."""
        return asyncio.run(watch(self.look, tell, pace, self.sleep, lambda: self.now))


@pytest.mark.parametrize("end", ["healthy", "expires-soon"])
def test_it_ends_as_soon_as_the_mail_would_be_delivered(looks: dict[str, Answer], end: str) -> None:
    world = World([looks["expired"], looks["connection-refused"], looks[end]])
    last = world.watch(Pace(300, 3_600))
    assert last.verdict == looks[end].verdict
    assert world.looks == [0, 300, 600]


def test_it_ends_when_the_time_is_over(looks: dict[str, Answer]) -> None:
    world = World([looks["expired"]])
    assert world.watch(Pace(300, 3_600)).verdict == looks["expired"].verdict
    assert world.looks == [300 * number for number in range(13)]
    short = World([looks["expired"]])
    short.watch(Pace(300, 60))
    assert short.looks == [0]


def test_no_look_begins_sooner_than_the_interval_after_the_last(looks: dict[str, Answer]) -> None:
    world = World([looks["expired"]], duration=100)
    world.watch(Pace(60, 3_600))
    waits = [after - before for before, after in zip(world.ends, world.looks[1:], strict=False)]
    assert waits
    assert set(waits) == {60}
    assert world.looks[-1] <= 3_600


def test_each_look_has_its_time_and_what_is_as_before_is_one_line(
    looks: dict[str, Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    states = [looks[name] for name in ("expired", "expired", "connection-refused", "healthy")]
    World(states).watch(Pace(300, 3_600), Teller(as_json=False))
    printed = capsys.readouterr().out.splitlines()
    told = [line for line in printed if line.startswith("2026-")]
    assert told == [
        "2026-11-30T12:00:00Z",
        "2026-11-30T12:05:00Z  as before",
        "2026-11-30T12:10:00Z  before: fails, certificate-expired; now: unknown, connection-failed",
        "2026-11-30T12:15:00Z  before: unknown, connection-failed; now: delivers, no-problem-found",
    ]
    following = printed[printed.index(told[1]) + 1]
    assert following == told[2]
    assert "healthy.test, sent by careful: delivers" in printed


def test_as_json_each_look_is_one_line(
    looks: dict[str, Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    World([looks["expired"], looks["healthy"]]).watch(Pace(300, 3_600), Teller(as_json=True))
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["outcome"] for one in answers] == ["fails", "delivers"]
