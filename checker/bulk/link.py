"""Questions and answers between two of our processes, in both directions at the same time."""

import asyncio
import pickle
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import Any

from checker.bulk.looker import LostError
from checker.faults import in_short, note

_HEAD = struct.Struct("!IIB")
"""Length, number of the question, and what it is."""


class _Kind(IntEnum):
    QUESTION = 0
    ANSWER = 1
    REFUSAL = 2


class FaultError(Exception):
    """The other process could not answer by a fault of ours; the message says where that is."""


class Link:
    """One end. What goes through is pickled: the other end is a process of our own."""

    def __init__(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        answer: Callable[[Any], Awaitable[object]],
        refusals: tuple[type[Exception], ...],
    ) -> None:
        """Take both directions.

        Args:
            reader: What the other end says.
            writer: What it is told.
            answer: Answers its questions.
            refusals: Exceptions that are an answer, too.
        """
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._refusals = refusals
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._next = 0
        self._is_lost = False

    async def ask(self, question: object) -> Any:  # noqa: ANN401 - whatever the other end answers
        """What the other end answers.

        Raises:
            LostError: It is gone.
            FaultError: It could not.
        """
        if self._is_lost:
            raise LostError
        self._next = (self._next + 1) % (1 << 32)
        number = self._next
        waiting = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            self._say(number, _Kind.QUESTION, question)
            return await waiting
        finally:
            self._asked.pop(number, None)

    async def serve(self) -> None:
        """Answer until the other end is gone."""
        try:
            while True:
                length, number, kind = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
                body = pickle.loads(await self._reader.readexactly(length))  # noqa: S301 - of our own
                if kind == _Kind.QUESTION:
                    task = asyncio.create_task(self._reply(number, body))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                elif (waiting := self._asked.get(number)) is not None and not waiting.done():
                    if kind == _Kind.ANSWER:
                        waiting.set_result(body)
                    else:
                        waiting.set_exception(body)
        except (EOFError, OSError):
            pass
        finally:
            self._is_lost = True
            for waiting in self._asked.values():
                if not waiting.done():
                    waiting.set_exception(LostError())
            for task in self._tasks:
                task.cancel()
            self._writer.close()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def _reply(self, number: int, question: object) -> None:
        try:
            answer = await self._answer(question)
        except self._refusals as error:
            self._say(number, _Kind.REFUSAL, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, other questions are no worse
            note("another process could not be answered", error)
            self._say(number, _Kind.REFUSAL, FaultError(in_short(error)))
        else:
            self._say(number, _Kind.ANSWER, answer)

    def _say(self, number: int, kind: _Kind, body: object) -> None:
        data = pickle.dumps(body, pickle.HIGHEST_PROTOCOL)
        # Neither end sends without bound: each question waits for its answer.
        self._writer.write(_HEAD.pack(len(data), number, kind) + data)
