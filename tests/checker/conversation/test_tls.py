"""A handshake shows what the server showed, whatever that is."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.conversation.elsewhere import Effort
from checker.conversation.session import converse
from checker.conversation.tls import Offer, handshake
from checker.conversation.trust import Trust, TrustError
from checker.facts import Failure
from checker.network import Stream, TlsAlertError, TlsFloodError
from checker.problems import Cause
from checker.tls_version import TlsVersion
from tests.checker.certificates import KEY, handwritten, pem_of, tlv
from tests.checker.handmade import ADDRESS, Flood, ScriptedStream, Turn, network
from tests.lab.certificates import Certificates
from tests.lab.floods import EARLY_HELLO_REQUESTS, FLOODS, FloodingServer
from tests.lab.model import Certificate, Chain, Issuer

HOST = "mx.example.org"
SERVER_HELLO = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"
ANY = Offer(TlsVersion.TLS_1_0, TlsVersion.TLS_1_3)
NOBODY = Trust()


class TlsServer:
    """The other side of a handshake, in memory."""

    def __init__(self, context: ssl.SSLContext) -> None:
        """Take the server's settings."""
        self.heard = b""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._inside = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def read(self, size: int) -> bytes:
        """What the server has to say; nothing is the end."""
        return self._outgoing.read(size)

    async def write(self, data: bytes) -> None:
        """Take what the client says, and answer it."""
        self._incoming.write(data)
        try:
            self._inside.do_handshake()
            self.heard += self._inside.read(65_536)
            self._inside.write(b"250 inside\r\n")
        except ssl.SSLError:
            return

    def close(self) -> None:
        """Nothing is open."""


Serve = Callable[..., tuple[TlsServer, Trust]]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Makes servers whose authority is trusted."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Certificates(datetime.now(UTC).replace(microsecond=0))
    root = folder / "ca.pem"
    root.write_text(authority.root)
    trust = Trust([root])

    def make(
        wanted: Certificate, adjust: Callable[[ssl.SSLContext], None] = lambda _: None
    ) -> tuple[TlsServer, Trust]:
        chain = folder / "chain.pem"
        chain.write_text(authority.identity(HOST, wanted).pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        adjust(context)
        return TlsServer(context), trust

    return make


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's key and certificates."""
    path = tmp_path_factory.mktemp("chain") / "chain.pem"
    path.write_text(Certificates(datetime.now(UTC)).identity(HOST, Certificate()).pem)
    return path


async def test_a_faultless_server(serve: Serve) -> None:
    server, trust = serve(Certificate())
    shown, inside = await handshake(server, trust, ANY)
    assert shown.failure is None
    assert shown.version == "TLSv1.3"
    assert shown.cipher
    assert len(shown.chain) == 2
    assert shown.errors == ()
    assert inside is not None
    await inside.write(b"EHLO client\r\n")
    assert server.heard == b"EHLO client\r\n"
    assert await inside.read(100) == b"250 inside\r\n"


class _AfterStarttls:
    """The whole conversation with a server."""

    def __init__(self, inside: TlsServer) -> None:
        self._said = [b"220 mx\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"220 go\r\n"]
        self._inside = inside

    async def read(self, size: int) -> bytes:
        return self._said.pop(0) if self._said else await self._inside.read(size)

    async def write(self, data: bytes) -> None:
        if not self._said:
            await self._inside.write(data)

    def close(self) -> None:
        """Nothing is open."""


async def test_a_date_at_which_our_library_ends_is_told_as_what_it_is(
    serve: Serve, tmp_path: Path
) -> None:
    chain = tmp_path / "chain.pem"
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    chain.write_text(key + pem_of(handwritten(begins=tlv(0x17, b"2610010000Z"))))
    server, trust = serve(Certificate(), lambda context: context.load_cert_chain(chain))
    world = network(servers={ADDRESS: lambda: _AfterStarttls(server)})
    seen, _ = await converse(ADDRESS, ANY, world, trust)
    assert seen.finding is not None
    assert (seen.finding.id, seen.finding.cause) == ("certificate-invalid", Cause.SHORT_DATE)


async def test_who_is_believed_is_looked_up_where_the_path_does_not_tell(serve: Serve) -> None:
    server, trust = serve(Certificate())
    shown, _ = await handshake(server, trust, ANY)
    assert shown.anchors == ()
    server, trust = serve(Certificate(also_sent=(Issuer.EXPIRED,)))
    besides, _ = await handshake(server, trust, ANY)
    assert besides.anchors == shown.path[-1:]
    server, trust = serve(Certificate(chain=Chain.LEAF_ONLY))
    incomplete, _ = await handshake(server, trust, ANY)
    assert incomplete.errors
    assert incomplete.anchors == ()


async def test_the_highest_version_is_the_operators(serve: Serve) -> None:
    server, trust = serve(Certificate())
    shown, _ = await handshake(server, trust, Offer(TlsVersion.TLS_1_0, TlsVersion.TLS_1_2))
    assert shown.version == "TLSv1.2"


async def test_the_name_of_the_server_is_sent_only_when_asked_for(serve: Serve) -> None:
    names: list[str | None] = []

    def note(context: ssl.SSLContext) -> None:
        context.sni_callback = lambda _inside, name, _context: names.append(name)

    for name in (None, HOST):
        server, trust = serve(Certificate(), note)
        await handshake(server, trust, Offer(ANY.minimum, ANY.maximum, name))
    assert names == [None, HOST]


async def test_faults_end_no_handshake(serve: Serve) -> None:
    server, trust = serve(Certificate(chain=Chain.LEAF_ONLY))
    shown, _ = await handshake(server, trust, ANY)
    assert shown.failure is None
    assert {error.code for error in shown.errors} & {20, 21}
    server, _ = serve(Certificate())
    assert (await handshake(server, NOBODY, ANY))[0].errors


async def test_a_server_that_is_too_new(serve: Serve) -> None:
    def only_newest(context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.TLSv1_3

    server, trust = serve(Certificate(), only_newest)
    shown, inside = await handshake(server, trust, Offer(TlsVersion.TLS_1_0, TlsVersion.TLS_1_2))
    assert shown.failure is Failure.ALERT
    assert "protocol version" in shown.reason
    assert inside is None


@pytest.mark.parametrize(
    ("turn", "failure"),
    [
        (b"", Failure.CLOSED),
        (ConnectionResetError(), Failure.RESET),
        (b"500 5.5.1 Command unrecognized\r\n", Failure.NOT_TLS),
        (b"HTTP/1.1 400 Bad Request\r\n", Failure.NOT_TLS),
        (b"\xee" * 300, Failure.NOT_TLS),
        (b"\x15\x03\x01\x00\x02\x02\x28", Failure.ALERT),
        (b"\x15\x03\x01\x00\x02\x02\x46", Failure.ALERT),
    ],
)
async def test_no_handshake(turn: Turn, failure: Failure) -> None:
    shown, inside = await handshake(ScriptedStream(b"", turn), NOBODY, ANY)
    assert shown.failure is failure
    assert inside is None
    assert shown.chain == ()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(min_size=1, max_size=300),
        st.binary(max_size=300).map(
            lambda end: b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + end
        ),
        st.binary(max_size=30).map(lambda end: b"\x15\x03\x03\x00\x02" + end),
    ),
    st.integers(1, 100),
)
async def test_arbitrary_answers(said: bytes, chunk: int) -> None:
    shown, _ = await handshake(ScriptedStream(b"", said, chunk=chunk), NOBODY, ANY)
    assert shown.failure is not None
    assert shown.reason.isprintable()


@pytest.mark.parametrize("content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_file_without_authorities(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ca.pem"
    path.write_text(content)
    with pytest.raises(TrustError, match=r"ca\.pem: holds no certificate"):
        Trust([path])


class FloodedStream:
    """The stream from a server that floods; counts what was read of it."""

    def __init__(self, server: FloodingServer) -> None:
        """Take the server."""
        self.handed_out = 0
        self._server = server
        self._ready = b""

    async def read(self, size: int) -> bytes:
        """As much as is asked for, once the handshake is done."""
        await asyncio.sleep(0)
        while len(self._ready) < size and (more := self._server.flood()):
            self._ready += more
        data, self._ready = self._ready[:size], self._ready[size:]
        self.handed_out += len(data)
        return data

    async def write(self, data: bytes) -> None:
        """Take what the client says."""
        self._ready += self._server.hear(data)

    def close(self) -> None:
        """Nothing is open."""


async def read_all(stream: Stream) -> None:
    """Read to the end, should there be one."""
    while await stream.read(4_096):
        pass


@pytest.mark.parametrize("name", FLOODS)
async def test_what_is_read_of_a_flood_has_an_end(name: str, chain: Path) -> None:
    stream = FloodedStream(FloodingServer(chain, FLOODS[name]))
    shown, inside = await handshake(stream, NOBODY, ANY)
    assert shown.failure is None
    assert inside is not None
    with pytest.raises((TlsFloodError, TlsAlertError)):
        await read_all(inside)
    assert stream.handed_out < 100_000


@pytest.mark.parametrize("name", ["key-updates", "single-tickets", "single-bytes"])
async def test_each_record_of_a_flood_counts(name: str, chain: Path) -> None:
    server = FloodingServer(chain, FLOODS[name])
    stream = FloodedStream(server)
    _, inside = await handshake(stream, NOBODY, ANY)
    assert inside is not None
    with pytest.raises(TlsFloodError):
        await read_all(inside)
    record = len(server.flood())
    # What came at once but was not looked at any more costs nothing.
    assert stream.handed_out < 600 * record + 20_000


async def test_requests_in_place_of_a_handshake_have_an_end() -> None:
    stream = Flood(b"", EARLY_HELLO_REQUESTS)
    shown, inside = await handshake(stream, NOBODY, ANY)
    assert (shown.failure, inside) == (Failure.FLOOD, None)
    assert stream.handed_out < 300_000


class Working:
    """Where the library works, by the thread in which its callbacks come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin to look."""
        self.threads = set[str]()
        begin = Effort.begin

        def noted(effort: Effort, seconds: float) -> None:
            self.threads.add(threading.current_thread().name.partition("_")[0])
            begin(effort, seconds)

        monkeypatch.setattr(Effort, "begin", noted)


async def test_only_a_long_flight_is_worked_on_elsewhere(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    for names, threads in [
        ((HOST,), {"MainThread"}),
        (tuple(f"mx{number}.example.org" for number in range(300)), {"MainThread", "long-work"}),
    ]:
        working = Working(monkeypatch)
        server, trust = serve(Certificate(names=names))
        shown, _ = await handshake(server, trust, ANY)
        assert shown.failure is None
        assert working.threads == threads
        monkeypatch.undo()


async def test_a_path_is_verified_only_for_so_long(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Effort, "is_spent", lambda _: True)
    server, trust = serve(Certificate())
    shown, inside = await handshake(server, trust, ANY)
    assert (shown.failure, inside) == (Failure.FLOOD, None)
    assert "too long to verify" in shown.reason
