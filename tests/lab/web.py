"""The web server with the MTA-STS policies: ``python -m tests.lab.web FOLDER ADDRESS``.

All policy hosts share its address: each request says for whom it is meant (SNI). It ends when its
standard input closes, so that it never outlives the lab.
"""

import asyncio
import ssl
import sys
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from tests.lab.domains import DOMAINS
from tests.lab.model import MtaSts

PORT = 443
"""RFC 8461 leaves no choice."""

SITES: dict[str, MtaSts] = {
    f"mta-sts.{domain.domain}": domain.sts for domain in DOMAINS if domain.sts
}
"""What each policy host serves, by its name."""

_PATH = "/.well-known/mta-sts.txt"
_ELSEWHERE = "/policy.txt"


async def _answer(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError, EOFError):
        request = (await reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        name = writer.get_extra_info("ssl_object").lab_name
        site = SITES.get(name)
        if site and site.hangs:
            await reader.read()
        elif site and request.startswith(f"GET {_PATH} HTTP/1."):
            moved = "" if site.status == HTTPStatus.OK else f"Location: {_ELSEWHERE}\r\n"
            writer.write(_response(site.status, site.policy, moved))
        elif site and request.startswith(f"GET {_ELSEWHERE} HTTP/1."):
            writer.write(_response(HTTPStatus.OK, site.policy))
        else:
            writer.write(_response(HTTPStatus.NOT_FOUND, ""))
        await writer.drain()
    with suppress(OSError):
        writer.close()


def _response(status: int, text: str, more: str = "") -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: text/plain\r\n"
    end = f"{more}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return (head + end).encode() + body


def _context(certificates: Path) -> ssl.SSLContext:
    contexts = {}
    for name in SITES:
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(certificates / f"{name}.pem")

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        if name not in contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = contexts[name]
        connection.lab_name = name  # type: ignore[attr-defined]
        return None

    entrance = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    entrance.sni_callback = choose
    return entrance


async def _run(folder: Path, address: str) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    context = _context(folder / "certificates")
    listening = await asyncio.start_server(_answer, address, PORT, ssl=context)
    await ended.wait()
    del listening


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), sys.argv[2]))
