"""What the load benchmark makes of what it measured, and how it reads an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from scripts.benchmarks.load import GREEDY, Crowd, Floods, Load, Stop, late, targets
from scripts.benchmarks.running import Held
from scripts.benchmarks.visitors import Accept, Visit, Visitor, visit

CROWD = Crowd(healthy=40, greedy=4, hanging=10)
HEALTHY = '"no-problem-found"'


def visits(*, slow: float = 1.0, hanging: bool = True) -> list[Visit]:
    """All is well; a healthy domain takes so many seconds."""
    return [
        Visit(visitor, slow if visitor.domain.startswith("d") else 12.0, 200, HEALTHY)
        for visitor in CROWD.visitors(hanging=hanging)
    ]


GOOD = Load(
    [visits(hanging=False)],
    [visits(slow=1.5)],
    Held(100, 9, 1),
    Held(105, 9, 1),
    Floods({"key-updates": 0.1, "tickets": 0.4}, visits(slow=0.5, hanging=False)),
    Stop(visits(), 13.0, -15, ""),
)


def reached(load: Load) -> list[bool]:
    """Which targets are."""
    return [good for good, _ in targets(load)]


def test_a_crowd_is_mixed_and_the_same_each_time() -> None:
    everybody = CROWD.visitors()
    assert everybody == CROWD.visitors()
    assert len(everybody) == 54
    assert len({visitor.domain for visitor in everybody}) == 54
    assert len({visitor.address for visitor in everybody}) == 51
    assert {visitor.accept for visitor in everybody} == set(Accept)
    left = CROWD.visitors(hanging=False)
    assert [visitor for visitor in everybody if visitor in left] == left
    assert everybody[:40] != left[:40]


def test_all_targets_can_be_reached() -> None:
    assert all(reached(GOOD))
    assert "1.50 times as long" in targets(GOOD)[2][1]
    assert late(GOOD.crowded) == 1.5


def changed(status: int | None, *, greedy: bool, text: str = "") -> list[list[Visit]]:
    """A round in which all who are greedy, or are not, have this answer."""
    return [
        [
            replace(one, status=status, text=text)
            if (one.visitor.address == GREEDY) is greedy
            else one
            for one in visits()
        ]
    ]


@pytest.mark.parametrize(
    ("load", "missed"),
    [
        (replace(GOOD, crowded=changed(429, greedy=True)), None),
        (replace(GOOD, crowded=changed(429, greedy=False)), 0),
        (replace(GOOD, crowded=changed(503, greedy=True)), 0),
        (replace(GOOD, crowded=changed(None, greedy=True)), 0),
        (replace(GOOD, crowded=changed(200, greedy=False, text="something else")), 1),
        (replace(GOOD, crowded=[visits(slow=2.1)]), 2),
        (replace(GOOD, after=Held(120, 9, 1)), 3),
        (replace(GOOD, after=Held(100, 10, 1)), 4),
        (replace(GOOD, after=Held(100, 9, 2)), 4),
        (replace(GOOD, floods=replace(GOOD.floods, work={"tickets": 0.6})), 5),
        (replace(GOOD, floods=replace(GOOD.floods, beside=visits(slow=1.1))), 6),
        (replace(GOOD, floods=replace(GOOD.floods, beside=changed(503, greedy=False)[0])), 6),
        (replace(GOOD, stop=replace(GOOD.stop, seconds=31.0)), 7),
        (replace(GOOD, stop=replace(GOOD.stop, status=None)), 7),
        (replace(GOOD, stop=replace(GOOD.stop, said="Traceback")), 7),
        (replace(GOOD, stop=replace(GOOD.stop, visits=changed(None, greedy=True)[0])), 7),
    ],
)
def test_each_target_can_be_missed(load: Load, missed: int | None) -> None:
    assert [number for number, good in enumerate(reached(load)) if not good] == (
        [] if missed is None else [missed]
    )


@asynccontextmanager
async def saying(answer: str) -> AsyncIterator[int]:
    """A web server that gives this answer and closes; its port."""

    async def give(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer.encode())
        writer.close()

    server = await asyncio.start_server(give, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
STEP = "event: step\ndata: {}\n\n"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200),
        ("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}", 429),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", None),
        ("HTTP/1.1 200 OK\r\n", None),
        ("", None),
        (f"{HEAD}{STEP}event: answer\ndata: {{}}\n\n\r\n0\r\n\r\n", 200),
        (f'{HEAD}{STEP}event: error\ndata: {{"status": 503}}\n\n\r\n0\r\n\r\n', 503),
        (f"{HEAD}{STEP}\r\n0\r\n\r\n", None),
        (f"{HEAD}{STEP}event: answer\ndata: {{}}\n\n", None),
    ],
)
async def test_an_answer_counts_only_as_a_whole(answer: str, status: int | None) -> None:
    async with saying(answer) as port:
        (told,) = await visit(port, [Visitor("192.0.2.1", "example.test", Accept.EVENTS)])
    assert told.status == status


async def test_nobody_there_is_no_answer() -> None:
    async with saying("") as port:
        pass
    (told,) = await visit(port, [Visitor("192.0.2.1", "example.test")])
    assert told.status is None
