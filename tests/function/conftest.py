"""The function over an outside world in memory."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from socketserver import BaseRequestHandler, UDPServer

import httpx
import pytest
import pytest_asyncio

from checker.check import Checker
from checker.function.app import create_app
from checker.function.guard.options import GuardOptions
from checker.function.options import Options
from tests.function.fakes import MailServer, make_checker
from tests.function.redis_server import RedisServer, program

Connect = Callable[[Options], httpx.AsyncClient]


class Nowhere(BaseRequestHandler):
    """A name server for which there is no name (NXDOMAIN)."""

    def handle(self) -> None:
        """Answer a question."""
        question, socket = self.request
        socket.sendto(question[:2] + b"\x81\x83" + question[4:], self.client_address)


@pytest.fixture
def nowhere() -> Iterator[str]:
    """Such a name server's address."""
    with UDPServer(("127.0.0.1", 0), Nowhere) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield "{}:{}".format(*server.server_address)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server, one for all tests of a module."""
    server = RedisServer(program(), tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture
def redis(redis_server: RedisServer) -> RedisServer:
    """The server, running, with nothing in it."""
    redis_server.kill()
    redis_server.start()
    return redis_server


@pytest.fixture
def mail_server() -> MailServer:
    """The only mail server of ``example.test``; it offers no STARTTLS."""
    return MailServer()


@pytest_asyncio.fixture
async def checker(mail_server: MailServer) -> AsyncIterator[Checker]:
    """A checker in that world."""
    checker = make_checker(mail_server)
    yield checker
    await checker.close()


@pytest.fixture
def connect(checker: Checker) -> Connect:
    """Makes a client of a function with other options."""

    def make(options: Options) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(create_app(checker, options))
        return httpx.AsyncClient(transport=transport, base_url="http://function.test")

    return make


@pytest_asyncio.fixture
async def client(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the function as it is without any option, but asking as often as it likes."""
    unlimited = GuardOptions(
        client_limit=None, client_at_once=None, domain_limit=None, address_limit=None
    )
    async with connect(Options(guard=unlimited)) as client:
        yield client
