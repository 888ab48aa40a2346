"""What OpenSSL can put into a ClientHello and pyOpenSSL has no method for.

All that this reaches for behind pyOpenSSL's back is in this module, and each function says so where
it is not there any more.
"""

from OpenSSL import SSL

PADDING = 1 << 4
"""SSL_OP_TLSEXT_PADDING: RFC 7685."""
LEGACY_POINT_FORMATS = 1 << 36
"""SSL_OP_LEGACY_EC_POINT_FORMATS: names compressed points, as OpenSSL did up to 3.x."""

RESUME_WITHOUT_KEY_EXCHANGE = 1 << 10
"""SSL_OP_ALLOW_NO_DHE_KEX: psk_ke (RFC 8446 section 4.2.9)."""


class HelloOptionError(Exception):
    """This OpenSSL, or pyOpenSSL, can't put that into a hello; the message names it."""


def set_groups(context: SSL.Context, groups: str) -> None:
    """Offer these groups alone.

    Args:
        context: Offers them.
        groups: As SSL_CTX_set1_groups_list(3) reads them; ``*`` marks those that get a key share.

    Raises:
        HelloOptionError: One of them is not known.
    """
    _call("SSL_CTX_set1_curves_list", context, groups)


def set_signature_algorithms(context: SSL.Context, algorithms: str) -> None:
    """Offer these signature algorithms alone.

    Args:
        context: Offers them.
        algorithms: As SSL_CTX_set1_sigalgs_list(3) reads them.

    Raises:
        HelloOptionError: One of them is not known.
    """
    _call("SSL_CTX_set1_sigalgs_list", context, algorithms)


def _call(function: str, context: SSL.Context, text: str) -> None:
    try:
        library, handle = SSL._lib, context._context  # type: ignore[attr-defined]  # noqa: SLF001
        done = getattr(library, function)(handle, text.encode("ascii"))
    except AttributeError as error:
        raise HelloOptionError(f"{function} is not there") from error
    if done != 1:
        # The reason stays behind in a queue, where the next call would take it for its own.
        library.ERR_clear_error()
        raise HelloOptionError(f"{function} does not take {text}")
