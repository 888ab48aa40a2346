"""Mail servers that flood whoever looks at them, in a process of its own.

    python -m scripts.benchmarks.flooding CORE PORT

The domain ``flood3.load.test`` gets the third of KINDS. Ends when its input closes.
"""

import asyncio
import datetime as dt
import os
import subprocess
import sys
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scripts.benchmarks.many_domains import FLOODING
from tests.lab.certificates import Certificates
from tests.lab.floods import EARLY_HELLO_REQUESTS, FLOODS, FloodingServer
from tests.lab.model import Certificate

EARLY = "early-hello-requests"
SINGLE_BYTES = "single-bytes-in-clear"
KINDS = (*FLOODS, EARLY, SINGLE_BYTES)

_AT_A_TIME = 50
_NICE = 10
"""A server far away would not take its time from visitors."""

Answer = Callable[[StreamReader, StreamWriter], Coroutine[Any, Any, None]]


def _answer(kind: str, chain: Path) -> Answer:
    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError):
            if kind == SINGLE_BYTES:
                await _drip(writer)
            elif await _until_tls(reader, writer):
                await (
                    _repeat(reader, writer)
                    if kind == EARLY
                    else _flood(reader, writer, FloodingServer(chain, FLOODS[kind]))
                )
        writer.close()

    return answer


async def _drip(writer: StreamWriter) -> None:
    writer.write(b"220-")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0)


async def _until_tls(reader: StreamReader, writer: StreamWriter) -> bool:
    """Talk SMTP until TLS is to begin; whether it comes to that."""
    writer.write(b"220 flood.test ESMTP\r\n")
    while line := await reader.readline():
        if line.startswith(b"EHLO"):
            writer.write(b"250-flood.test\r\n250 STARTTLS\r\n")
        elif line.startswith(b"STARTTLS"):
            writer.write(b"220 Go ahead\r\n")
            return True
        else:
            return False
    return False


async def _repeat(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.read(65_536)
    while True:
        writer.write(EARLY_HELLO_REQUESTS)
        await writer.drain()


async def _flood(reader: StreamReader, writer: StreamWriter, server: FloodingServer) -> None:
    while not (ready := server.flood()):
        heard = await reader.read(65_536)
        if not heard:
            return
        writer.write(server.hear(heard))
    # Else the client would stop, once nobody reads its answers.
    listening = asyncio.create_task(_listen(reader))
    try:
        while not listening.done():
            writer.write(ready + b"".join(server.flood() for _ in range(_AT_A_TIME)))
            await writer.drain()
            await asyncio.sleep(0)
            ready = b""
    finally:
        listening.cancel()


async def _listen(reader: StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(65_536):
            pass


async def _serve(folder: Path, port: int) -> None:
    chain = folder / "chain.pem"
    certificates = Certificates(dt.datetime.now(dt.UTC).replace(microsecond=0))
    chain.write_text(certificates.identity("flood.test", Certificate()).pem)
    for number, kind in enumerate(KINDS):
        await asyncio.start_server(_answer(kind, chain), str(FLOODING + number), port)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await ended.wait()


@contextmanager
def flooding(core: int, port: int) -> Iterator[None]:
    """Let a process of its own flood from one core."""
    with subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-m", "scripts.benchmarks.flooding", str(core), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as servers:
        assert servers.stdin  # noqa: S101 - asked for above
        assert servers.stdout  # noqa: S101 - likewise
        servers.stdout.readline()
        try:
            yield
        finally:
            servers.kill()


def main(core: int, port: int) -> None:
    """Flood from one core."""
    os.sched_setaffinity(0, {core})
    os.nice(_NICE)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_serve(Path(folder), port))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
