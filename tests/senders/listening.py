"""A server that answers while something is tried."""

import socketserver
import threading
from types import TracebackType
from typing import Self


class Listening:
    """Serves from entry to exit."""

    def __init__(self, server: socketserver.BaseServer) -> None:
        """Take a server that has its port."""
        self._server = server

    def __enter__(self) -> Self:
        """Begin to listen."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()
