"""A server that offers STARTTLS, keeps the ClientHello, and hangs up."""

import socketserver
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import IO, cast

from tests.senders.client_hello import HEADER, record_length
from tests.senders.listening import Listening


class Catcher(Listening):
    """Listens on loopback, and tells senders apart by the name in their EHLO."""

    def __init__(self) -> None:
        """Take a port that is free."""
        caught = self._caught = dict[str, bytes]()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    name, record = _talk(
                        cast("IO[bytes]", self.rfile), cast("IO[bytes]", self.wfile)
                    )
                    if record:
                        caught.setdefault(name, record)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            # All senders come at once.
            request_queue_size = 128

        server = Server(("127.0.0.1", 0), Handler)
        self.port: int = server.server_address[1]
        super().__init__(server)

    def wait(self, names: Collection[str], seconds: float) -> Mapping[str, bytes]:
        """The first hello's record of each name, once all have come or the time is over."""
        deadline = time.monotonic() + seconds
        while not set(names) <= set(self._caught) and time.monotonic() < deadline:
            time.sleep(0.05)
        return {name: self._caught[name] for name in names if name in self._caught}


def _talk(reading: IO[bytes], writing: IO[bytes]) -> tuple[str, bytes]:
    """The name in EHLO, and the first record inside STARTTLS."""
    name = ""
    writing.write(b"220 catcher.test ESMTP\r\n")
    while line := reading.readline():
        verb, _, argument = line.decode("ascii", errors="replace").strip().partition(" ")
        if verb.upper() == "EHLO":
            name = argument
            writing.write(b"250-catcher.test\r\n250 STARTTLS\r\n")
        elif verb.upper() == "STARTTLS":
            writing.write(b"220 2.0.0 Ready to start TLS\r\n")
            header = reading.read(HEADER)
            return name, header + reading.read(record_length(header) - len(header))
        else:
            writing.write(b"502 5.5.1 Only STARTTLS\r\n")
    return name, b""
