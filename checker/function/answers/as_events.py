"""The steps as they happen, then the answer: a stream of events, for the site's form.

The format is that of server-sent events (HTML Living Standard, section 9.2); it is read by fetch.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from checker.delivery.walk import Step
from checker.function.errors import HttpError
from checker.function.headers import OF_THE_MOMENT
from checker.function.visits import Visit
from checker.tell.answer import Json

EVENT_STREAM = "text/event-stream"


class EventStream(StreamingResponse):
    """The response. The visit is left when it has ended, also where it never began."""

    def __init__(self, visit: Visit, refused: Callable[[HttpError], None]) -> None:
        """Take who is to be told.

        Args:
            visit: A check that was let in.
            refused: Is told of the error that comes instead of an answer.
        """
        # Else nginx would hold the events back until there are many.
        headers = {**OF_THE_MOMENT, "X-Accel-Buffering": "no"}
        super().__init__(_events(visit, refused), media_type=EVENT_STREAM, headers=headers)
        self._visit = visit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._visit.leave()


async def _events(visit: Visit, refused: Callable[[HttpError], None]) -> AsyncIterator[str]:
    """What is sent; a visitor who leaves ends the check."""
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    task = asyncio.create_task(visit.answer(steps.put_nowait))
    task.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        yield _event("step", {"stage": "domain", "domain": visit.asked.domain.unicode})
        while (step := await steps.get()) is not None:
            yield _event("step", _step(step))
        try:
            yield _event("answer", task.result())
        except HttpError as error:
            refused(error)
            yield _event("error", error.body())
    finally:
        task.cancel()


def _step(step: Step) -> Json:
    if step.target is None:
        return {"stage": str(step.stage)}
    return {
        "stage": str(step.stage),
        "host": step.target.server.host,
        "address": step.target.probe.address,
        "preference": step.target.server.preference,
    }


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
