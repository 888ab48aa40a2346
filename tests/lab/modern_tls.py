"""TLS of today's OpenSSL, which ``cryptography`` brings: Python's own may be years older.

A connection looks like one of Python's own, so that whoever uses it need not tell them apart.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from OpenSSL import SSL

_Result = TypeVar("_Result")

# pyOpenSSL has no names for these.
_LIBRARY: Any = SSL._lib  # type: ignore[attr-defined]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Choice:
    """What a server takes; nothing means all that it can.

    Attributes:
        minimum: The lowest version.
        maximum: The highest version.
        groups: Of the key exchange, in OpenSSL's words.
        suites: Of TLS 1.3, in OpenSSL's words.
        signatures: Signature algorithms, in OpenSSL's words.
    """

    minimum: int = SSL.TLS1_2_VERSION
    maximum: int = SSL.TLS1_3_VERSION
    groups: str = ""
    suites: str = ""
    signatures: str = ""

    def context(self, chain_file: Path) -> SSL.Context:
        """The settings of a server with that certificate."""
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        # What a client may do with, its own library decides.
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.set_min_proto_version(self.minimum)
        context.set_max_proto_version(self.maximum)
        if self.suites:
            context.set_tls13_ciphersuites(self.suites.encode())
        own: Any = context._context  # noqa: SLF001
        if self.groups:
            assert _LIBRARY.SSL_CTX_set1_curves_list(own, self.groups.encode())
        if self.signatures:
            assert _LIBRARY.SSL_CTX_set1_sigalgs_list(own, self.signatures.encode())
        context.use_certificate_chain_file(str(chain_file))
        context.use_privatekey_file(str(chain_file))
        return context


class Connection:
    """The server's side of a connection, with the methods of ``ssl.SSLObject``."""

    def __init__(
        self, context: SSL.Context, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
    ) -> None:
        """Take what comes from one buffer, and leave what is to be sent in the other."""
        self._own = SSL.Connection(context, None)
        self._own.set_accept_state()
        self._incoming = incoming
        self._outgoing = outgoing

    def do_handshake(self) -> None:
        """Go on with the handshake."""
        self._try(self._own.do_handshake)

    def read(self, size: int) -> bytes:
        """Read what has come; nothing after a farewell."""
        return self._try(lambda: self._own.recv(size))

    def write(self, data: bytes) -> int:
        """Encrypt data."""
        return self._try(lambda: self._own.send(data))

    def unwrap(self) -> None:
        """Say farewell."""
        self._try(self._own.shutdown)

    def _try(self, action: Callable[[], _Result]) -> _Result:
        if data := self._incoming.read():
            self._own.bio_write(data)
        elif self._incoming.eof:
            self._own.bio_shutdown()
        try:
            return action()
        except SSL.WantReadError as error:
            raise ssl.SSLWantReadError from error
        except SSL.Error as error:
            raise ssl.SSLError(*error.args) from error
        finally:
            self._empty()

    def _empty(self) -> None:
        while True:
            try:
                self._outgoing.write(self._own.bio_read(65536))
            except SSL.WantReadError:
                return
