"""Questions to the DNS: once each, but for those whose answer may be another one soon."""

import asyncio

import pytest

from checker.bulk.questions import AskedOnce
from checker.network import DnsAnswer, DnsStatus


class Slow:
    """A resolver that counts, and answers when it is let."""

    def __init__(self, *statuses: DnsStatus) -> None:
        """Take what it says, the last for ever."""
        self.asked: list[str] = []
        self.go = asyncio.Event()
        self._statuses = statuses

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question."""
        self.asked.append(f"{name} {record_type} {checking_disabled}")
        await self.go.wait()
        return DnsAnswer(self._statuses[min(len(self.asked), len(self._statuses)) - 1])


async def test_many_who_ask_the_same_share_one_question() -> None:
    slow = Slow(DnsStatus.NO_DATA)
    resolver = AskedOnce(slow)
    waiting = [asyncio.create_task(resolver.resolve("a.example", "MX")) for _ in range(9)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    slow.go.set()
    answers = await asyncio.gather(*waiting[1:], resolver.resolve("a.example", "MX"))
    assert {one.status for one in answers} == {DnsStatus.NO_DATA}
    await resolver.resolve("a.example", "MX", checking_disabled=True)
    assert slow.asked == ["a.example MX False", "a.example MX True"]


@pytest.mark.parametrize(
    "passing", [DnsStatus.TIMEOUT, DnsStatus.SERVER_FAILURE, DnsStatus.UNREACHABLE]
)
async def test_what_may_pass_is_asked_again(passing: DnsStatus) -> None:
    slow = Slow(passing, DnsStatus.NAME_ERROR)
    slow.go.set()
    resolver = AskedOnce(slow)
    said = [(await resolver.resolve("a.example", "A")).status for _ in range(3)]
    assert said == [passing, DnsStatus.NAME_ERROR, DnsStatus.NAME_ERROR]
    assert len(slow.asked) == 2


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    slow = Slow(DnsStatus.NO_DATA)
    slow.go.set()
    resolver = AskedOnce(slow, most=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        await resolver.resolve(f"{name}.example", "A")
    assert [asked[0] for asked in slow.asked] == ["a", "b", "c", "b"]
