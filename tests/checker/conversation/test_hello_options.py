"""What pyOpenSSL has no method for is still where it was."""

import pytest
from OpenSSL import SSL

from checker.conversation import hello_options
from checker.conversation.hello_options import HelloOptionError


@pytest.fixture
def context() -> SSL.Context:
    """A client's."""
    return SSL.Context(SSL.TLS_CLIENT_METHOD)


def _hello(context: SSL.Context) -> bytes:
    connection = SSL.Connection(context, None)
    connection.set_connect_state()
    with pytest.raises(SSL.WantReadError):
        connection.do_handshake()
    return connection.bio_read(16_384)


# Each extension with its number and lengths in front (RFC 8446 section 4.2).
@pytest.mark.parametrize(
    ("option", "extension"),
    [
        # Padding is nothing but zeros, here many.
        (hello_options.PADDING, "00000000000000000000"),
        (hello_options.LEGACY_POINT_FORMATS, "000b000403000102"),
        (hello_options.RESUME_WITHOUT_KEY_EXCHANGE, "002d0003020100"),
    ],
)
def test_an_option_puts_its_extension_into_a_hello(option: int, extension: str) -> None:
    def say(options: int) -> bytes:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        # Few enough bytes that there is something to pad, and enough for it.
        hello_options.set_groups(context, "P-521")
        context.set_options(options)
        return _hello(context)

    assert bytes.fromhex(extension) not in say(0)
    assert bytes.fromhex(extension) in say(option)


def test_groups_and_signature_algorithms_are_those_that_were_set(context: SSL.Context) -> None:
    hello_options.set_groups(context, "X448:*P-256")
    hello_options.set_signature_algorithms(context, "ed25519:RSA+SHA256")
    hello = _hello(context)
    assert bytes.fromhex("000a00060004001e0017") in hello
    assert bytes.fromhex("000d0006000408070401") in hello
    assert bytes.fromhex("0033004700450017") in hello


def test_what_openssl_does_not_know_is_named(context: SSL.Context) -> None:
    with pytest.raises(HelloOptionError, match=r"does not take X25519:no-such-group$"):
        hello_options.set_groups(context, "X25519:no-such-group")
    with pytest.raises(HelloOptionError, match=r"does not take no-such-algorithm$"):
        hello_options.set_signature_algorithms(context, "no-such-algorithm")
    # Nothing is left behind that the next call would stumble over.
    context.set_cipher_list(b"DEFAULT")


def test_a_function_that_is_gone_is_named(
    context: SSL.Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SSL, "_lib", object())
    with pytest.raises(HelloOptionError, match=r"^SSL_CTX_set1_curves_list is not there$"):
        hello_options.set_groups(context, "X25519")
