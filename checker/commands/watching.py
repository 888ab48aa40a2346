"""``check --watch``: look again and again until the mail would be delivered."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from checker.check import Answer
from checker.commands.shared import say
from checker.delivery.verdict import Disposition
from checker.moment import timestamp
from checker.tell.answer import to_json
from checker.tell.lines import lines

Look = Callable[[], Awaitable[Answer]]
Tell = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long.

    Attributes:
        interval: Seconds between the end of one look and the beginning of the next.
        timeout: Seconds after which no further look begins.
    """

    interval: float
    timeout: float


async def watch(
    look: Look,
    tell: Tell,
    pace: Pace,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """Look until the mail would be delivered, or the time is over.

    Args:
        look: Looks once.
        tell: Is told of each answer.
        pace: How often and how long.
        sleep: Waits for seconds.
        clock: Tells the time in seconds.

    Returns:
        The last answer.
    """
    end = clock() + pace.timeout
    tell(answer := await look())
    while answer.verdict.disposition is not Disposition.ACCEPTED and clock() + pace.interval <= end:
        await sleep(pace.interval)
        tell(answer := await look())
    return answer


class Teller:
    """Prints answers one after another: what is as before in one line.

    Attributes:
        last: The last answer.
    """

    def __init__(self, *, as_json: bool) -> None:
        """Choose the form.

        Args:
            as_json: Each answer is one line, the whole of it as JSON.
        """
        self.last: Answer | None = None
        self._as_json = as_json

    def __call__(self, answer: Answer) -> None:
        """Print one.

        Raises:
            UnwrittenError: It cannot be written.
        """
        before, self.last = self.last, answer
        if self._as_json:
            say(json.dumps(to_json(answer)))
        else:
            say(*_report(before, answer))


def _report(before: Answer | None, answer: Answer) -> Iterator[str]:
    time_ = timestamp(answer.checked_at)
    now = list(lines(answer))
    if before is None:
        yield time_
    elif list(lines(before)) == now:
        yield f"{time_}  as before"
        return
    else:
        yield f"{time_}  before: {_state(before)}; now: {_state(answer)}"
    yield from now


def _state(answer: Answer) -> str:
    decisive = [str(trouble.id) for trouble in answer.verdict.troubles if trouble.decisive]
    return ", ".join([str(answer.verdict.outcome), *decisive])
