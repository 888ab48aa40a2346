"""What a client makes of a mail server's replies, also of those that are none."""

import asyncio
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.conversation.smtp import (
    MAXIMUM_LINE,
    MAXIMUM_REPLY,
    Breakage,
    Broken,
    Conversation,
)
from checker.facts import Reply
from checker.network import Stream, TlsAlertError
from tests.checker.handmade import SILENCE, Flood, ScriptedStream, Turn


def conversation(stream: Stream, timeout: float = 0.2) -> Conversation:
    return Conversation(stream, "client.example", timeout)


@pytest.mark.parametrize(
    ("said", "code", "lines"),
    [
        (b"220 mx.example.org ESMTP\r\n", 220, ("mx.example.org ESMTP",)),
        (b"220 mx.example.org ESMTP\n", 220, ("mx.example.org ESMTP",)),
        (b"220-one\r\n220-two\r\n220 three\r\n", 220, ("one", "two", "three")),
        (b"220\r\n", 220, ("",)),
        (b"220 \r\n", 220, ("",)),
        (b"220-\r\n220\r\n", 220, ("", "")),
        (b"554 5.7.1 no\r\n", 554, ("5.7.1 no",)),
        (b"421 closing\r\nmore that nobody asked for\r\n", 421, ("closing",)),
        # The last line's code is the one that counts.
        (b"220-welcome\r\n421 and good-bye\r\n", 421, ("welcome", "and good-bye")),
        # Any three digits are a code to every sender.
        (b"000 low\r\n", 0, ("low",)),
        (b"199 low\r\n", 199, ("low",)),
        (b"600 high\r\n", 600, ("high",)),
        (b"220 Gr\xc3\xbc\xc3\x9fe\r\n", 220, ("Grüße",)),
        (b"220 Gr\xfc\xdfe\r\n", 220, ("Gr\ufffd\ufffde",)),
        (b"220 \x1b[31m\x00<b>\r\n", 220, ("\ufffd[31m\ufffd<b>",)),
        (b"220 " + b"x" * 2000 + b"\r\n", 220, ("x" * 300,)),
        (b"220-x\r\n" * 100 + b"220 y\r\n", 220, ("x",) * 32),
        (b"220-" + b"x" * 400 + b"\r\n" + b"220-y\r\n220 z\r\n", 220, ("x" * 300, "y", "z")),
        ((b"220-" + b"x" * 300 + b"\r\n") * 8 + b"220 y\r\n", 220, ("x" * 300,) * 7),
    ],
)
@pytest.mark.parametrize("chunk", [1, 7, 65_536])
async def test_a_reply(said: bytes, code: int, lines: tuple[str, ...], chunk: int) -> None:
    talk = conversation(ScriptedStream(said, chunk=chunk), timeout=30)
    assert await talk.greeting() == Reply("connect", code, lines)
    assert talk.replies == [Reply("connect", code, lines)]


@pytest.mark.parametrize(
    ("turn", "breakage", "cause"),
    [
        (b"", Breakage.CLOSED, "closed"),
        (b"220 half a line", Breakage.CLOSED, "closed"),
        (b"220-half a reply\r\n", Breakage.CLOSED, "closed"),
        (SILENCE, Breakage.TIMEOUT, "timeout"),
        (ConnectionResetError(), Breakage.RESET, "reset"),
        (BrokenPipeError(), Breakage.RESET, "reset"),
        (ssl.SSLError("broken"), Breakage.RESET, "reset"),
        (TlsAlertError("certificate required"), Breakage.ALERT, "certificate required"),
        (b"HTTP/1.1 400 Bad Request\r\n", Breakage.NOT_SMTP, "no-reply-code"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Breakage.NOT_SMTP, "no-reply-code"),
        (b"\r\n", Breakage.NOT_SMTP, "no-reply-code"),
        (b"22 short\r\n", Breakage.NOT_SMTP, "no-reply-code"),
        (b"2200 long\r\n", Breakage.NOT_SMTP, "no-reply-code"),
        (b"\xd9\xa2\xd9\xa2\xd9\xa0 digits of another script\r\n", Breakage.NOT_SMTP, None),
        (b"\x15\x03\x01\x00\x02\x02\x28\n", Breakage.NOT_SMTP, "no-reply-code"),
    ],
)
async def test_no_reply(turn: Turn, breakage: Breakage, cause: str | None) -> None:
    talk = conversation(ScriptedStream(turn))
    broken = await talk.greeting()
    assert isinstance(broken, Broken)
    assert broken == Broken(breakage, cause or broken.cause)
    assert talk.replies == []


async def test_time_is_up_for_a_whole_reply_and_not_for_each_byte() -> None:
    class Slow(ScriptedStream):
        async def read(self, size: int) -> bytes:
            await asyncio.sleep(0.02)
            return await super().read(size)

    begun = asyncio.get_running_loop().time()
    broken = await conversation(Slow(b"220 " + b"x" * 200 + b"\r\n", chunk=1)).greeting()
    assert broken == Broken(Breakage.TIMEOUT, "timeout")
    assert asyncio.get_running_loop().time() - begun < 1


async def test_a_server_that_takes_nothing_is_given_up() -> None:
    class Full(ScriptedStream):
        async def write(self, data: bytes) -> None:
            await super().write(data)
            await asyncio.sleep(60)

    assert await conversation(Full(SILENCE)).ehlo() == Broken(Breakage.TIMEOUT, "timeout")


@pytest.mark.parametrize(
    ("flood", "cause", "most"),
    [
        (Flood(b"220-", b"x"), "line-too-long", 3 * MAXIMUM_LINE),
        (Flood(b"", b"220-and one more line\r\n"), "reply-too-long", 2 * MAXIMUM_REPLY),
        (Flood(b"", b"220-\n"), "reply-too-long", MAXIMUM_REPLY // 4),
        (Flood(b"", b"\n"), "no-reply-code", MAXIMUM_REPLY // 4),
        (Flood(b"", b"\0"), "line-too-long", 3 * MAXIMUM_LINE),
    ],
)
async def test_a_flood_is_not_drunk(flood: Flood, cause: str, most: int) -> None:
    assert await conversation(flood, 5).greeting() == Broken(Breakage.NOT_SMTP, cause)
    assert flood.handed_out <= most


@pytest.mark.parametrize(
    ("turn", "closes"),
    [(b"", "yes"), (b"So long.\r\n", "yes"), (ConnectionResetError(), "yes"), (SILENCE, "no")],
)
async def test_a_server_that_says_it_will_close_may_stay(turn: Turn, closes: str) -> None:
    talk = conversation(ScriptedStream(turn))
    assert await talk.closes() is (closes == "yes")


async def test_who_talks_on_behind_the_end_stays_and_is_not_listened_to() -> None:
    flood = Flood(b"", b"220-and one more line\r\n")
    assert not await conversation(flood).closes()
    assert flood.handed_out <= 2 * MAXIMUM_REPLY


async def test_the_commands_of_a_session() -> None:
    stream = ScriptedStream(
        b"220 ready\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"220 go\r\n", b"221 bye\r\n"
    )
    talk = conversation(stream)
    await talk.greeting()
    await talk.ehlo()
    await talk.starttls()
    await talk.quit()
    assert stream.commands == ["EHLO client.example", "STARTTLS", "QUIT"]
    assert [(reply.command, reply.code) for reply in talk.replies] == [
        ("connect", 220),
        ("EHLO", 250),
        ("STARTTLS", 220),
        ("QUIT", 221),
    ]
    assert stream.closed


@pytest.mark.parametrize("answer", [b"", SILENCE, ConnectionResetError(), b"not SMTP\r\n"])
async def test_leave_is_taken_whatever_the_server_makes_of_it(answer: Turn) -> None:
    stream = ScriptedStream(b"220 ready\r\n", answer)
    talk = conversation(stream)
    await talk.greeting()
    await talk.quit()
    assert stream.commands == ["QUIT"]
    assert stream.closed


async def test_what_was_slipped_in_behind_starttls_is_set_aside() -> None:
    stream = ScriptedStream(b"220 go\r\n250 injected\r\n")
    talk = conversation(stream)
    assert await talk.starttls() == Reply("STARTTLS", 220, ("go",))
    assert talk.injected.startswith("250 injected")
    talk.stream = ScriptedStream(b"", b"250 inside\r\n")
    assert await talk.ehlo() == Reply("EHLO", 250, ("inside",))


_LINES = st.one_of(
    st.binary(max_size=40),
    st.builds(
        b"%d%b%b".__mod__,
        st.tuples(st.integers(0, 999), st.sampled_from([b" ", b"-", b""]), st.binary(max_size=200)),
    ),
)


@given(
    st.lists(_LINES, max_size=40).map(b"\r\n".join),
    st.sampled_from([b"\r\n", b"\n", b""]),
    st.integers(1, 100),
)
async def test_arbitrary_bytes_in_arbitrary_pieces(said: bytes, end: bytes, chunk: int) -> None:
    stream = ScriptedStream(said + end, chunk=chunk)
    talk = conversation(stream)
    answer = await talk.greeting()
    whole = await conversation(ScriptedStream(said + end)).greeting()
    assert answer == whole
    if isinstance(answer, Reply):
        assert 0 <= answer.code <= 999
        assert 1 <= len(answer.lines) <= 32
        assert all(len(line) <= 300 and line.isprintable() for line in answer.lines)
    else:
        assert answer.breakage in {Breakage.CLOSED, Breakage.NOT_SMTP}
