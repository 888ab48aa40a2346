"""The tests' own reader of ClientHellos reads rightly, and takes nothing that is not whole."""

from dataclasses import replace

import pytest
from OpenSSL import SSL

from tests.senders.client_hello import (
    NotAClientHelloError,
    differences,
    from_json,
    read,
    record_length,
    to_json,
)

# Written by hand from RFC 8446 section 4.1.2: TLS 1.2 and 1.3, three suites, seven extensions.
_EXTENSIONS = (
    "0000 0010 000e 00 000b 6d782e612e74657374 2e65"
    "000a 0006 0004 001d 0100"
    "000d 0006 0004 0403 0804"
    "002b 0005 04 0304 0303"
    "0033 0026 0024 001d 0020" + "11" * 32 + "0017 0000"
    "0015 0002 0000"
)


def _record() -> bytes:
    extensions = bytes.fromhex(_EXTENSIONS.replace(" ", ""))
    body = bytes.fromhex("0303") + b"r" * 32 + b"\x20" + b"s" * 32
    body += bytes.fromhex("0006 1301 c02b 00ff 01 00".replace(" ", ""))
    body += len(extensions).to_bytes(2) + extensions
    message = b"\1" + len(body).to_bytes(3) + body
    return b"\x16\3\1" + len(message).to_bytes(2) + message


def test_everything_that_stands_in_a_hello_is_read() -> None:
    hello = read(_record())
    assert hello.record_bytes == len(_record()) == record_length(_record()[:5])
    assert (hello.record_version, hello.legacy_version) == ("0301", "0303")
    assert (hello.session_id_bytes, hello.compression) == (32, "00")
    assert hello.cipher_suites == ("1301", "c02b", "00ff")
    assert hello.extensions == ("0", "10", "13", "43", "51", "23", "21")
    assert hello.server_name == "mx.a.test.e"
    assert hello.supported_versions == ("0304", "0303")
    assert hello.groups == ("001d", "0100")
    assert hello.key_shares == ("001d(32)",)
    assert hello.signature_algorithms == ("0403", "0804")
    assert hello.padding_bytes == 2
    assert hello.others == ("23:",)
    assert from_json(to_json(hello)) == hello


def test_what_is_not_whole_or_no_hello_is_not_taken() -> None:
    record = _record()
    for end in range(len(record)):
        with pytest.raises(NotAClientHelloError):
            read(record[:end])
        shorter = record[5:end]
        with pytest.raises(NotAClientHelloError):
            read(record[:3] + len(shorter).to_bytes(2) + shorter)
    with pytest.raises(NotAClientHelloError):
        read(record.replace(b"\x16", b"\x15", 1))
    assert record_length(record[:4]) == 0


def test_two_hellos_of_one_context_are_alike_and_a_difference_has_its_name() -> None:
    def say() -> bytes:
        connection = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD), None)
        connection.set_connect_state()
        with pytest.raises(SSL.WantReadError):
            connection.do_handshake()
        return connection.bio_read(16_384)

    one, other = read(say()), read(say())
    assert differences(one, other) == {}
    shorter = replace(other, groups=other.groups[:1])
    assert set(differences(one, shorter)) == {"groups"}


def test_the_fingerprint_is_the_one_that_was_published() -> None:
    # The example in FoxIO's technical details of JA4.
    suites = "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035"
    extensions = "001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015"
    algorithms = "0403 0804 0401 0503 0805 0501 0806 0601"
    example = replace(
        read(_record()),
        cipher_suites=tuple(suites.split()),
        extensions=tuple(str(int(number, 16)) for number in extensions.split()),
        signature_algorithms=tuple(algorithms.split()),
        others=("16:000c02683208687474702f312e31",),
    )
    assert example.ja4 == "t13d1516h2_8daaf6152771_e5627efa2ab1"
