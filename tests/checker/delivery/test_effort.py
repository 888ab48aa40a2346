"""What a server shows is judged elsewhere where there is much of it, and others go on meanwhile."""

import threading
from datetime import UTC, datetime

import pytest

from checker.delivery.effort import judged
from checker.facts import Connection, Handshake, MailServer, Seen, TlsaRecord
from checker.problems import Stage

MUCH, LITTLE = b"x" * 9_000, b"x" * 2_000
RECORD = TlsaRecord(3, 1, 1, "00" * 32)


def seen(**connections: bytes) -> Seen:
    """What was seen where these connections showed so much."""
    made = {
        name: Connection(Stage.DONE, handshake=Handshake(chain=(shown,)))
        for name, shown in connections.items()
    }
    return Seen(datetime.now(UTC), **{"first": Connection(Stage.CONNECT), **made})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looks", "records", "is_long"),
    [
        ([], 0, False),
        ([seen()], 1, False),
        ([seen(first=LITTLE)], 100, False),
        ([seen(first=MUCH)], 0, True),
        ([seen(first=LITTLE, named=MUCH)], 0, True),
        ([seen(first=LITTLE, widened=MUCH)], 0, True),
        ([seen(first=LITTLE)] * 5, 0, True),
        ([seen(first=LITTLE)], 300, True),
    ],
)
async def test_where_it_is_judged(looks: list[Seen], records: int, *, is_long: bool) -> None:
    servers = [MailServer("mx.example.org", 10, tlsa=(RECORD,) * records)]
    where = await judged(looks, servers, threading.current_thread)
    assert (where is not threading.main_thread()) is is_long


async def test_a_fault_comes_back_from_there() -> None:
    def fail() -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        await judged([seen(first=MUCH)], [], fail)
