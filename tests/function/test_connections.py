"""A connection without a request is not kept, and one client does not have all that there are."""

import asyncio
import contextlib
import resource
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
import uvicorn

from checker.function import connections
from checker.function.app import create_app
from checker.function.connections import Connection, Connections
from checker.function.guard.client import read_networks
from checker.function.guard.options import GuardOptions
from checker.function.options import Options
from tests.deploy.test_container import command as container
from tests.deploy.test_container import instructions
from tests.function.fakes import MailServer, make_checker
from tests.serving import ROOT, command, end, environment

PATIENCE = 20.0
FILES = 600
MANY = 700
HEAD = b"GET /api/v1/operators HTTP/1.1\r\nHost: function.test\r\n"
NEAR_BY = "127.0.0.2"
"""Another client of this machine."""


@asynccontextmanager
async def serving(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, patience: float
) -> AsyncIterator[int]:
    """A function behind uvicorn that waits for a request only for so long; its port."""
    monkeypatch.setattr(connections, "_PATIENCE", patience)
    app = create_app(make_checker(mail_server), Options())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", http=Connection, timeout_keep_alive=60)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await task


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (b"", 0),
        (b"GET", 0),
        (HEAD, 0),
        (HEAD + b"\r\n", 1),
        (HEAD + b"\r\n" + HEAD, 1),
        (HEAD + b"Content-Length: 1000000\r\n\r\nx", 1),
    ],
)
async def test_who_does_not_ask_is_not_waited_for(
    said: bytes, answers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(MailServer(), monkeypatch, 0.1) as port, asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        # It ends, and by the server's doing.
        told = await reader.read()
        writer.close()
    assert told.count(b"HTTP/1.1 200") == answers


async def test_nor_is_who_asks_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    async def spell(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"X-Spelled: ")
        with contextlib.suppress(OSError):
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)

    async with serving(MailServer(), monkeypatch, 0.1) as port, asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        spelling = asyncio.create_task(spell(writer))
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        spelling.cancel()
        writer.close()


async def test_an_answer_may_take_longer_than_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    mail_server = MailServer(silent=True)
    async with serving(mail_server, monkeypatch, 0.05) as port, asyncio.timeout(PATIENCE):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            asked = {"domain": "example.test"}
            waiting = asyncio.create_task(client.post("/api/v1/check", data=asked))
            await mail_server.connected.wait()
            await asyncio.sleep(0.3)
            assert not mail_server.left.is_set()
            waiting.cancel()
            await asyncio.wait({waiting})
        await mail_server.left.wait()


def test_a_client_has_only_so_many() -> None:
    counted = Connections(GuardOptions(client_connections=2))
    assert [counted.open("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert counted.open("192.0.2.2")
    assert [counted.open(f"2001:db8::{last}") for last in (1, 2, 3)] == [True, True, False]
    for _ in range(3):
        counted.close("192.0.2.1")
    assert counted.open("192.0.2.1")


async def test_a_connection_that_has_ended_counts_no_longer(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Connections(GuardOptions(client_connections=1))
    monkeypatch.setattr(connections, "_connections", lambda: counted)
    async with serving(mail_server, monkeypatch, PATIENCE) as port:
        for _ in range(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HEAD + b"Connection: close\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(0.05)


def test_a_proxy_has_as_many_as_its_clients_want() -> None:
    proxies = read_networks(["192.0.2.0/24"])
    counted = Connections(GuardOptions(client_connections=1, trusted_proxies=proxies))
    assert all(counted.open("192.0.2.1") for _ in range(1_000))
    assert all(counted.open(None) for _ in range(1_000))
    unlimited = Connections(GuardOptions(client_connections=None))
    assert all(unlimited.open("192.0.2.1") for _ in range(1_000))


def test_where_there_are_few_files_a_client_has_still_fewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (80, 80))
    counted = Connections(GuardOptions())
    assert sum(counted.open("192.0.2.1") for _ in range(80)) == 10


def _few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


@contextmanager
def function(line: list[str], port: int) -> Iterator[None]:
    """A function in a process that may open few files."""
    with subprocess.Popen(  # noqa: S603 - our own command lines
        line,
        cwd=ROOT,
        env=environment(CHECKER_RESOLVER="127.0.0.1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=_few_files,  # noqa: PLW1509 - nothing of it is of concern to a thread
    ) as running:
        try:
            for _ in range(1_000):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), PATIENCE).close()
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.wait(0.02)
            yield
        finally:
            end(running)


@pytest.mark.programs
@pytest.mark.parametrize("way", ["serve", "container"])
def test_seven_hundred_idle_connections_of_one_client_lock_nobody_out(way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lines = {
        "serve": command("--port", str(port)),
        "container": [
            word.replace("8080", str(port)) for word in container(dict(instructions())["CMD"])
        ],
    }
    with function(lines[way], port), contextlib.ExitStack() as crowd:
        for _ in range(MANY):
            with contextlib.suppress(OSError):
                idle = socket.create_connection(("127.0.0.1", port), PATIENCE)
                crowd.enter_context(idle)
        transport = httpx.HTTPTransport(local_address=NEAR_BY)
        with httpx.Client(transport=transport, timeout=PATIENCE) as other:
            told = other.get(f"http://127.0.0.1:{port}/api/v1/operators")
    assert told.status_code == 200


def test_every_way_to_start_it_takes_these_connections() -> None:
    unit = (ROOT / "checker/deploy/systemd/zustellbar-checker.service").read_text()
    told = f"{Connection.__module__}:{Connection.__qualname__}"
    assert f"--http {told} " in unit
    assert told in container(dict(instructions())["CMD"])
