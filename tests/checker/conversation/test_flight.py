"""What a server chose, read from its first flight."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.conversation.flight import end_of_message, length, read_flight, read_records, stray
from checker.facts import Choice

DHE, ECDHE, ANONYMOUS, RSA = 0x0033, 0xC02F, 0x0034, 0x002F


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def record(content: bytes, kind: int = 22) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(content)) + content


def server_hello(version: int = 0x0303, cipher: int = RSA, session: bytes = b"") -> bytes:
    body = struct.pack("!H", version) + bytes(32) + bytes([len(session)]) + session
    return message(2, body + struct.pack("!HB", cipher, 0))


def key_exchange(bits: int) -> bytes:
    prime = (1 << (bits - 1) | 1).to_bytes((bits + 7) // 8, "big")
    return message(12, struct.pack("!H", len(prime)) + prime + b"\0\1\2\0\1\2")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0x0300, "SSLv3"),
        (0x0301, "TLSv1"),
        (0x0302, "TLSv1.1"),
        (0x0303, "TLSv1.2"),
        (0x0002, "0x0002"),
        (0x0A0A, "0x0A0A"),
    ],
)
def test_the_version_is_told_in_words_that_are_known(number: int, name: str) -> None:
    assert read_flight(server_hello(number)).version == name


@pytest.mark.parametrize(
    ("number", "name", "anonymous"),
    [
        (0x0005, "RC4-SHA", False),
        (0x000A, "DES-CBC3-SHA", False),
        (0xC011, "ECDHE-RSA-RC4-SHA", False),
        (0x002F, "0x002F", False),
        (0x0034, "0x0034", True),
        (0xC018, "0xC018", True),
        # Anonymous, and broken besides.
        (0x0018, "ADH-RC4-MD5", False),
        (0x001B, "ADH-DES-CBC3-SHA", False),
    ],
)
def test_a_suite_is_named_where_every_sender_refuses_it(
    number: int, name: str, *, anonymous: bool
) -> None:
    assert read_flight(server_hello(cipher=number)) == Choice("TLSv1.2", name, None, anonymous)


@pytest.mark.parametrize("bits", [8, 512, 768, 1023, 1024, 2048, 8192])
@pytest.mark.parametrize("cipher", [DHE, ANONYMOUS, 0x0016, 0x009E, 0xCCAA])
def test_the_size_of_a_diffie_hellman_group(cipher: int, bits: int) -> None:
    flight = server_hello(cipher=cipher) + message(11, bytes(500)) + key_exchange(bits)
    assert read_flight(flight).group_bits == bits


@pytest.mark.parametrize("cipher", [ECDHE, RSA])
def test_a_key_exchange_over_a_curve_has_no_such_group(cipher: int) -> None:
    assert read_flight(server_hello(cipher=cipher) + key_exchange(512)).group_bits is None


def test_leading_zeros_make_no_group_larger() -> None:
    prime = bytes(100) + b"\x80" + bytes(63)
    exchange = message(12, struct.pack("!H", len(prime)) + prime)
    assert read_flight(server_hello(cipher=DHE) + exchange).group_bits == 512


@pytest.mark.parametrize("size", [0, 1, 16, 32, 255])
def test_the_suite_stands_behind_a_session_id_of_any_length(size: int) -> None:
    hello = server_hello(cipher=0x0005, session=bytes([7]) * size)
    assert read_flight(hello) == Choice("TLSv1.2", "RC4-SHA")


def test_a_hello_that_is_cut_off_is_no_choice() -> None:
    whole = server_hello(session=bytes(32))
    body = whole[4:]
    # Without the compression method that stands last, version and suite can still be read.
    readable = [
        size for size in range(len(body) + 1) if read_flight(message(2, body[:size])) != Choice()
    ]
    assert readable == [len(body) - 1, len(body)]
    assert all(read_flight(whole[:size]) == Choice() for size in range(len(whole)))


def test_what_follows_a_hello_and_is_cut_off_is_left_out() -> None:
    exchange = key_exchange(1024)
    for size in range(len(exchange)):
        flight = server_hello(cipher=DHE) + exchange[:size]
        assert read_flight(flight) == Choice("TLSv1.2", "0x0033")


def test_a_key_exchange_alone_is_no_choice() -> None:
    assert read_flight(key_exchange(512)) == Choice()
    assert read_flight(b"") == Choice()


@pytest.mark.parametrize("position", [0, 3])
@pytest.mark.parametrize("size", [0, 1, 300, 70_000])
def test_where_a_message_ends(position: int, size: int) -> None:
    content = bytes(position) + message(11, bytes(size))
    assert end_of_message(content, position) == len(content)
    assert end_of_message(content + b"\0", position) == len(content)
    assert end_of_message(content[:-1], position) == 0


def test_the_length_of_a_record_stands_in_its_header() -> None:
    assert length(record(bytes(0x0123))) == 0x0123
    assert length(bytearray(record(b""))) == 0


FLIGHT = server_hello(cipher=DHE) + message(11, bytes(300)) + key_exchange(1024)
CHOSEN = Choice("TLSv1.2", "0x0033", 1024)


@given(st.lists(st.integers(1, len(FLIGHT) - 1), max_size=6).map(sorted))
def test_records_may_part_the_messages_anywhere(ends: list[int]) -> None:
    parts = zip([0, *ends], [*ends, len(FLIGHT)], strict=True)
    assert read_records(b"".join(record(FLIGHT[begin:end]) for begin, end in parts)) == CHOSEN


@pytest.mark.parametrize(
    "behind",
    [b"", record(b"\1", 20) + record(bytes(40)), record(b"\2\50", 21), b"\x17\3\3", b"\x16\3\3\0"],
)
def test_what_is_behind_the_messages_in_clear_changes_nothing(behind: bytes) -> None:
    assert read_records(record(FLIGHT) + behind) == CHOSEN


@pytest.mark.parametrize(
    "received", [b"", record(b"\2\50", 21), record(b"\2\50", 21) + record(FLIGHT), b"250 ok\r\n"]
)
def test_what_begins_with_no_handshake_is_no_choice(received: bytes) -> None:
    assert read_records(received) == Choice()


HELLO = record(server_hello(cipher=DHE))
WARNING, EMPTY, REQUEST = record(b"\1\160", 21), record(b""), record(message(0, b""))
NEW_KEYS = record(b"\1", 20)


@pytest.mark.parametrize(
    ("received", "found"),
    [
        (b"", ""),
        (record(FLIGHT), ""),
        (WARNING + HELLO, "warning-alert"),
        (HELLO + WARNING + EMPTY, "warning-alert"),
        (EMPTY + HELLO, "empty-record"),
        (HELLO + record(b"", 20), "empty-record"),
        (record(b"", 21), "empty-record"),
        (REQUEST + HELLO, "hello-request"),
        (record(message(0, b"") + server_hello()), "hello-request"),
        # What comes behind new keys, or behind the end, is nobody's affair.
        (HELLO + NEW_KEYS + WARNING, ""),
        (HELLO + record(bytes(40), 23) + WARNING, ""),
        (HELLO + record(b"\2\50", 21) + EMPTY, ""),
        # It was cut here.
        (HELLO + record(b"x")[:5], ""),
    ],
)
def test_what_came_in_clear_and_is_no_part_of_a_handshake(received: bytes, found: str) -> None:
    assert stray(received) == found


@pytest.mark.parametrize("before", [WARNING, EMPTY, WARNING + WARNING])
def test_what_is_no_part_of_a_handshake_hides_no_choice(before: bytes) -> None:
    assert read_records(before + record(FLIGHT)) == CHOSEN


@given(st.one_of(st.binary(max_size=80), st.binary(max_size=80).map(lambda end: FLIGHT[:40] + end)))
def test_arbitrary_bytes_are_a_choice_or_none(received: bytes) -> None:
    for choice in (read_flight(received), read_records(received), read_records(record(received))):
        assert (choice.version is None) == (choice.cipher is None)
        assert choice.group_bits is None or choice.group_bits >= 0
    assert read_records(record(received)) == read_flight(received)
