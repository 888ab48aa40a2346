"""The connector for production and the lab: TCP through asyncio."""

import asyncio
import contextlib
import errno
from collections.abc import Callable
from typing import cast

from checker.network.addresses import is_own

_BUFFER = 65_536
"""Bytes that asyncio may hold unread; a server that floods is slowed down by TCP."""

_CRUMB = 512
"""Bytes below which what comes at a time is little."""

_MOST_CRUMBS = 64
_LULL = 0.02
"""Seconds for more to come, where a server has sent so many crumbs: each costs a turn."""


class _TcpStream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._transport = cast("asyncio.Transport", writer.transport)
        self._crumbs = 0

    async def read(self, size: int) -> bytes:
        data = await self._reader.read(size)
        if 0 < len(data) < _CRUMB:
            self._crumbs += 1
        if self._crumbs > _MOST_CRUMBS and len(data) < _CRUMB:
            await self._let_gather()
        elif len(data) == size:
            # Where much is there already, others have their turn all the same.
            await asyncio.sleep(0)
        return data

    async def _let_gather(self) -> None:
        """Leave what comes meanwhile to the system, which puts it together."""
        self._transport.pause_reading()
        try:
            await asyncio.sleep(_LULL)
        finally:
            self._transport.resume_reading()

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        # A connection that is broken already may complain; there is nothing left to lose.
        with contextlib.suppress(OSError, RuntimeError):
            self._writer.close()


class TcpConnector:
    """Opens TCP connections to permitted addresses only."""

    def __init__(
        self, permits: Callable[[str], bool], itself: Callable[[str], bool] = is_own
    ) -> None:
        """Keep the tests of addresses, asked here so that no caller can forget to.

        Args:
            permits: Whether anybody may be connected to there.
            itself: Whether that is this very machine, which may trust itself more than others.
        """
        self._permits = permits
        self._itself = itself

    async def connect(self, address: str, port: int) -> _TcpStream:
        """Connect to an IP address; see :class:`checker.network.Connector`."""
        if not self._permits(address):
            raise PermissionError(errno.EPERM, "not a public address")
        if self._itself(address):
            # No fault of the one whose server it is.
            raise PermissionError(errno.EACCES, "this machine's own address")
        reader, writer = await asyncio.open_connection(address, port, limit=_BUFFER)
        return _TcpStream(reader, writer)
