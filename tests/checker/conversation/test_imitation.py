"""Each sender's hello is said, and understood; where it can't be said, one line tells why."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL

from checker.conversation.imitation import ImitationError, begin, check_imitation, make_context
from checker.senders import PROFILES, Profile, Server, System, profile
from checker.senders.hello import Checking
from checker.tls_version import TlsVersion
from tests.lab.certificates import Certificates
from tests.lab.model import Certificate

_HOST = "mx.example.org"
_ALL = [pytest.param(one, id=one.name) for one in PROFILES.values()]
_POSTFIX = profile(Server.POSTFIX, System.DEBIAN_13)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's key and certificates."""
    file = tmp_path_factory.mktemp("imitation") / "server.pem"
    authority = Certificates(datetime.now(UTC).replace(microsecond=0))
    file.write_text(authority.identity(_HOST, Certificate()).pem)
    return file


def _shake(server: SSL.Context, one: Profile, maximum: TlsVersion) -> tuple[str, bytes | None]:
    """The version that both agree on, and the server name that was asked for."""
    client = SSL.Connection(
        make_context(one.rules(Checking.NONE), TlsVersion.TLS_1_2, maximum), None
    )
    begin(client, one.rules(Checking.NONE), _HOST)
    other = SSL.Connection(server, None)
    other.set_accept_state()
    for _ in range(6):
        for end, far_end in ((client, other), (other, client)):
            with suppress(SSL.WantReadError):
                end.do_handshake()
            with suppress(SSL.WantReadError):
                far_end.bio_write(end.bio_read(65_536))
    return client.get_protocol_version_name(), other.get_servername()


@pytest.mark.parametrize("one", _ALL)
@pytest.mark.parametrize(
    ("maximum", "agreed"), [(TlsVersion.TLS_1_2, "TLSv1.2"), (TlsVersion.TLS_1_3, "TLSv1.3")]
)
def test_a_server_takes_the_hello(
    pem: Path, one: Profile, maximum: TlsVersion, agreed: str
) -> None:
    server = SSL.Context(SSL.TLS_SERVER_METHOD)
    server.use_certificate_chain_file(str(pem))
    server.use_privatekey_file(str(pem))
    # A status that was not asked for would not be sent.
    server.set_ocsp_server_callback(lambda _connection, _data: b"a status")
    assert _shake(server, one, maximum) == (agreed, _HOST.encode())


@pytest.mark.parametrize("one", _ALL)
def test_every_hello_can_be_said_here(one: Profile) -> None:
    check_imitation(one)


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ({"ciphers": ("AES128-SHA", "NO-SUCH-SHA")}, "cipher suites NO-SUCH-SHA are not there"),
        ({"ciphersuites": ("TLS_NO_SUCH_SUITE",)}, "TLS_NO_SUCH_SUITE"),
        ({"groups": ("X25519", "no-such-group")}, "no-such-group"),
        ({"signature_algorithms": ("no-such-algorithm",)}, "no-such-algorithm"),
    ],
)
@pytest.mark.parametrize("checking", Checking)
def test_what_is_missing_is_told_in_one_line(
    checking: Checking, wanted: Mapping[str, Any], missing: str
) -> None:
    rules = _POSTFIX.rules(checking)
    lacking = replace(rules, hello=replace(rules.hello, **wanted))
    with pytest.raises(ImitationError) as told:
        check_imitation(replace(_POSTFIX, measured={**_POSTFIX.measured, checking: lacking}))
    begin_of_line = r"the hello of postfix on debian-13 cannot be said with OpenSSL \d"
    assert re.match(begin_of_line, str(told.value))
    assert missing in str(told.value)
    assert "\n" not in str(told.value)
