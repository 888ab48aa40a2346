"""What is taken from below dnspython's surface is still there, does its work, and is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.message
import dns.rdata
import dns.version
import pytest

import checker
from checker.network import dnspython_internals
from checker.network.dnspython_internals import ConnectedBackend, read_digests_of_any_length

OURS = Path(dnspython_internals.__file__)
VERSION = f"dnspython {dns.version.version}"
SHORT = "3 1 1 00"
"""A TLSA record with a digest of one byte."""


def test_the_backend_is_dnspython_s_own_with_one_thing_changed() -> None:
    own = dns.asyncbackend.get_backend("asyncio")
    assert ConnectedBackend.__bases__ == (type(own),), (
        f"{VERSION} uses another class for asyncio: derive ConnectedBackend from {type(own)}"
    )


async def test_nobody_listening_is_told_at_once(unused_udp_port: int) -> None:
    query = dns.message.make_query("example.org", "MX")
    try:
        with pytest.raises(ConnectionRefusedError):
            await dns.asyncquery.udp(
                query, "127.0.0.1", timeout=5, port=unused_udp_port, backend=ConnectedBackend()
            )
    except dns.exception.Timeout:
        pytest.fail(f"{VERSION} does not connect UDP sockets although ConnectedBackend says so")


def test_a_digest_of_a_wrong_length_is_read() -> None:
    read_digests_of_any_length()
    wire = bytes([3, 1, 1, 0])
    try:
        written = dns.rdata.from_text("IN", "TLSA", SHORT)
        sent = dns.rdata.from_wire("IN", "TLSA", wire, 0, len(wire))
    except dns.exception.DNSException as error:
        pytest.fail(f"{VERSION} looks elsewhere for how long a digest has to be: {error}")
    assert written == sent


@pytest.mark.programs
def test_by_itself_dnspython_reads_none() -> None:
    code = f"import dns.rdata; dns.rdata.from_text('IN', 'TLSA', {SHORT!r})"
    alone = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert "dns.exception.SyntaxError" in alone.stderr, (
        f"{VERSION} reads such records: read_digests_of_any_length is needless"
    )


def private_imports(path: Path) -> Iterator[str]:
    """What a module imports from below the surface of dnspython or pyOpenSSL."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                names = [name.name for name in node.names]
            case ast.ImportFrom():
                names = [f"{node.module}.{name.name}" for name in node.names]
            case _:
                continue
        for name in names:
            if name.startswith(("dns.", "OpenSSL.")) and "._" in name:
                yield name


def test_nothing_else_reaches_below_the_surface() -> None:
    # What a module takes by an attribute ruff finds (SLF001).
    modules = sorted(Path(checker.__file__).parent.rglob("*.py"))
    assert list(private_imports(OURS))
    assert {path.name: found for path in modules if (found := list(private_imports(path)))} == {
        OURS.name: ["dns._asyncio_backend.Backend"]
    }
