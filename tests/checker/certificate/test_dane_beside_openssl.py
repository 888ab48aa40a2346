"""Whether TLSA records match is judged as OpenSSL judges it, over all that a record can say."""

import hashlib
import itertools
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from checker.certificate import dane
from checker.certificate.shown import Shown
from checker.facts import TlsaRecord
from tests.checker.certificates import certificate, name

pytestmark = pytest.mark.programs

HOST = "mx.example.org"
_KEYS = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
_AUTHORITY = x509.BasicConstraints(ca=True, path_length=None)
_LONG = timedelta(days=20_000)
"""Both sides look at the clock."""

_PATIENCE = 20

ROOT = certificate(
    subject=name("Root"),
    issuer=name("Root"),
    key=_KEYS[0],
    signer=_KEYS[0],
    ends=_LONG,
    extensions=(_AUTHORITY,),
)
ISSUER = certificate(
    subject=name("Issuer"),
    issuer=name("Root"),
    key=_KEYS[1],
    signer=_KEYS[0],
    ends=_LONG,
    extensions=(_AUTHORITY,),
)
LEAF = certificate(HOST, issuer=name("Issuer"), key=_KEYS[2], signer=_KEYS[1], ends=_LONG)

# Which certificate is named, and which ones are sent.
_NAMED = {"leaf": LEAF, "issuer": ISSUER, "root": ROOT}
_SENT = {"alone": (LEAF,), "issuer": (LEAF, ISSUER), "all": (LEAF, ISSUER, ROOT)}

Verdict = Callable[[Sequence[TlsaRecord], str], bool]


def record(
    usage: int, selector: int, matching: int, named: str, *, right: bool = True
) -> TlsaRecord:
    """A record that names a certificate or its key; a wrong one names another."""
    one = _NAMED[named]
    if selector == 0:
        content = one.public_bytes(Encoding.DER)
    else:
        content = one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if matching:
        content = {1: hashlib.sha256, 2: hashlib.sha512}[matching](content).digest()
    if not right:
        # Still a certificate or a key where all of it is told, and not this one.
        content = content[:-1] + bytes([content[-1] ^ 1])
    return TlsaRecord(usage, selector, matching, content.hex())


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verdict]:
    """Tells whether OpenSSL finds that records match what a server sends."""
    folder = tmp_path_factory.mktemp("dane")
    with ExitStack() as stack:
        ports = {sent: _serve(folder / sent, chain, stack) for sent, chain in _SENT.items()}

        def matches(records: Sequence[TlsaRecord], sent: str) -> bool:
            data = [
                option
                for one in records
                for option in (
                    "-dane_tlsa_rrdata",
                    f"{one.usage} {one.selector} {one.matching_type} {one.data}",
                )
            ]
            done = subprocess.run(  # noqa: S603 - OpenSSL, and all arguments are ours
                [
                    *("openssl", "s_client", "-connect", f"127.0.0.1:{ports[sent]}"),
                    *("-dane_tlsa_domain", HOST, *data, "-brief"),
                ],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
            assert "CONNECTION ESTABLISHED" in done.stderr
            return "Verification: OK" in done.stderr

        yield matches


def _serve(folder: Path, chain: Sequence[x509.Certificate], stack: ExitStack) -> int:
    folder.mkdir()
    leaf, *others = (one.public_bytes(Encoding.PEM) for one in chain)
    key = _KEYS[2].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, content in (("leaf.pem", leaf), ("key.pem", key), ("chain.pem", b"".join(others))):
        (folder / file).write_bytes(content)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    chained = ["-cert_chain", "chain.pem"] if others else []
    server = subprocess.Popen(  # noqa: S603 - OpenSSL, and all arguments are ours
        [
            *("openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}"),
            *("-cert", "leaf.pem", "-key", "key.pem", "-no_ticket", *chained),
        ],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.enter_context(server)
    stack.callback(server.kill)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return port
    raise TimeoutError("OpenSSL's server does not answer")


def ours(records: Sequence[TlsaRecord], sent: str) -> bool:
    """Whether the checker finds that records match."""
    return not dane.compare(records, Shown(_SENT[sent]), [HOST], datetime.now(UTC))


@pytest.mark.parametrize("sent", _SENT)
@pytest.mark.parametrize("named", _NAMED)
def test_one_record(openssl: Verdict, named: str, sent: str) -> None:
    every = itertools.product((2, 3), (0, 1), (0, 1, 2), (True, False))
    differing = {}
    for usage, selector, matching, right in every:
        if matching == 0 and not right:
            # Its last byte belongs to a signature or a key: OpenSSL may take no such record.
            continue
        records = [record(usage, selector, matching, named, right=right)]
        if (theirs := openssl(records, sent)) is not ours(records, sent):
            differing[usage, selector, matching, right] = theirs
    assert differing == {}


@pytest.mark.parametrize("usage", [2, 3])
@pytest.mark.parametrize(("strong", "weak"), [(True, False), (False, True), (False, False)])
def test_of_several_digests_the_strongest_counts(
    openssl: Verdict, usage: int, *, strong: bool, weak: bool
) -> None:
    named = "issuer" if usage == 2 else "leaf"
    for selector in (0, 1):
        records = [
            record(usage, selector, 2, named, right=strong),
            record(usage, selector, 1, named, right=weak),
        ]
        assert openssl(records, "all") is ours(records, "all") is strong
        # A whole certificate or key is no digest, and counts beside them.
        records = [
            record(usage, selector, 2, named, right=False),
            record(usage, selector, 0, named),
        ]
        assert openssl(records, "all") is ours(records, "all") is True
