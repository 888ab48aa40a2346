"""A conversation of a scripted mail server with a client, and how a healthy one goes."""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.lab.model import Address
from tests.lab.wire import Wire

Respond = Callable[["Conversation"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One connection of a client with a scripted server.

    Attributes:
        note: Called with each command that came.
        upstream: Where a server that only passes on finds the real one.
        hold: For how many seconds such a server holds each reply.
    """

    name: str
    wire: Wire
    chain_file: Path
    ca_file: Path
    note: Callable[[str], None]
    upstream: tuple[Address, int] | None
    hold: float

    async def say(self, *lines: str) -> None:
        """Send lines."""
        await self.wire.send("".join(f"{line}\r\n" for line in lines).encode())

    async def command(self) -> str:
        """Read a command and return its verb; an empty one when the client has gone."""
        line = await self.wire.receive_through(b"\n")
        if not line:
            return ""
        verb = line.decode(errors="replace").partition(" ")[0].strip().upper() or "EMPTY"
        self.note(verb)
        return verb

    async def until_gone(self) -> None:
        """Wait until the client has closed the connection."""
        while await self.wire.receive():
            pass

    def context(self) -> ssl.SSLContext:
        """A faultless server's TLS settings."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain_file)
        return context


async def encrypt(conversation: Conversation) -> None:
    """Answer STARTTLS as a healthy server does."""
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.start_tls(conversation.context())


async def encrypt_with(
    conversation: Conversation, adjust: Callable[[Conversation, ssl.SSLContext], None]
) -> None:
    """Answer STARTTLS with other settings of TLS."""
    context = conversation.context()
    adjust(conversation, context)
    await conversation.say("220 2.0.0 Ready to start TLS")
    await conversation.wire.start_tls(context)


async def talk(  # noqa: PLR0913 - all but the first are what this server does otherwise
    conversation: Conversation,
    *,
    offer: str = "STARTTLS",
    starttls: Respond = encrypt,
    text: str = "",
    answers: Mapping[str, str] = MappingProxyType({}),
    encrypted_answers: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Hold a whole SMTP session, as a healthy server would, but for the answers that are given.

    Args:
        conversation: With whom.
        offer: The lines of the reply to EHLO that offer STARTTLS, without the first one's code.
        starttls: What is done at STARTTLS.
        text: What stands at the end of most replies.
        answers: To commands, by their verbs; the greeting is the one to nothing.
        encrypted_answers: The same, inside TLS.
    """
    name = conversation.name
    await conversation.say(answers.get("", f"220 {name} ESMTP ready{text}"))
    while verb := await conversation.command():
        given = encrypted_answers if conversation.wire.encrypted else answers
        if verb in given:
            await conversation.say(given[verb])
            continue
        match verb:
            case "EHLO":
                offers = [f"250-{offer}"] if not conversation.wire.encrypted else []
                await conversation.say(
                    f"250-{name}{text}", *offers, "250-PIPELINING", "250 8BITMIME"
                )
            case "HELO":
                await conversation.say(f"250 {name}")
            case "STARTTLS" if "STARTTLS" in offer.upper() and not conversation.wire.encrypted:
                await starttls(conversation)
            case "MAIL" | "RCPT" | "RSET" | "NOOP":
                await conversation.say("250 2.0.0 Ok")
            case "DATA":
                await conversation.say("354 End data with <CR><LF>.<CR><LF>")
                await conversation.wire.receive_through(b"\r\n.\r\n")
                await conversation.say("250 2.0.0 Ok")
            case "QUIT":
                await conversation.say(f"221 2.0.0 {name} Bye")
                return
            case _:
                await conversation.say(f"502 5.5.2 Error: command not recognized{text}")
