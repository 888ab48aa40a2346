"""The servers of ``refusals``, and the one that takes the reports."""

import datetime as dt
import ssl
from asyncio import Server, StreamReader, StreamWriter, start_server
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from tests.bounces.refusals import REFUSALS, Refusal, Stage
from tests.lab.certificates import Certificates
from tests.lab.model import Certificate
from tests.lab.servers import MAIL_SERVERS
from tests.lab.wire import Wire

SENDER_DOMAIN = "sender.example"
"""Whose mail server sends, and gets the reports."""

_REPORTS = IPv4Address("127.25.9.1")
SENDER_ADDRESS = IPv4Address("192.0.2.25")
"""Of the one that sends: none of the machine's own, for some servers look for such a one."""


def records() -> Iterator[str]:
    """What a name server has to know of the servers here, as records."""
    yield f"{SENDER_DOMAIN}. MX 10 reports.{SENDER_DOMAIN}."
    yield f"reports.{SENDER_DOMAIN}. A {_REPORTS}"
    yield f"mail.{SENDER_DOMAIN}. A {SENDER_ADDRESS}"
    for refusal in REFUSALS:
        yield f"{refusal.domain}. MX 10 {refusal.host}."
        yield f"{refusal.host}. A {refusal.address}"


def addresses() -> Iterator[tuple[IPv4Address | IPv6Address, str]]:
    """Each address with the name that stands behind it."""
    yield _REPORTS, f"reports.{SENDER_DOMAIN}"
    yield SENDER_ADDRESS, f"mail.{SENDER_DOMAIN}"
    for host in MAIL_SERVERS.values():
        yield host.address, host.name
    for refusal in REFUSALS:
        yield refusal.address, refusal.host


async def serve(port: int, folder: Path, take: Callable[[bytes], None]) -> list[Server]:
    """Start all servers.

    Args:
        port: Of every server.
        folder: Gets the certificates, and in ``refusals-ca.pem`` the authority to be trusted.
        take: Is called with each report.
    """
    certificates = Certificates(dt.datetime.now(dt.UTC).replace(microsecond=0))
    (folder / "refusals-ca.pem").write_text(certificates.root)

    def server(name: str, refusal: Refusal | None) -> _MailServer:
        file = folder / f"{name}.pem"
        file.write_text(certificates.identity(name, Certificate()).pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return _MailServer(name, context, take, refusal)

    reports = server(f"reports.{SENDER_DOMAIN}", None)
    listening = [await start_server(reports.answer, str(_REPORTS), port)]
    for refusal in REFUSALS:
        answer = server(refusal.host, refusal).answer
        listening.append(await start_server(answer, str(refusal.address), port))
    return listening


@dataclass(frozen=True, slots=True)
class _MailServer:
    name: str
    context: ssl.SSLContext
    take: Callable[[bytes], None]
    refusal: Refusal | None

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        wire = Wire(reader, writer)
        with suppress(OSError, EOFError):
            await self._talk(wire)
        with suppress(OSError):
            await wire.close()

    async def _talk(self, wire: Wire) -> None:
        await _say(wire, f"220 {self.name} ESMTP ready")
        while line := await wire.receive_through(b"\n"):
            verb = line.decode(errors="replace").partition(" ")[0].strip().upper()
            match verb:
                case "EHLO":
                    offers = [f"250-{offer}" for offer in self._offers(wire)]
                    await _say(wire, f"250-{self.name}", *offers, "250 8BITMIME")
                case "STARTTLS":
                    await _say(wire, "220 2.0.0 Ready to start TLS")
                    await wire.start_tls(self.context)
                case "MAIL":
                    await self._agree(wire, Stage.MAIL, "250 2.1.0 Ok")
                case "RCPT":
                    await self._agree(wire, Stage.RCPT, "250 2.1.5 Ok")
                case "DATA":
                    await self._take(wire)
                case "QUIT":
                    await _say(wire, "221 2.0.0 Bye")
                    return
                case _:
                    await _say(wire, "250 2.0.0 Ok")

    def _offers(self, wire: Wire) -> tuple[str, ...]:
        if self.refusal is None:
            return () if wire.encrypted else ("STARTTLS",)
        starttls = ("STARTTLS",) if self.refusal.starttls and not wire.encrypted else ()
        return (*self.refusal.offers, *starttls)

    async def _agree(self, wire: Wire, stage: Stage, line: str) -> bool:
        """Whether the mail goes on."""
        if self.refusal is None or self.refusal.stage is not stage:
            await _say(wire, line)
            return True
        if not self.refusal.reply:
            raise EOFError
        await _say(wire, *self.refusal.reply)
        return False

    async def _take(self, wire: Wire) -> None:
        if not await self._agree(wire, Stage.DATA, "354 End data with <CR><LF>.<CR><LF>"):
            return
        mail = await wire.receive_through(b"\r\n.\r\n")
        if await self._agree(wire, Stage.TEXT, "250 2.0.0 Ok") and self.refusal is None:
            self.take(mail.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))


async def _say(wire: Wire, *lines: str) -> None:
    await wire.send("".join(f"{line}\r\n" for line in lines).encode())
