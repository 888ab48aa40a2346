"""The web server of an MTA-STS policy is connected to as carefully as a mail server."""

import contextlib
import errno
import socket
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.conversation.trust import Trust
from checker.facts import Handshake
from checker.network import (
    Connector,
    DnsStatus,
    Resolver,
    StsFetchError,
    UnfetchedError,
)
from checker.network.addresses import permission
from checker.network.connector import TcpConnector
from checker.route import sts_exchange
from checker.route.mta_sts import MAXIMUM_POLICY
from checker.route.sts_fetcher import HttpsStsFetcher
from tests.checker.handmade import Flood, HandmadeConnector, HandmadeDns, ScriptedStream
from tests.examples import examples

NAME = "mta-sts.example.org"
PUBLIC = "192.0.2.1"


def fetcher(address: str, connector: Connector, dns: Resolver | None = None) -> HttpsStsFetcher:
    """A fetcher in whose world the web server has this address."""
    kind = "AAAA" if ":" in address else "A"
    return HttpsStsFetcher(dns or HandmadeDns(f"{NAME} {kind} {address}"), connector, Trust([]))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1"),
    ],
)
async def test_only_public_addresses_are_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_arguments: object) -> None:
        pytest.fail("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    with pytest.raises(StsFetchError, match="connection"):
        await fetcher(address, TcpConnector(permission([]))).fetch("example.org")


async def test_an_address_is_connected_to_only_as_often_as_is_permitted() -> None:
    asked = []

    async def never(address: str) -> bool:
        asked.append(address)
        return False

    connector = HandmadeConnector({})
    with pytest.raises(UnfetchedError, match="rationed"):
        await fetcher(PUBLIC, connector).fetch("example.org", never)
    assert asked == [PUBLIC]
    assert connector.connected == []


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.EMFILE, "too-many-files"),
        (errno.ENFILE, "too-many-files"),
        (errno.ENETUNREACH, "no-route"),
    ],
)
async def test_what_is_missing_here_is_not_the_domain_s_fault(number: int, cause: str) -> None:
    connector = HandmadeConnector({PUBLIC: OSError(number, "ours")})
    with pytest.raises(UnfetchedError, match=cause):
        await fetcher(PUBLIC, connector).fetch("example.org")


async def test_nor_is_a_resolver_that_cannot_be_reached() -> None:
    dns = HandmadeDns(failures={f"{NAME} {kind}": DnsStatus.UNREACHABLE for kind in ("A", "AAAA")})
    with pytest.raises(UnfetchedError, match="resolver"):
        await fetcher(PUBLIC, HandmadeConnector({}), dns).fetch("example.org")


_HEADER = st.one_of(
    st.sampled_from(
        [
            b"Content-Type: text/plain",
            b"Content-Length: 10",
            b"Content-Length: -1",
            b"Transfer-Encoding: chunked",
            b"Connection: upgrade",
            b"Location: https://elsewhere.example/",
        ]
    ),
    st.binary(max_size=30),
)
_RESPONSE = st.builds(
    lambda status, headers, body: b"\r\n".join([status, *headers, b"", body]),
    st.one_of(
        st.integers(0, 999).map(lambda code: b"HTTP/1.1 %d x" % code),
        st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/2 200", b"SSH-2.0-x"]),
    ),
    st.lists(_HEADER, max_size=4),
    st.one_of(st.binary(max_size=60), st.just(b"5\r\nabcde\r\n0\r\n\r\n")),
)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(_RESPONSE, st.lists(_RESPONSE, max_size=3).map(b"".join)), st.integers(1, 100))
async def test_whatever_the_web_server_says_it_is_a_policy_s_file_or_an_error(
    monkeypatch: pytest.MonkeyPatch, said: bytes, chunk: int
) -> None:
    async def inside(*_: object) -> tuple[Handshake, ScriptedStream]:
        return Handshake(), ScriptedStream(b"", said, chunk=chunk)

    # Only what comes inside TLS matters here.
    monkeypatch.setattr(sts_exchange, "handshake", inside)
    monkeypatch.setattr(sts_exchange, "find_faults", lambda *_: ())
    connector = HandmadeConnector({PUBLIC: ScriptedStream})
    with contextlib.suppress(StsFetchError):
        assert len(await fetcher(PUBLIC, connector).fetch("example.org")) <= MAXIMUM_POLICY


@pytest.mark.parametrize(
    "again",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
        b"1\r\nx\r\n",
        b"1;extension=%s\r\nx\r\n" % (b"x" * 200),
    ],
)
async def test_what_is_read_of_a_web_server_that_floods_has_an_end(
    monkeypatch: pytest.MonkeyPatch, again: bytes
) -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    flood = Flood(b"" if again.startswith(b"HTTP") else start, again)

    async def inside(*_: object) -> tuple[Handshake, Flood]:
        return Handshake(), flood

    monkeypatch.setattr(sts_exchange, "handshake", inside)
    monkeypatch.setattr(sts_exchange, "find_faults", lambda *_: ())
    connector = HandmadeConnector({PUBLIC: ScriptedStream})
    with pytest.raises(StsFetchError, match="too-large"):
        await fetcher(PUBLIC, connector).fetch("example.org")
    assert flood.handed_out < 2 * MAXIMUM_POLICY


async def test_its_certificates_are_judged_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    where = []

    async def inside(*_: object) -> tuple[Handshake, ScriptedStream]:
        return Handshake(), ScriptedStream(b"", b"HTTP/1.1 200 OK\r\n\r\n")

    def judge(*_: object) -> tuple[()]:
        where.append(threading.current_thread())
        return ()

    monkeypatch.setattr(sts_exchange, "handshake", inside)
    monkeypatch.setattr(sts_exchange, "find_faults", judge)
    await fetcher(PUBLIC, HandmadeConnector({PUBLIC: ScriptedStream})).fetch("example.org")
    assert len(where) == 1
    assert threading.main_thread() not in where
