"""The hand-written hello reads what an old server answers, and survives every other answer."""

import asyncio
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.conversation.client_hello import say_hello
from checker.facts import Choice
from tests.checker.handmade import Flood, ScriptedStream, Turn


def record(content: bytes, kind: int = 22) -> bytes:
    return struct.pack("!BHH", kind, 0x0300, len(content)) + content


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def server_hello(version: int, cipher: int, session: bytes = b"") -> bytes:
    body = struct.pack("!H", version) + bytes(32) + bytes([len(session)]) + session
    return message(2, body + struct.pack("!HB", cipher, 0))


def key_exchange(bits: int) -> bytes:
    prime = (1 << (bits - 1) | 1).to_bytes((bits + 7) // 8, "big")
    return message(12, struct.pack("!H", len(prime)) + prime + b"\0\1\2\0\1\2")


DONE = message(14, b"")
CERTIFICATE = message(11, bytes(5000))


async def answer(*turns: Turn, chunk: int = 65_536) -> Choice:
    return await say_hello(ScriptedStream(b"", *turns, chunk=chunk), "mx.example.org")


@pytest.mark.parametrize("chunk", [1, 100, 65_536])
@pytest.mark.parametrize(
    ("flight", "seen"),
    [
        (
            record(server_hello(0x0300, 0x002F) + CERTIFICATE + DONE),
            Choice("SSLv3", "0x002F"),
        ),
        (
            record(server_hello(0x0303, 0x000A, session=bytes(32)))
            + record(CERTIFICATE)
            + record(DONE),
            Choice("TLSv1.2", "DES-CBC3-SHA"),
        ),
        (
            record(server_hello(0x0303, 0x0033) + key_exchange(512) + DONE),
            Choice("TLSv1.2", "0x0033", 512),
        ),
        (
            record(server_hello(0x0301, 0x0016) + CERTIFICATE + key_exchange(1024) + DONE),
            Choice("TLSv1", "DHE-RSA-DES-CBC3-SHA", 1024),
        ),
        (record(server_hello(0x0302, 0x0005) + DONE), Choice("TLSv1.1", "RC4-SHA")),
        (record(server_hello(0x0002, 0x0005) + DONE), Choice("0x0002", "RC4-SHA")),
        (record(b"\2\50", kind=21), Choice()),
        (b"", Choice()),
        (b"\xee" * 300, Choice()),
        (b"500 what\r\n", Choice()),
        (record(message(2, b"\3\3")), Choice()),
        (record(message(2, b"\3\3" + bytes(32) + b"\xff")), Choice()),
    ],
)
async def test_a_flight(flight: bytes, seen: Choice, chunk: int) -> None:
    assert await answer(flight, chunk=chunk) == seen


async def test_a_connection_that_breaks() -> None:
    assert await answer(ConnectionResetError()) == Choice()


_MESSAGES = st.builds(message, st.sampled_from([2, 11, 12, 14]), st.binary(max_size=60))


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.binary(max_size=60).map(record),
            _MESSAGES.map(record),
        ),
        max_size=8,
    ).map(b"".join),
    st.integers(1, 50),
)
async def test_arbitrary_answers(flight: bytes, chunk: int) -> None:
    assert await answer(flight, chunk=chunk) == await answer(flight)


@pytest.mark.parametrize(
    "flood",
    [
        Flood(b"", record(message(11, b""))),
        Flood(b"", record(b"")),
        Flood(b"", record(b"\x0b")),
        Flood(record(server_hello(0x0303, 0x0033)), record(message(11, b"") * 100)),
        Flood(b"", b"\x16"),
    ],
)
async def test_a_flood_costs_little(flood: Flood) -> None:
    async with asyncio.timeout(3):
        await say_hello(flood, None)
    assert flood.handed_out < 1_000_000
