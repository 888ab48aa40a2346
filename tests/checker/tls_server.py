"""A mail server in memory that offers STARTTLS and shows any certificate, however odd."""

import warnings
from collections.abc import Sequence

from OpenSSL import SSL, crypto

from tests.checker.certificates import PrivateKey

_READY = b"220 mx.example.org ESMTP\r\n"
_HELLO = b"250-mx.example.org\r\n250 STARTTLS\r\n"
_CHUNK = 65_536


class UnservableError(Exception):
    """OpenSSL itself does not read the certificate, so that no server of it shows one."""


def context(chain: Sequence[bytes], key: PrivateKey) -> SSL.Context:
    """The settings of a server.

    Args:
        chain: The certificates (DER), the server's own first.
        key: That of the first one.

    Raises:
        UnservableError: One cannot be shown.
    """
    made = SSL.Context(SSL.TLS_SERVER_METHOD)
    made.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    try:
        with warnings.catch_warnings():
            # The library would have us read them with what reads fewer of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            first, *others = (crypto.load_certificate(crypto.FILETYPE_ASN1, one) for one in chain)
            made.use_certificate(first)
            for other in others:
                made.add_extra_chain_cert(other)
        made.use_privatekey(key)
    except (SSL.Error, crypto.Error, ValueError) as error:
        raise UnservableError from error
    return made


class TlsMailServer:
    """One connection to it, as a stream."""

    def __init__(self, settings: SSL.Context) -> None:
        """Greet."""
        self._settings = settings
        self._said = _READY
        self._inside: SSL.Connection | None = None

    async def read(self, size: int) -> bytes:
        """What it has to say; nothing is the end."""
        data, self._said = self._said[:size], self._said[size:]
        return data

    async def write(self, data: bytes) -> None:
        """Take what the client says, and answer it."""
        if self._inside is None:
            self._said += self._answer(data)
        else:
            self._inside.bio_write(data)
            self._go_on(self._inside)

    def _answer(self, command: bytes) -> bytes:
        if command.upper().startswith(b"STARTTLS"):
            self._inside = SSL.Connection(self._settings, None)
            self._inside.set_accept_state()
            return b"220 go ahead\r\n"
        return b"221 bye\r\n" if command.upper().startswith(b"QUIT") else _HELLO

    def _go_on(self, inside: SSL.Connection) -> None:
        try:
            inside.do_handshake()
            inside.send(self._answer(inside.recv(_CHUNK)).replace(b"STARTTLS", b"HELP"))
        except SSL.Error:
            pass
        try:
            while True:
                self._said += inside.bio_read(_CHUNK)
        except SSL.Error:
            return

    def close(self) -> None:
        """Nothing is open."""
