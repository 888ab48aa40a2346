"""The connector for production and the lab: TCP through asyncio."""

import asyncio
import contextlib
import errno
from collections.abc import Callable

from checker.network.addresses import is_own

_BUFFER = 65_536
"""Bytes that asyncio may hold unread; a server that floods is slowed down by TCP."""


class _TcpStream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, size: int) -> bytes:
        return await self._reader.read(size)

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
