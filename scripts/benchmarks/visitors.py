"""Visitors who all come at once, each with a connection and perhaps an address of its own."""

import asyncio
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

_PATIENCE = 60.0


class Accept(StrEnum):
    """How a visitor wants the answer."""

    JSON = "application/json"
    EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who asks.

    Attributes:
        address: Whom the reverse proxy says that the request comes from.
        domain: What is to be checked.
        accept: How the answer is wanted.
    """

    address: str
    domain: str
    accept: Accept = Accept.JSON


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of it.

    Attributes:
        visitor: Who asked.
        seconds: Until the answer was there.
        status: Of HTTP, also where an event tells it; none where no whole answer came.
        text: The answer.
    """

    visitor: Visitor
    seconds: float
    status: int | None
    text: str

    @property
    def healthy(self) -> bool:
        """Whether the domain was found to be healthy."""
        return '"no-problem-found"' in self.text


async def visit(port: int, visitors: Iterable[Visitor]) -> list[Visit]:
    """Let all ask at once at a port of this machine."""
    return list(await asyncio.gather(*(_visit(port, visitor) for visitor in visitors)))


async def _visit(port: int, visitor: Visitor) -> Visit:
    began = time.perf_counter()
    status, text = None, ""
    try:
        async with asyncio.timeout(_PATIENCE):
            status, text = await _ask(port, visitor)
    except (OSError, ValueError) as error:
        text = f"{type(error).__name__}: {error}"
    return Visit(visitor, time.perf_counter() - began, status, text)


async def _ask(port: int, visitor: Visitor) -> tuple[int, str]:
    """By hand, because a client library would take more time than the function."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        body = f"domain={visitor.domain}"
        head = {
            "Host": "checker.test",
            "X-Forwarded-For": visitor.address,
            "Accept": visitor.accept,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": len(body),
            "Connection": "close",
        }
        lines = "".join(f"{name}: {text}\r\n" for name, text in head.items())
        writer.write(f"POST /api/v1/check HTTP/1.1\r\n{lines}\r\n{body}".encode())
        answer = bytearray()
        while chunk := await reader.read(65_536):
            answer += chunk
        status, text = _read(answer.decode())
        return (_read_events(text) or status if status == HTTPStatus.OK else status), text
    finally:
        writer.close()


def _read_events(text: str) -> int | None:
    """The status that an error tells in a stream of events; none where there is no stream.

    Raises:
        ValueError: The stream ends before the answer.
    """
    if "event: step" not in text:
        return None
    error = re.search(r'event: error\ndata: .*"status": (\d+)', text)
    if error is None and "event: answer" not in text:
        raise ValueError("the events break off")
    return int(error[1]) if error else None


def _read(answer: str) -> tuple[int, str]:
    """The status and the body of a response that has come in full.

    Raises:
        ValueError: It has not.
    """
    head, end, body = answer.partition("\r\n\r\n")
    version, _, rest = head.partition(" ")
    fields = head.lower()
    if not end or not version.startswith("HTTP/1."):
        raise ValueError("no answer")
    if "transfer-encoding: chunked" in fields:
        if not body.endswith("0\r\n\r\n"):
            raise ValueError("the answer breaks off")
    elif f"content-length: {len(body.encode())}\r\n" not in f"{fields}\r\n":
        raise ValueError("the answer breaks off")
    return int(rest[:3]), body
