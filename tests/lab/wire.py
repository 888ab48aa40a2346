"""A connection as a server sees it, in clear or inside TLS.

Unlike the standard library's own streams it sends the alert of a handshake that fails, as real
mail servers do.
"""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from OpenSSL import SSL

from tests.lab import modern_tls

_CHUNK = 65536
_RECORD_HEAD = 5
_LINGER = 1.0


class Tls(Protocol):
    """What ``ssl.SSLObject`` does, as far as it is needed here."""

    def do_handshake(self) -> None:
        """Go on with the handshake."""

    def read(self, size: int, /) -> bytes:
        """Read what has come."""

    def write(self, data: bytes, /) -> int:
        """Encrypt data."""

    def unwrap(self) -> object:
        """Say farewell."""


class Wire:
    """Bytes to and from a client."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Talk in clear at first."""
        self.reader = reader
        self.writer = writer
        self._buffer = bytearray()
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls: Tls | None = None

    @property
    def encrypted(self) -> bool:
        """Whether TLS is in use."""
        return self._tls is not None

    async def send(self, data: bytes) -> None:
        """Send all of the data."""
        if self._tls:
            self._tls.write(data)
            await self._flush()
        else:
            self.writer.write(data)
            await self.writer.drain()

    async def receive(self) -> bytes:
        """Wait for some data; none means that the client has gone."""
        if not self._tls:
            return await self.reader.read(_CHUNK)
        while True:
            try:
                return self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                await self._feed()
            except ssl.SSLError:
                await self._flush()
                return b""

    async def receive_through(self, end: bytes) -> bytes:
        """Read up to and including a separator; nothing when the client has gone before."""
        while end not in self._buffer:
            data = await self.receive()
            if not data:
                return b""
            self._buffer += data
        size = self._buffer.index(end) + len(end)
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    async def receive_record(self) -> bytes:
        """Read the first record of a handshake, before it begins.

        Raises:
            EOFError: The client went before.
        """
        self._buffer.clear()
        head = await self.reader.readexactly(_RECORD_HEAD)
        return head + await self.reader.readexactly(int.from_bytes(head[3:]))

    async def start_tls(self, context: ssl.SSLContext | SSL.Context, received: bytes = b"") -> None:
        """Do the handshake in the server's role, when some of it may have been received before."""
        self._incoming.write(received)
        if isinstance(context, SSL.Context):
            await self.adopt(partial(modern_tls.Connection, context))
        else:
            await self.adopt(partial(context.wrap_bio, server_side=True))

    async def adopt(self, connect: Callable[[ssl.MemoryBIO, ssl.MemoryBIO], Tls]) -> None:
        """Do the handshake of a connection that reads from one buffer and writes into the other."""
        self._buffer.clear()
        tls = connect(self._incoming, self._outgoing)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._feed()
            except ssl.SSLError:
                await self._flush()
                raise
            else:
                break
        await self._flush()
        self._tls = tls

    async def close(self) -> None:
        """Say farewell, and let what was sent arrive: closing at once may reset the connection."""
        if self.writer.is_closing():
            return
        if self._tls:
            with suppress(ssl.SSLError):
                self._tls.unwrap()
            await self._flush()
        self.writer.write_eof()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while await self.reader.read(_CHUNK):
                    pass
        self.writer.close()

    async def _feed(self) -> None:
        await self._flush()
        if data := await self.reader.read(_CHUNK):
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def _flush(self) -> None:
        self.writer.write(self._outgoing.read())
        await self.writer.drain()
