"""The client's side of SMTP up to STARTTLS (RFC 5321, RFC 3207), with a cap on all that is read."""

import asyncio
import contextlib
import re
from dataclasses import dataclass
from enum import StrEnum

from checker.facts import Reply
from checker.network import Stream, TlsAlertError
from checker.text import printable

MAXIMUM_LINE = 4_096
"""Bytes of one reply line; RFC 5321 section 4.5.3.1.5 allows 512, real servers send more."""

MAXIMUM_REPLY = 65_536
"""Bytes of one whole reply."""

_KEPT_LINES = 32
_KEPT_TEXT = 2_048
"""Of one reply; who reads an answer is not to be buried by what a stranger says."""

_QUIT_TIMEOUT = 3.0
"""Seconds for a server's good-bye; nothing depends on it."""

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)


class Breakage(StrEnum):
    """How a conversation broke off."""

    CLOSED = "closed"
    RESET = "reset"
    ALERT = "alert"
    TIMEOUT = "timeout"
    NOT_SMTP = "not-smtp"


@dataclass(frozen=True, slots=True)
class Broken:
    """A conversation that broke off; ``cause`` is a fact for the evidence."""

    breakage: Breakage
    cause: str


class Conversation:
    """One SMTP session with one server. It never gets as far as MAIL.

    Attributes:
        stream: The connection; once TLS has begun, its inside.
        replies: What the server said so far, in order.
        injected: What came in clear text behind the answer to STARTTLS, where nothing belongs.
    """

    def __init__(self, stream: Stream, client_name: str, reply_timeout: float) -> None:
        """Take an open connection.

        Args:
            stream: The connection, before the greeting.
            client_name: What EHLO says.
            reply_timeout: Seconds that one whole reply may take.
        """
        self.stream = stream
        self.replies: list[Reply] = []
        self.injected = ""
        self._client_name = client_name
        self._reply_timeout = reply_timeout
        self._buffer = bytearray()

    async def greeting(self) -> Reply | Broken:
        """Wait for the whole greeting; a client that talks early is taken for a spammer."""
        return await self._reply("connect")

    async def ehlo(self) -> Reply | Broken:
        """Say EHLO."""
        return await self._command(f"EHLO {self._client_name}")

    async def helo(self) -> Reply | Broken:
        """Say HELO, to a server that refuses EHLO."""
        return await self._command(f"HELO {self._client_name}")

    async def starttls(self) -> Reply | Broken:
        """Ask for TLS. What the server sent beyond its reply in clear text is set aside."""
        reply = await self._command("STARTTLS")
        # RFC 3207 section 4.2: nothing said before the handshake counts after it.
        self.injected = printable(self._buffer.decode("utf-8", "replace"))
        self._buffer.clear()
        return reply

    async def quit(self) -> None:
        """Take leave and close, whatever the server makes of it."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_QUIT_TIMEOUT):
                    await self._command("QUIT")
        finally:
            self.stream.close()

    async def _command(self, line: str) -> Reply | Broken:
        try:
            async with asyncio.timeout(self._reply_timeout):
                await self.stream.write(line.encode("ascii") + b"\r\n")
        except TimeoutError:
            return Broken(Breakage.TIMEOUT, "timeout")
        except OSError as error:
            return _reset(error)
        return await self._reply(line.split(" ", 1)[0])

    async def _reply(self, command: str) -> Reply | Broken:
        try:
            async with asyncio.timeout(self._reply_timeout):
                reply = await self._read_reply(command)
        except TimeoutError:
            return Broken(Breakage.TIMEOUT, "timeout")
        except OSError as error:
            return _reset(error)
        if isinstance(reply, Reply):
            self.replies.append(reply)
        return reply

    async def _read_reply(self, command: str) -> Reply | Broken:
        kept: list[str] = []
        taken = 0
        room = _KEPT_TEXT
        while True:
            line = await self._read_line()
            if isinstance(line, Broken):
                return line
            taken += len(line)
            match = _LINE.fullmatch(line)
            if match is None:
                return Broken(Breakage.NOT_SMTP, "no-reply-code")
            if taken > MAXIMUM_REPLY:
                return Broken(Breakage.NOT_SMTP, "reply-too-long")
            code, separator, text = match.groups()
            if len(kept) < _KEPT_LINES and room > 0:
                kept.append(printable((text or b"").decode("utf-8", "replace")))
                room -= len(kept[-1])
            if separator != b"-":
                return Reply(command, int(code), tuple(kept))

    async def _read_line(self) -> bytes | Broken:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAXIMUM_LINE:
                return Broken(Breakage.NOT_SMTP, "line-too-long")
            data = await self.stream.read(MAXIMUM_LINE)
            if not data:
                return Broken(Breakage.CLOSED, "closed")
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")


def _reset(error: OSError) -> Broken:
    if isinstance(error, TlsAlertError):
        return Broken(Breakage.ALERT, str(error))
    return Broken(Breakage.RESET, "reset")


def capabilities(reply: Reply | Broken) -> frozenset[str]:
    """The keywords of an answer to EHLO (RFC 5321 section 4.1.1.1), in upper case."""
    if isinstance(reply, Broken):
        return frozenset()
    return frozenset(line.split(" ", 1)[0].upper() for line in reply.lines[1:])
