"""A program for an old pyOpenSSL: prints the ClientHellos that it is asked for.

Standard input holds a JSON list of name, minimum, maximum, ciphers, options and server name.
"""

import json
import sys
from contextlib import suppress

from OpenSSL import SSL

_NOT = {
    "1.0": SSL.OP_NO_TLSv1,
    "1.1": SSL.OP_NO_TLSv1_1,
    "1.2": SSL.OP_NO_TLSv1_2,
    "1.3": 1 << 29,
}


def _hello(minimum: str, maximum: str, ciphers: str, options: int, name: str | None) -> bytes:
    context = SSL.Context(SSL.SSLv23_METHOD)
    context.set_cipher_list(ciphers.encode())
    context.set_options(options | SSL.OP_NO_SSLv3)
    for version, option in _NOT.items():
        if not minimum <= version <= maximum:
            context.set_options(option)
    connection = SSL.Connection(context, None)
    if name is not None:
        connection.set_tlsext_host_name(name.encode())
    connection.set_connect_state()
    with suppress(SSL.WantReadError):
        connection.do_handshake()
    return connection.bio_read(65_536)


if __name__ == "__main__":
    rows = json.load(sys.stdin)
    json.dump({name: _hello(*row).hex() for name, *row in rows}, sys.stdout)
