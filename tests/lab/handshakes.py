"""What scripted servers do at STARTTLS and inside TLS, which no real one can be made to do."""

import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from functools import partial

from OpenSSL import SSL

from tests.lab import old_tls
from tests.lab.conversation import Conversation, Respond, encrypt, encrypt_with, talk
from tests.lab.modern_tls import Choice

_READY = "220 2.0.0 Ready to start TLS"


async def close(conversation: Conversation) -> None:
    """End the connection in good order."""
    await conversation.wire.close()


async def reset(conversation: Conversation) -> None:
    """Closing with a linger time of nothing sends a reset instead of a farewell."""
    raw: socket.socket = conversation.wire.writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conversation.wire.writer.transport.abort()


async def silence(conversation: Conversation) -> None:
    """Say nothing until the client has gone."""
    await conversation.until_gone()


async def _encrypt_by(conversation: Conversation, *, choice: Choice) -> None:
    context = choice.context(conversation.chain_file)
    await conversation.say(_READY)
    await conversation.wire.start_tls(context)


async def _break_at_long_hello(
    conversation: Conversation, *, limit: int, end: Callable[[Conversation], Awaitable[None]]
) -> None:
    """Take no ClientHello whose record has more bytes than that."""
    await conversation.say(_READY)
    record = await conversation.wire.receive_record()
    if len(record) > limit:
        await end(conversation)
    else:
        await conversation.wire.start_tls(conversation.context(), record)


async def _encrypt_behind(conversation: Conversation, *, first: bytes) -> None:
    """Send a record that belongs to no handshake before its answer to the ClientHello."""
    await conversation.say(_READY)
    record = await conversation.wire.receive_record()
    await conversation.wire.send(first)
    await conversation.wire.start_tls(conversation.context(), record)


async def _encrypt_as_of_old(conversation: Conversation) -> None:
    await conversation.say(_READY)
    key_and_chain = conversation.chain_file.read_bytes()
    await conversation.wire.adopt(partial(old_tls.Connection, key_and_chain))


async def _encrypt_and_say(conversation: Conversation, *, line: str) -> None:
    await encrypt(conversation)
    await conversation.say(line)


async def _ask_for_certificate_and_close(conversation: Conversation) -> None:
    await _encrypt_asking(conversation)
    await conversation.command()
    await conversation.wire.close()


async def _encrypt_asking(conversation: Conversation) -> None:
    await encrypt_with(conversation, _ask_for_certificate)


def _ask_for_certificate(conversation: Conversation, context: ssl.SSLContext) -> None:
    context.load_verify_locations(conversation.ca_file)
    context.verify_mode = ssl.CERT_OPTIONAL


_LIMITS = (512, 768, 1024, 1448)
_ENDS = {"closes": close, "resets": reset, "silent": silence}
_CHOICES = {
    "ml_kem": Choice(groups="X25519MLKEM768"),
    "ffdhe2048": Choice(minimum=SSL.TLS1_3_VERSION, groups="ffdhe2048"),
    "ffdhe4096": Choice(minimum=SSL.TLS1_3_VERSION, groups="ffdhe4096"),
    "ccm": Choice(minimum=SSL.TLS1_3_VERSION, suites="TLS_AES_128_CCM_SHA256"),
    "tls_1_3": Choice(minimum=SSL.TLS1_3_VERSION),
    "sha1_key_exchange": Choice(maximum=SSL.TLS1_2_VERSION, signatures="RSA+SHA1"),
    "modern": Choice(),
}

HANDSHAKES: dict[str, Respond] = {
    **{
        f"hello_{limit}_{how}": partial(
            talk, starttls=partial(_break_at_long_hello, limit=limit, end=end)
        )
        for limit in _LIMITS
        for how, end in _ENDS.items()
    },
    **{
        name: partial(talk, starttls=partial(_encrypt_by, choice=choice))
        for name, choice in _CHOICES.items()
    },
    # A warning of TLS 1.2: unrecognized_name (RFC 6066 section 3); and a record without content.
    "warning_first": partial(
        talk, starttls=partial(_encrypt_behind, first=bytes.fromhex("15030300020170"))
    ),
    "empty_record_first": partial(
        talk, starttls=partial(_encrypt_behind, first=bytes.fromhex("1603030000"))
    ),
    "no_secure_renegotiation": partial(talk, starttls=_encrypt_as_of_old),
    "client_certificate_close": partial(talk, starttls=_ask_for_certificate_and_close),
    "client_certificate_530": partial(
        talk,
        starttls=_encrypt_asking,
        encrypted_answers=dict.fromkeys(
            ("EHLO", "HELO"), "530 5.7.0 A valid client certificate is required here"
        ),
    ),
    "client_certificate_421": partial(
        talk,
        starttls=_encrypt_asking,
        encrypted_answers=dict.fromkeys(
            ("EHLO", "HELO"), "421 4.7.0 No client certificate was presented"
        ),
    ),
    "greeting_inside_tls": partial(
        talk, starttls=partial(_encrypt_and_say, line="220 ESMTP ready again")
    ),
}
"""Scripts by the names that the table of domains uses."""
