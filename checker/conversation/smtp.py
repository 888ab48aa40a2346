"""The client's side of SMTP up to STARTTLS (RFC 5321, RFC 3207), with a cap on all that is read."""

import asyncio
import contextlib
from dataclasses import dataclass, replace
from enum import StrEnum

from checker.conversation.codes import is_positive
from checker.conversation.reply import ReplyReader
from checker.facts import MixedReply, Oddity, Reply, Speech
from checker.network import Stream, TlsAlertError, TlsFloodError
from checker.problems import Cause, Stage
from checker.text import printable

MAXIMUM_LINE = 32_768
"""Bytes of one reply line; RFC 5321 section 4.5.3.1.5 allows 512, real servers send more."""

MAXIMUM_REPLY = 65_536
"""Bytes of one whole reply."""

_SHORTEST_LINE = 64
"""Bytes that each line counts for at least, for however short it is, to read it takes time."""

_CHUNK = 4_096

_FOREIGN_PATIENCE = 5.0
"""Seconds for a reply code behind lines without one; who speaks another protocol has none."""

_CLOSING_PATIENCE = 1.0
"""Seconds for the end of a connection that a server has said it will close."""

_KEPT_TEXT = 300
"""Characters of a reply that are kept as evidence."""

_STAGES = {"connect": Stage.GREETING, "EHLO": Stage.EHLO, "STARTTLS": Stage.STARTTLS}
"""What a reply answers, where some senders go by another of its codes than others."""

_QUIT_TIMEOUT = 3.0
"""Seconds for a server's good-bye; whoever refuses STARTTLS and says none is silent then."""


class Breakage(StrEnum):
    """How a conversation broke off."""

    CLOSED = "closed"
    RESET = "reset"
    ALERT = "alert"
    TIMEOUT = "timeout"
    NOT_SMTP = "not-smtp"


@dataclass(frozen=True, slots=True)
class Broken:
    """A conversation that broke off.

    Attributes:
        breakage: How.
        cause: Why, where that decides something; else a text for the evidence.
    """

    breakage: Breakage
    cause: Cause | str


class Conversation:
    """One SMTP session with one server. It never gets as far as MAIL.

    Attributes:
        stream: The connection; once TLS has begun, its inside.
        replies: What the server said so far, in order.
        speech: What about it some senders mind, before TLS.
        keywords: What the server offered before TLS, in upper case.
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
        self.speech = Speech()
        self.keywords: frozenset[str] = frozenset()
        self.injected = ""
        self._client_name = client_name
        self._reply_timeout = reply_timeout
        self._buffer = bytearray()
        self._encrypted = False

    async def greeting(self) -> Reply | Broken:
        """Wait for the whole greeting; a client that talks early is taken for a spammer."""
        reader = ReplyReader("connect")
        reply = await self._reply(reader)
        self.speech = replace(self.speech, greeting=frozenset(reader.oddities))
        return reply

    async def ehlo(self) -> Reply | Broken:
        """Say EHLO."""
        reader = ReplyReader("EHLO")
        reply = await self._command(f"EHLO {self._client_name}", reader)
        oddities = frozenset(reader.oddities - {Oddity.MASKED})
        if isinstance(reply, Reply) and self._bears_our_name(reply):
            oddities |= {Oddity.SENDERS_NAME}
        if self._encrypted:
            self.speech = replace(self.speech, inside=oddities)
        else:
            offers = frozenset(reader.offers)
            self.speech = replace(self.speech, hello=oddities, offers=offers)
            self.keywords = frozenset(reader.keywords)
        return reply

    async def helo(self) -> Reply | Broken:
        """Say HELO, to a server that refuses EHLO."""
        return await self._command(f"HELO {self._client_name}")

    def takes_any(self, reply: Reply) -> bool:
        """Whether one sender or another takes the last reply for a yes."""
        mixed = self.speech.mixed[-1:]
        codes = [one.first for one in mixed if one.stage is _STAGES.get(reply.command)]
        return any(map(is_positive, (reply.code, *codes)))

    async def starttls(self) -> Reply | Broken:
        """Ask for TLS. What the server sent beyond its reply in clear text is set aside."""
        reader = ReplyReader("STARTTLS")
        reply = await self._command("STARTTLS", reader)
        self.speech = replace(self.speech, ready=frozenset(reader.oddities - {Oddity.MASKED}))
        # RFC 3207 section 4.2: nothing said before the handshake counts after it.
        self.injected = printable(self._buffer.decode("utf-8", "replace"))
        self._buffer.clear()
        return reply

    def encrypt(self, inside: Stream) -> None:
        """Go on inside TLS."""
        self.stream = inside
        self._encrypted = True

    async def closes(self) -> bool:
        """Whether the server closes the connection by itself within a moment, and says little."""
        taken = 0
        try:
            async with asyncio.timeout(min(_CLOSING_PATIENCE, self._reply_timeout)):
                while data := await self.stream.read(_CHUNK):
                    taken += len(data)
                    if taken > MAXIMUM_REPLY:
                        return False
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    async def parting(self) -> Reply | Broken:
        """Say QUIT, and hear what it is answered; that is none of the replies that count."""
        said = [*self.replies]
        try:
            async with asyncio.timeout(_QUIT_TIMEOUT):
                return await self._command("QUIT")
        except TimeoutError:
            return Broken(Breakage.TIMEOUT, "timeout")
        finally:
            self.replies = said

    async def quit(self) -> None:
        """Take leave and close, whatever the server makes of it."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_QUIT_TIMEOUT):
                    await self._command("QUIT")
        finally:
            self.stream.close()

    async def _command(self, line: str, reader: ReplyReader | None = None) -> Reply | Broken:
        try:
            async with asyncio.timeout(self._reply_timeout):
                await self.stream.write(line.encode("ascii") + b"\r\n")
        except TimeoutError:
            return Broken(Breakage.TIMEOUT, "timeout")
        except OSError as error:
            return _reset(error)
        return await self._reply(reader or ReplyReader(line.split(" ", 1)[0]))

    async def _reply(self, reader: ReplyReader) -> Reply | Broken:
        try:
            async with asyncio.timeout(self._reply_timeout) as patience:
                reply = await self._read_reply(reader, patience)
        except TimeoutError:
            reply = Broken(Breakage.TIMEOUT, "timeout")
        except OSError as error:
            return _reset(error)
        if isinstance(reply, Reply):
            self.replies.append(reply)
            self._note_codes(reader.first_code, reply)
        elif Oddity.FOREIGN_LINE in reader.oddities:
            return Broken(Breakage.NOT_SMTP, "no-reply-code")
        return reply

    def _bears_our_name(self, reply: Reply) -> bool:
        """Whether a server gives our name for its own, which it has not done in its greeting."""
        ours = self._client_name.lower()
        return name_in(reply) == ours and name_in(self.replies[0]) != ours

    def _note_codes(self, first: int | None, reply: Reply) -> None:
        stage = _STAGES.get(reply.command)
        if first is None or first == reply.code or stage is None or self._encrypted:
            return
        mixed = MixedReply(stage, first, reply.code, text_of(reply))
        self.speech = replace(self.speech, mixed=(*self.speech.mixed, mixed))

    async def _read_reply(self, reader: ReplyReader, patience: asyncio.Timeout) -> Reply | Broken:
        taken = 0
        while True:
            line = await self._read_line()
            if isinstance(line, Broken):
                return line
            taken += max(len(line) + 1, _SHORTEST_LINE)
            if taken > MAXIMUM_REPLY:
                return Broken(Breakage.NOT_SMTP, Cause.REPLY_TOO_LONG)
            if reply := reader.take(line):
                return reply
            if Oddity.FOREIGN_LINE in reader.oddities:
                _shorten(patience)

    async def _read_line(self) -> bytes | Broken:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAXIMUM_LINE:
                return Broken(Breakage.NOT_SMTP, Cause.LINE_TOO_LONG)
            data = await self.stream.read(_CHUNK)
            if not data:
                return Broken(Breakage.CLOSED, Cause.CLOSED)
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")


def name_in(reply: Reply) -> str:
    """The first word, where a server's name belongs (RFC 5321 section 4.1.1.1), in lower case."""
    words = "".join(reply.lines[:1]).replace("=", " ").lower().split()
    return words[0] if words else ""


def text_of(reply: Reply) -> str:
    """What it says, as far as it is kept as evidence."""
    return " ".join(reply.lines)[:_KEPT_TEXT]


def _shorten(patience: asyncio.Timeout) -> None:
    """Wait no longer than for the next line of one who may not speak SMTP at all."""
    soon = asyncio.get_running_loop().time() + _FOREIGN_PATIENCE
    until = patience.when()
    if until is None or until > soon:
        patience.reschedule(soon)


def _reset(error: OSError) -> Broken:
    if isinstance(error, TlsAlertError):
        return Broken(Breakage.ALERT, str(error))
    if isinstance(error, TlsFloodError):
        return Broken(Breakage.NOT_SMTP, Cause.REPLY_TOO_LONG)
    return Broken(Breakage.RESET, Cause.RESET)
