"""What a server sends in TLS is cut where its records end, and only so much of it is taken."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.conversation.records import Records
from checker.network import TlsFloodError

PLENTY = 1_000_000


def record(content: bytes, kind: int = 22) -> bytes:
    """One record (RFC 8446 section 5.1)."""
    return bytes([kind, 3, 3]) + len(content).to_bytes(2) + content


@given(
    st.lists(st.builds(record, st.binary(max_size=40), st.integers(20, 24)), max_size=20),
    st.integers(1, 50),
)
def test_however_they_come_they_are_handed_out_whole(sent: list[bytes], size: int) -> None:
    records, told = Records(PLENTY, PLENTY), b""
    everything = b"".join(sent)
    ends = list(itertools.accumulate(map(len, sent), initial=0))
    for start in range(0, len(everything), size):
        records.add(everything[start : start + size])
        while taken := records.take():
            told += taken
        # All that is whole, and no more.
        assert len(told) == max(end for end in ends if end <= start + size)
    assert told == everything
    assert records.taken == len(everything)


@given(st.lists(st.binary(min_size=1, max_size=30)))
def test_whatever_comes_nothing_is_lost_or_changed(sent: list[bytes]) -> None:
    records, told = Records(PLENTY, PLENTY), b""
    for data in sent:
        records.add(data)
        told += records.take()
    assert b"".join(sent).startswith(told)


@pytest.mark.parametrize(
    "said", [b"5", b"500 5.5.1 Error\r\n", b"\x16\x02", b"\x16\x03\x03\xff\xff", b"\xee" * 300]
)
def test_what_cannot_become_a_record_is_waited_for_no_longer(said: bytes) -> None:
    records = Records(PLENTY, PLENTY)
    records.add(said)
    assert records.take() == said


def test_few_are_handed_out_at_once() -> None:
    records = Records(PLENTY, PLENTY)
    records.add(record(b"") * 100)
    assert records.take() == record(b"") * 16


def test_more_bytes_than_there_may_be_are_a_flood() -> None:
    records = Records(10, PLENTY)
    records.add(record(b"12345"))
    with pytest.raises(TlsFloodError):
        records.add(b"\x16")


def test_more_records_than_there_may_be_are_a_flood() -> None:
    records = Records(PLENTY, 2)
    for _ in range(2):
        records.add(record(b""))
        assert records.take() == record(b"")
    records.add(record(b""))
    with pytest.raises(TlsFloodError):
        records.take()


def test_what_comes_behind_a_handshake_is_counted_anew() -> None:
    records = Records(10, 2)
    records.add(record(b"") + b"\x16")
    assert records.take() == record(b"")
    records.begin()
    records.add(record(b"12345")[1:])
    assert records.take() == record(b"12345")
    assert records.taken == 10
