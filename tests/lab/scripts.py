"""What the scripted mail servers say: one function a server."""

import asyncio
import secrets
import ssl
from functools import partial

from tests.lab import handmade_tls
from tests.lab.conversation import Conversation, Respond, encrypt, encrypt_with, talk
from tests.lab.handshakes import HANDSHAKES, close, reset, silence

_HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\x1b]0;owned\x07\u202e\u2066"
)


async def _answer(conversation: Conversation, line: str) -> None:
    await conversation.say(line)


async def _refuse(conversation: Conversation, greeting: str) -> None:
    """Greet with a refusal and do nothing but wait for QUIT."""
    await conversation.say(greeting)
    while verb := await conversation.command():
        if verb == "QUIT":
            await conversation.say("221 2.0.0 Bye")
            return
        await conversation.say("503 5.5.1 Bad sequence of commands")


async def _greeting_421(conversation: Conversation) -> None:
    await conversation.say(f"421 4.3.2 {conversation.name} Service not available, closing")


async def _ehlo_421(conversation: Conversation) -> None:
    await conversation.say(f"220 {conversation.name} ESMTP ready")
    await conversation.command()
    await conversation.say(f"421 4.3.2 {conversation.name} Service not available, closing")


async def _hello_only(conversation: Conversation) -> None:
    """Speak SMTP as it was before RFC 1869."""
    await conversation.say(f"220 {conversation.name} ready")
    while verb := await conversation.command():
        match verb:
            case "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP":
                await conversation.say("250 Ok")
            case "DATA":
                await conversation.say("354 Go on")
                await conversation.wire.receive_through(b"\r\n.\r\n")
                await conversation.say("250 Ok")
            case "QUIT":
                await conversation.say("221 Bye")
                return
            case _:
                await conversation.say("500 Command unrecognized")


async def _close_at_hello(conversation: Conversation) -> None:
    await conversation.say(f"220 {conversation.name} ESMTP ready")
    await conversation.command()


async def _encrypt_and_close(conversation: Conversation) -> None:
    await encrypt(conversation)
    await conversation.command()
    await conversation.wire.close()


async def _encrypt_and_refuse(conversation: Conversation) -> None:
    await encrypt(conversation)
    await conversation.command()
    await conversation.say(f"421 4.3.2 {conversation.name} Service not available, closing")
    await conversation.wire.close()


async def _starttls_421(conversation: Conversation) -> None:
    await conversation.say(f"421 4.3.2 {conversation.name} Service not available, closing")
    await conversation.wire.close()


async def _slow_greeting(conversation: Conversation) -> None:
    for line in ("220-We do not take unsolicited mail.", "220-Please wait."):
        await conversation.say(line)
        await asyncio.sleep(0.3)
    await talk(conversation)


async def _garbage(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.receive()
    # No TLS record begins with this byte.
    await conversation.wire.send(b"\xee" + secrets.token_bytes(255))


async def _plain_text(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.receive()
    await conversation.say("500 5.5.1 Command unrecognized")
    await conversation.until_gone()


async def _hang(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.until_gone()


async def _close_at_handshake(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.receive()
    await conversation.wire.close()


async def _reset_at_handshake(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.receive()
    await reset(conversation)


async def _alert_at_handshake(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.receive()
    # A fatal alert of TLS 1.2: handshake_failure (RFC 5246 section 7.2).
    await conversation.wire.send(bytes.fromhex("15030300020228"))
    await conversation.wire.close()


async def _greet_late(conversation: Conversation, *, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await talk(conversation)


async def _hold_inside_tls(conversation: Conversation, *, seconds: float) -> None:
    """Take long for the first command inside TLS."""
    await encrypt(conversation)
    verb = await conversation.command()
    await asyncio.sleep(seconds)
    if verb:
        await conversation.say(f"250-{conversation.name}", "250 8BITMIME")


async def _encrypt_after_250(conversation: Conversation) -> None:
    await conversation.say("250 2.0.0 Go ahead")
    await conversation.wire.start_tls(conversation.context())


async def _encrypt_after_354(conversation: Conversation) -> None:
    await conversation.say("354 Go ahead")
    await conversation.wire.start_tls(conversation.context())


async def _encrypt_after_lines(conversation: Conversation) -> None:
    await conversation.say("220-2.0.0 One moment", "220 2.0.0 Ready to start TLS")
    await conversation.wire.start_tls(conversation.context())


async def _encrypt_after_foreign_line(conversation: Conversation) -> None:
    await conversation.say("Welcome to our mail server", "220 2.0.0 Ready to start TLS")
    await conversation.wire.start_tls(conversation.context())


async def _inject(conversation: Conversation) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS", "250 2.0.0 injected")
    await conversation.wire.start_tls(conversation.context())


async def _handmade(conversation: Conversation, *, version: int, ciphers: tuple[int, ...]) -> None:
    await conversation.say("220 2.0.0 Ready to start TLS")
    await handmade_tls.answer_client_hello(
        conversation.wire.reader,
        conversation.wire.writer,
        conversation.chain_file.read_bytes(),
        version=version,
        ciphers=ciphers,
    )


def _demand_certificate(conversation: Conversation, context: ssl.SSLContext) -> None:
    context.load_verify_locations(conversation.ca_file)
    context.verify_mode = ssl.CERT_REQUIRED


def _encrypt_nothing(_: Conversation, context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("eNULL:@SECLEVEL=0")


def _show_no_certificate(_: Conversation, context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")


def _demand_name(conversation: Conversation, context: ssl.SSLContext) -> None:
    def choose(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> int | None:
        known = name == conversation.name
        return None if known else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context.sni_callback = choose


async def _endless_greeting(conversation: Conversation) -> None:
    while True:
        await conversation.say(*[f"220-{conversation.name} and one more line"] * 100)
        await asyncio.sleep(0.01)


async def _endless_line(conversation: Conversation) -> None:
    await conversation.wire.send(b"220 ")
    for _ in range(1024):
        await conversation.wire.send(b"x" * 65536)


async def _one_byte_a_second(conversation: Conversation) -> None:
    for byte in f"220 {conversation.name} ESMTP ready, and in no hurry at all\r\n".encode():
        await conversation.wire.send(bytes([byte]))
        await asyncio.sleep(1)
    await talk(conversation)


async def _http(conversation: Conversation) -> None:
    """A web server that does not wait for the request, as one behind a proxy does."""
    await conversation.say("HTTP/1.1 400 Bad Request", "Content-Length: 0", "Connection: close", "")


async def _held_replies(conversation: Conversation) -> None:
    """Pass everything on to another server and hold what it says, also inside TLS."""
    assert conversation.upstream
    address, port = conversation.upstream
    reader, writer = await asyncio.open_connection(str(address), port)
    loop = asyncio.get_running_loop()
    held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def pass_on() -> None:
        while chunk := await conversation.wire.receive():
            writer.write(chunk)
        writer.write_eof()

    async def take() -> None:
        chunk = b"-"
        while chunk:
            chunk = await reader.read(65536)
            held.put_nowait((loop.time() + conversation.hold, chunk))

    async def give() -> None:
        while True:
            due, chunk = await held.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not chunk:
                return
            await conversation.wire.send(chunk)

    passing, taking = asyncio.create_task(pass_on()), asyncio.create_task(take())
    try:
        await give()
    finally:
        passing.cancel()
        taking.cancel()
        await asyncio.gather(passing, taking, return_exceptions=True)
        writer.close()


_SSL_3 = partial(_handmade, version=handmade_tls.SSL_3, ciphers=handmade_tls.RSA_WITH_AES)
_3DES = partial(_handmade, version=handmade_tls.TLS_1_2, ciphers=handmade_tls.RSA_WITH_3DES)
_DH_512 = partial(_handmade, version=handmade_tls.TLS_1_2, ciphers=handmade_tls.DHE_RSA_WITH_AES)

_GREETINGS = {
    "greeting_masked": "220 **************************",
    "greeting_masked_digits": "220 ***2*0*0***02******0*****",
    "greeting_masked_after_text": "220 mail.test ESMTP ****************",
    "greeting_masked_reversed": "220 ************ ESMTP mail.test",
    "greeting_masked_tab": "220 ************\t*************",
    "greeting_bare": "220",
    "greeting_after_blank_line": "\r\n220 ESMTP ready",
    "greeting_after_foreign_line": "Welcome to our mail server\r\n220 ESMTP ready",
    "greeting_in_lines_masked": "220-********\r\n220 ********",
}
_LONG = "X-LONG " + "x" * 2100
_LINE = "X-LINE " + "x" * 50
_OFFERS = {
    "offer_after_blank": " STARTTLS",
    "offer_before_tab": "STARTTLS\t",
    "offer_before_blank": "STARTTLS ",
    "offer_lower_case": "starttls",
    "offer_with_parameter": "STARTTLS REQUIRED",
    "offer_after_equals_sign": "AUTH=LOGIN STARTTLS",
    "offer_after_long_line": f"{_LONG}\r\n250-STARTTLS",
    "offer_before_long_line": f"STARTTLS\r\n250-{_LONG}",
    "offer_after_line_without_code": "8BITMIME\r\nWelcome to our mail server\r\n250-STARTTLS",
    "offer_after_blank_line": "8BITMIME\r\n\r\n250-STARTTLS",
    "offer_after_other_code": "8BITMIME\r\n251-ETRN\r\n250-STARTTLS",
    "offer_after_tab": "\tSTARTTLS",
    "offer_with_equals_sign": "STARTTLS=1",
    "offer_of_other_code": "8BITMIME\r\n251-STARTTLS",
    "offer_after_many_lines": "\r\n250-".join([*[_LINE] * 40, "STARTTLS"]),
    "offer_before_many_lines": "\r\n250-".join(["STARTTLS", *[_LINE] * 80]),
}

SCRIPTS: dict[str, Respond] = {
    "healthy": talk,
    "held_replies": _held_replies,
    "slow_greeting": _slow_greeting,
    "hostile_text": partial(talk, text=_HOSTILE),
    "greeting_421": _greeting_421,
    "greeting_554": partial(_refuse, greeting="554 5.7.1 No mail is taken from here"),
    "greeting_refused_first": partial(talk, answers={"": "554-5.7.1 No mail\r\n220 ESMTP ready"}),
    "greeting_refused_last": partial(talk, answers={"": "220-ESMTP ready\r\n554 5.7.1 No mail"}),
    "ehlo_421": _ehlo_421,
    "hello_only": _hello_only,
    "ehlo_550": partial(talk, answers={"EHLO": "550 5.5.0 EHLO is not welcome here"}),
    "ehlo_450": partial(talk, answers={"EHLO": "450 4.5.0 EHLO not now"}),
    "ehlo_and_helo_550": partial(
        talk,
        answers={"EHLO": "550 5.7.1 You are not welcome here", "HELO": "550 5.7.1 Nor in this way"},
    ),
    "greeting_250": partial(talk, answers={"": "250 ESMTP ready"}),
    "starttls_250": partial(talk, starttls=_encrypt_after_250),
    "close_at_starttls": partial(talk, starttls=close),
    "close_at_handshake": partial(talk, starttls=_close_at_handshake),
    "reset_at_handshake": partial(talk, starttls=_reset_at_handshake),
    "alert_at_handshake": partial(talk, starttls=_alert_at_handshake),
    "anonymous": partial(talk, starttls=partial(encrypt_with, adjust=_show_no_certificate)),
    "close_at_hello": _close_at_hello,
    "encrypted_close": partial(talk, starttls=_encrypt_and_close),
    "encrypted_421": partial(talk, starttls=_encrypt_and_refuse),
    "recipient_550": partial(
        talk, encrypted_answers={"RCPT": "550 5.1.1 Nobody of that name here"}
    ),
    "recipient_450": partial(
        talk, encrypted_answers={"RCPT": "450 4.7.1 Greylisted, come again later"}
    ),
    "starttls_354": partial(talk, starttls=_encrypt_after_354),
    "starttls_454": partial(
        talk, starttls=partial(_answer, line="454 4.7.0 TLS not available at the moment")
    ),
    "starttls_502": partial(
        talk, starttls=partial(_answer, line="502 5.5.1 Command not implemented")
    ),
    "starttls_421": partial(talk, starttls=_starttls_421),
    "starttls_masked": partial(talk, offer="XXXXXXXA"),
    "starttls_injection": partial(talk, starttls=_inject),
    "tls_garbage": partial(talk, starttls=_garbage),
    "tls_text": partial(talk, starttls=_plain_text),
    "tls_hangs": partial(talk, starttls=_hang),
    "client_certificate": partial(talk, starttls=partial(encrypt_with, adjust=_demand_certificate)),
    "null_cipher": partial(talk, starttls=partial(encrypt_with, adjust=_encrypt_nothing)),
    "needs_sni": partial(talk, starttls=partial(encrypt_with, adjust=_demand_name)),
    "ssl_3": partial(talk, starttls=_SSL_3),
    "triple_des": partial(talk, starttls=_3DES),
    "dh_512": partial(talk, starttls=_DH_512),
    "silent": silence,
    "reset": reset,
    "endless_greeting": _endless_greeting,
    "endless_line": _endless_line,
    "one_byte_a_second": _one_byte_a_second,
    "http": _http,
    "greeting_15_seconds": partial(_greet_late, seconds=15),
    "greeting_35_seconds": partial(_greet_late, seconds=35),
    "encrypted_20_seconds": partial(talk, starttls=partial(_hold_inside_tls, seconds=20)),
    **{name: partial(talk, answers={"": greeting}) for name, greeting in _GREETINGS.items()},
    **{name: partial(talk, offer=offer) for name, offer in _OFFERS.items()},
    "nul_bytes": partial(
        talk, offer="8BITMIME \0\r\n250-STARTTLS", answers={"": "220 ESMTP \0 ready"}
    ),
    "encrypted_hello_550": partial(
        talk,
        encrypted_answers={
            "EHLO": "550 5.7.1 You are not welcome here",
            "HELO": "550 5.7.1 Nor in this way",
        },
    ),
    "encrypted_hello_220": partial(talk, encrypted_answers={"EHLO": "220 at your service"}),
    "encrypted_hello_after_foreign_line": partial(
        talk, encrypted_answers={"EHLO": "Welcome to our mail server\r\n250 8BITMIME"}
    ),
    "starttls_after_foreign_line": partial(talk, starttls=_encrypt_after_foreign_line),
    "starttls_in_lines": partial(talk, starttls=_encrypt_after_lines),
    **HANDSHAKES,
}
"""Every script by the name that the table of domains uses."""
