"""The lab's servers do what its table says of them, as clients see it that are not ours."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import chain
from pathlib import Path

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from checker.problems import PROBLEMS
from tests.lab import Lab, LabError
from tests.lab.domains import DOMAINS
from tests.lab.expectations import HAS_IPV6
from tests.lab.model import IPV6
from tests.lab.ports import listening
from tests.lab.servers import MAIL_SERVERS, RUNNING

ROOT = Path(__file__).parents[2]
OPERATORS = ROOT / "checker" / "operators"
FURTHER_OPERATORS = Path(__file__).with_name("operators")
DAY = 86400


_WEAKEST = ("-cipher", "ALL:@SECLEVEL=0", "-sigalgs", "RSA+SHA1:RSA+SHA256:RSA-PSS+SHA256")
_LONG_HELLO = ("-alpn", ",".join(f"protocol-{n}" for n in range(30)))


def temp_key() -> str:
    """What this machine's openssl calls the key that a server has made for the key exchange."""
    said = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout  # noqa: S607 - the system's
    version = re.match(r"OpenSSL (\d+)\.(\d+)", said)
    assert version, said
    return "Peer Temp Key" if tuple(map(int, version.groups())) >= (3, 5) else "Server Temp Key"


def s_client(lab: Lab, name: str, *options: str) -> str:
    """What openssl says about a mail server, when it says goodbye as soon as it can."""
    command = ["openssl", "s_client", "-starttls", "smtp", "-connect"]
    command += [f"{MAIL_SERVERS[name].address}:{lab.smtp_port}", "-CAfile", str(lab.ca_file)]
    # With DANE it insists on naming the server.
    command += [] if "-dane_tlsa_domain" in options else ["-noservername"]
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [*command, *options], input=b"QUIT\r\n", capture_output=True, check=False, timeout=20
    )
    return (done.stdout + done.stderr).decode(errors="replace")


def verification(lab: Lab, name: str, *options: str) -> int:
    """The code with which openssl judges a mail server's certificate; 0 means faultless."""
    options = ("-verify_hostname", name, "-purpose", "sslserver", *options)
    codes = re.findall(r"Verify return code: (\d+)", s_client(lab, name, *options))
    return int(codes[0])


def connect(lab: Lab, name: str) -> socket.socket:
    """A plain connection with a mail server."""
    return socket.create_connection((str(MAIL_SERVERS[name].address), lab.smtp_port), timeout=2)


def dialogue(lab: Lab, name: str, *commands: str) -> str:
    """Everything that a mail server says, until it closes the connection."""
    with connect(lab, name) as connection:
        said = b""
        try:
            for command in (*commands, ""):
                said += connection.recv(65536)
                if command:
                    connection.sendall(f"{command}\r\n".encode())
            while data := connection.recv(65536):
                said += data
        except TimeoutError:
            said += b"(nothing more)"
        return said.decode(errors="replace")


def ask(lab: Lab, name: str, kind: str, flags: dns.flags.Flag | None = None) -> dns.message.Message:
    """The resolver's answer."""
    question = dns.message.make_query(name, kind, want_dnssec=True)
    question.flags |= flags or 0
    address, port = lab.resolver.split(":")
    return dns.query.udp(question, address, port=int(port), timeout=1)


def data(answer: dns.message.Message, kind: str) -> list[str]:
    """The records of one type in an answer."""
    wanted = dns.rdatatype.from_text(kind)
    return sorted(str(one) for rrset in answer.answer if rrset.rdtype == wanted for one in rrset)


def test_the_table_knows_every_operator_and_only_real_problems() -> None:
    operators = {file.stem for file in OPERATORS.glob("*.toml")}
    further = {file.stem for file in FURTHER_OPERATORS.glob("*.toml")}
    assert not operators & further
    for domain in DOMAINS:
        assert operators <= set(domain.expected) <= operators | further
        assert {problem for _, problem in domain.expected.values()} <= set(PROBLEMS)


def test_names_are_unique() -> None:
    names = [domain.domain for domain in DOMAINS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("mx.healthy.test", {"tls1_2", "tls1_3"}),
        ("mx.tls-1-3-only.test", {"tls1_3"}),
        ("mx.tls-1-2-only.test", {"tls1_2"}),
        ("mx.tls-1-1-only.test", {"tls1_1"}),
        ("mx.tls-1-0-only.test", {"tls1"}),
    ],
)
def test_tls_versions(lab: Lab, name: str, versions: set[str]) -> None:
    weakest = ("-cipher", "DEFAULT:@SECLEVEL=0")
    spoken = {
        version
        for version in ("tls1", "tls1_1", "tls1_2", "tls1_3")
        if "Cipher is (NONE)" not in s_client(lab, name, f"-{version}", *weakest)
    }
    assert spoken == versions


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mx.healthy.test", 0),
        ("mx.wildcard.test", 0),
        ("mx.common-name-only.test", 0),
        ("mx.xn--mller-kva.test", 0),
        ("implicit-mx.test", 0),
        ("mx.held-replies.test", 0),
        ("mx.greeting-slow.test", 0),
        ("mx.hostile-text.test", 0),
        ("mx.expired.test", 10),
        ("mx1.first-expired.test", 10),
        ("mx2.first-expired.test", 0),
        ("mx.not-yet-valid.test", 9),
        ("mx.self-signed.test", 18),
        ("mx.unknown-ca-with-root.test", 19),
        ("mx.unknown-ca.test", 21),
        ("mx.chain-incomplete.test", 21),
        ("mx.wrong-name.test", 62),
        ("mx.mail.wildcard-too-deep.test", 62),
        ("mx.wrong-purpose.test", 26),
        ("mx.purpose-email.test", 26),
        ("mx.purpose-of-issuer.test", 26),
        ("mx.constrained.test", 0),
        ("mx.constrained-elsewhere.test", 47),
        ("mx.path-of-twelve.test", 0),
        ("mx.expired-off-path.test", 0),
        ("mx.cross-signed.test", 0),
        ("mx.intermediate-expires-soon.test", 0),
        ("mx.odd-path-length.test", 0),
        ("mx.odd-t61-name.test", 0),
        ("mx.odd-bit-string-name.test", 0),
        ("mx.odd-doubled-extension.test", 0),
        ("mx.odd-t61-issuer.test", 0),
        ("mx.odd-bit-string-issuer.test", 0),
        ("mx.odd-doubled-issuer.test", 0),
        ("mx.name-star.test", 0),
        ("mx.name-service-empty.test", 0),
        ("mx.common-name-and-address.test", 0),
    ],
)
def test_certificates(lab: Lab, name: str, code: int) -> None:
    assert verification(lab, name) == code


def test_an_alias_is_named_by_one_certificate_and_not_by_the_other(lab: Lab) -> None:
    alias, target = "mx.cname-mx.test", "target.cname-mx.test"
    assert verification(lab, target, "-verify_hostname", alias) == 0
    alias, target = "mx.cname-mx-target.test", "target.cname-mx-target.test"
    assert verification(lab, target, "-verify_hostname", alias) == 62


def test_expires_soon(lab: Lab) -> None:
    now = int(time.time())
    name = "mx.expires-soon.test"
    assert verification(lab, name, "-attime", str(now + 5 * DAY)) == 0
    assert verification(lab, name, "-attime", str(now + 6 * DAY)) == 10


def test_several_faults_at_once(lab: Lab) -> None:
    name = "mx.expired-and-wrong-name.test"
    month_ago = str(int(time.time()) - 30 * DAY)
    assert verification(lab, name, "-attime", month_ago) == 62
    assert verification(lab, name, "-verify_hostname", "www.somebody-else.test") == 10


def test_weak_hash(lab: Lab) -> None:
    name = "mx.sha1-signature.test"
    assert verification(lab, name, "-auth_level", "1") == 68


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("mx.rsa-1024.test", ("-cipher", "DEFAULT:@SECLEVEL=0"), "public key is 1024 bit"),
        ("mx.dh-1024.test", ("-cipher", "DEFAULT:@SECLEVEL=0"), f"{temp_key()}: DH, 1024 bits"),
        ("mx.dh-512.test", ("-cipher", "DEFAULT:@SECLEVEL=0"), "dh key too small"),
        ("mx.old-cipher.test", (), "Cipher is AES128-SHA"),
        ("mx.null-cipher.test", (), "alert handshake failure"),
        ("mx.null-cipher.test", ("-cipher", "eNULL:@SECLEVEL=0"), "-NULL-SHA"),
        ("mx.triple-des-only.test", (), "alert handshake failure"),
        ("mx.ssl-3-only.test", (), "unsupported protocol"),
        ("mx.client-certificate.test", ("-tls1_2",), "alert handshake failure"),
        ("mx.client-certificate.test", ("-tls1_3", "-ign_eof"), "alert certificate required"),
        ("mx.needs-sni.test", (), "alert number 112"),
        ("mx.sha1-key-exchange.test", (), "alert handshake failure"),
        ("mx.sha1-key-exchange.test", _WEAKEST, "Peer signing digest: SHA1"),
        ("mx.no-secure-renegotiation.test", (), "unsafe legacy renegotiation disabled"),
        (
            "mx.no-secure-renegotiation.test",
            ("-legacy_server_connect",),
            "Secure Renegotiation IS NOT supported",
        ),
        ("mx.rsa-512.test", ("-tls1_2", *_WEAKEST), "Server public key is 512 bit"),
        ("mx.tls-1-2-ccm8-only.test", ("-tls1_2", *_WEAKEST), "Cipher is AES256-CCM8"),
        ("mx.tls-1-3-ccm-only.test", (), "alert handshake failure"),
        (
            "mx.tls-1-3-ccm-only.test",
            ("-ciphersuites", "TLS_AES_128_CCM_SHA256"),
            "Cipher is TLS_AES_128_CCM_SHA256",
        ),
        ("mx.ffdhe4096-only.test", ("-groups", "ffdhe4096"), f"{temp_key()}: DH, 4096 bits"),
        ("mx.ml-kem-only.test", ("-groups", "X25519:P-256:ffdhe2048"), "alert handshake failure"),
        ("mx.hello-512-closes.test", ("-tls1_3",), "Verify return code: 0"),
        ("mx.hello-512-closes.test", ("-tls1_3", *_LONG_HELLO), "Cipher is (NONE)"),
        ("mx.client-certificate-close.test", (), "Requested Signature Algorithms"),
        ("mx.tls-garbage.test", (), "wrong version number"),
        ("mx.tls-text.test", (), "wrong version number"),
        ("mx.no-starttls.test", (), "Didn't find STARTTLS"),
        ("mx.starttls-masked.test", (), "Didn't find STARTTLS"),
    ],
)
def test_handshakes(lab: Lab, name: str, options: tuple[str, ...], said: str) -> None:
    assert said.lower() in s_client(lab, name, *options).lower()


def test_a_certificate_for_those_who_name_the_server(lab: Lab) -> None:
    address = f"{MAIL_SERVERS['mx.needs-sni.test'].address}:{lab.smtp_port}"
    command = ["openssl", "s_client", "-starttls", "smtp", "-connect", address]
    command += ["-CAfile", str(lab.ca_file), "-servername", "mx.needs-sni.test"]
    done = subprocess.run(command, input="QUIT\r\n", capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    assert "Verify return code: 0 (ok)" in done.stdout


@pytest.mark.parametrize(
    ("name", "version", "cipher"),
    [
        ("mx.ssl-3-only.test", 0x0300, 0x002F),
        ("mx.triple-des-only.test", 0x0303, 0x000A),
        ("mx.dh-512.test", 0x0303, 0x0033),
    ],
)
def test_flights_that_openssl_no_longer_answers(
    lab: Lab, name: str, version: int, cipher: int
) -> None:
    ciphers = cipher.to_bytes(2)
    body = version.to_bytes(2) + bytes(32) + b"\0" + b"\0\2" + ciphers + b"\1\0"
    hello = b"\1" + len(body).to_bytes(3) + body
    with connect(lab, name) as connection:
        for command in ("EHLO client.test", "STARTTLS"):
            connection.recv(4096)
            connection.sendall(f"{command}\r\n".encode())
        assert connection.recv(4096).startswith(b"220")
        connection.sendall(b"\x16\3\0" + len(hello).to_bytes(2) + hello)
        flight = connection.recv(65536)
    assert flight[:3] == b"\x16" + version.to_bytes(2)
    assert flight[9:11] == version.to_bytes(2)
    assert flight[44:46] == ciphers


@pytest.mark.parametrize(
    ("name", "commands", "said"),
    [
        ("mx.greeting-421.test", (), r"421 [^\n]*\n"),
        ("mx.greeting-554.test", ("QUIT",), r"554 [^\n]*\n221 [^\n]*\n"),
        ("mx.ehlo-421.test", ("EHLO client.test",), r"220 [^\n]*\n421 [^\n]*\n"),
        ("mx.http.test", (), r"HTTP/1\.1 400 .*"),
        ("mx.silent.test", (), r"\(nothing more\)"),
        (
            "mx.starttls-454.test",
            ("EHLO client.test", "STARTTLS", "QUIT"),
            r".*250-STARTTLS.*\n454 .*\n221 .*",
        ),
        (
            "mx.starttls-502.test",
            ("EHLO client.test", "STARTTLS", "QUIT"),
            r".*250-STARTTLS.*\n502 .*\n221 .*",
        ),
        (
            "mx.tls-hangs.test",
            ("EHLO client.test", "STARTTLS", "anything"),
            r".*\n220 [^\n]*\n\(nothing more\)",
        ),
        (
            "mx.starttls-injection.test",
            ("EHLO client.test", "STARTTLS", "no handshake"),
            r".*\n220 [^\n]*\n250 [^\n]* injected\r\n.*",
        ),
        ("mx.greeting-masked.test", ("QUIT",), r"220 \*+\r\n221 .*"),
        ("mx.greeting-bare.test", ("QUIT",), r"220\r\n221 .*"),
        ("mx.greeting-after-blank-line.test", ("QUIT",), r"\r\n220 [^\n]*\n221 .*"),
        (
            "mx.offer-after-blank.test",
            ("EHLO client.test", "QUIT"),
            r".*\n250- STARTTLS\r\n.*",
        ),
        (
            "mx.offer-before-tab.test",
            ("EHLO client.test", "QUIT"),
            r".*\n250-STARTTLS\t\r\n.*",
        ),
        ("mx.offer-lower-case.test", ("EHLO client.test", "QUIT"), r".*\n250-starttls\r\n.*"),
        ("mx.nul-bytes.test", ("EHLO client.test", "QUIT"), r"220 [^\n]*\0.*\n250-[^\n]*\0.*"),
        (
            "mx.offer-after-long-line.test",
            ("EHLO client.test", "QUIT"),
            r".*\n250-[^\n]{2048,}\n250-STARTTLS\r\n.*",
        ),
        ("mx.hostile-text.test", ("QUIT",), r"220 .*<script>.*\x1b.*\u202e.*"),
        ("mx.greeting-slow.test", ("QUIT",), r"220-[^\n]*\n220-[^\n]*\n220 [^\n]*\n221 .*"),
    ],
)
def test_conversations(lab: Lab, name: str, commands: tuple[str, ...], said: str) -> None:
    assert re.fullmatch(said, dialogue(lab, name, *commands), re.DOTALL)


def test_a_reset(lab: Lab) -> None:
    with pytest.raises(ConnectionResetError):
        dialogue(lab, "mx.connection-reset.test")


def test_nobody_listens(lab: Lab) -> None:
    with pytest.raises(ConnectionRefusedError):
        connect(lab, "mx.connection-refused.test")


def test_an_endless_greeting(lab: Lab) -> None:
    with connect(lab, "mx.endless-greeting.test") as connection:
        seen = b""
        while len(seen) < 200_000:
            seen += connection.recv(65536)
    assert all(line.startswith(b"220-") for line in seen.splitlines()[:-1])


def test_a_line_of_64_megabytes(lab: Lab) -> None:
    size, line_ends = 0, 0
    with connect(lab, "mx.endless-line.test") as connection:
        while chunk := connection.recv(1 << 20):
            size += len(chunk)
            line_ends += chunk.count(b"\n")
    assert size > 64 * 10**6
    assert line_ends == 0


def test_one_byte_a_second(lab: Lab) -> None:
    begun = time.monotonic()
    with connect(lab, "mx.one-byte-a-second.test") as connection:
        seen = [connection.recv(4096) for _ in range(3)]
    assert seen == [b"2", b"2", b"0"]
    assert time.monotonic() - begun > 1.9


def test_held_replies(lab: Lab) -> None:
    begun = time.monotonic()
    dialogue(lab, "mx.held-replies.test", "EHLO client.test", "QUIT")
    assert time.monotonic() - begun >= 3 * 0.05


def test_what_clients_did_is_counted(lab: Lab) -> None:
    for name in ("mx.no-starttls.test", "mx.starttls-masked.test"):
        before = lab.traffic(name)
        dialogue(lab, name, "EHLO client.test", "QUIT")
        deadline = time.monotonic() + 5
        while lab.traffic(name).commands["QUIT"] == before.commands["QUIT"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        after = lab.traffic(name)
        assert after.connections == before.connections + 1
        assert after.commands - before.commands == {"EHLO": 1, "QUIT": 1}


def test_signed_answers_are_validated(lab: Lab) -> None:
    answer = ask(lab, "healthy.test", "MX")
    assert answer.flags & dns.flags.AD
    assert data(answer, "MX") == ["10 mx.healthy.test."]
    assert data(ask(lab, "mx.healthy.test", "A"), "A") == [
        str(MAIL_SERVERS["mx.healthy.test"].address)
    ]


def test_an_unsigned_zone_is_answered_without_validation(lab: Lab) -> None:
    answer = ask(lab, "unsigned.test", "MX")
    assert data(answer, "MX") == ["10 mx.unsigned.test."]
    assert not answer.flags & dns.flags.AD


def test_a_bogus_zone_is_answered_only_with_checking_disabled(lab: Lab) -> None:
    assert ask(lab, "dnssec-bogus.test", "MX").rcode() == dns.rcode.SERVFAIL
    unchecked = ask(lab, "dnssec-bogus.test", "MX", dns.flags.CD)
    assert data(unchecked, "MX") == ["10 mx.dnssec-bogus.test."]


def test_a_lame_zone_fails_in_any_case(lab: Lab) -> None:
    assert ask(lab, "dns-lame.test", "MX").rcode() == dns.rcode.SERVFAIL
    assert ask(lab, "dns-lame.test", "MX", dns.flags.CD).rcode() == dns.rcode.SERVFAIL


def test_a_dead_zone_is_never_answered(lab: Lab) -> None:
    with pytest.raises(dns.exception.Timeout):
        ask(lab, "dns-dead.test", "MX")


def test_a_domain_that_does_not_exist(lab: Lab) -> None:
    answer = ask(lab, "does-not-exist.test", "MX")
    assert answer.rcode() == dns.rcode.NXDOMAIN
    assert answer.flags & dns.flags.AD


@pytest.mark.parametrize(
    ("domain", "servers"),
    [
        ("null-mx.test", ["0 ."]),
        ("null-mx-and-mx.test", ["0 .", "10 mx.null-mx-and-mx.test."]),
        ("mx-ip-address.test", ["10 192.0.2.1."]),
        ("cname-mx.test", ["10 mx.cname-mx.test."]),
        ("implicit-mx.test", []),
        ("no-mail-server.test", []),
        ("first-expired.test", ["10 mx1.first-expired.test.", "20 mx2.first-expired.test."]),
        (
            "equal-preference.test",
            ["10 mx1.equal-preference.test.", "10 mx2.equal-preference.test."],
        ),
    ],
)
def test_mail_servers_of_a_domain(lab: Lab, domain: str, servers: list[str]) -> None:
    assert data(ask(lab, domain, "MX"), "MX") == servers


def test_two_addresses_of_one_name(lab: Lab) -> None:
    name = "mx.second-address-starttls-502.test"
    addresses = [MAIL_SERVERS[name].address, MAIL_SERVERS[f"{name}-2"].address]
    assert data(ask(lab, name, "A"), "A") == sorted(map(str, addresses))
    assert verification(lab, name) == 0
    said = dialogue(lab, f"{name}-2", "EHLO client.test", "STARTTLS", "QUIT")
    assert re.search(r"\n502 ", said)


def test_a_name_that_is_denied_and_has_an_address(lab: Lab) -> None:
    assert ask(lab, "mx-denied.test", "MX").rcode() == dns.rcode.NXDOMAIN
    assert data(ask(lab, "mx-denied.test", "A"), "A") == [
        str(MAIL_SERVERS["mx-denied.test"].address)
    ]


def test_many_mail_servers(lab: Lab) -> None:
    assert len(data(ask(lab, "many-servers.test", "MX"), "MX")) == 31


def test_addresses_that_no_mail_server_has(lab: Lab) -> None:
    assert data(ask(lab, "mx.mx-without-address.test", "A"), "A") == []
    assert data(ask(lab, "mx.mx-localhost.test", "A"), "A") == ["127.0.0.1"]
    private = data(ask(lab, "mx.mx-private-address.test", "A"), "A")
    assert [IPv4Address(address).is_private for address in private] == [True]


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("mx.dane-self-signed.test", ["3 1 1"]),
        ("mx.dane-whole-certificate.test", ["3 0 2"]),
        ("mx.dane-undigested.test", ["3 1 0"]),
        ("mx.dane-rollover.test", ["3 1 1", "3 1 1"]),
        ("mx.dane-unusable.test", ["0 0 1", "1 1 1", "3 1 9"]),
        ("mx.dane-alias-target.test", ["3 1 1"]),
        ("target.dane-alias-target.test", ["3 1 1"]),
        ("mx.dane-alias.test", ["3 1 1"]),
        ("target.dane-alias.test", []),
    ],
)
def test_dane_records(lab: Lab, name: str, records: list[str]) -> None:
    for port in (25, lab.smtp_port):
        answer = ask(lab, f"_{port}._tcp.{name}", "TLSA")
        assert answer.flags & dns.flags.AD
        assert [record[:5] for record in data(answer, "TLSA")] == records


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mx.dane-self-signed.test", 0),
        ("mx.dane-whole-certificate.test", 0),
        ("mx.dane-undigested.test", 0),
        ("mx.dane-expired.test", 0),
        ("mx.dane-wrong-name.test", 0),
        ("mx.dane-rollover.test", 0),
        ("mx.dane-mixed.test", 0),
        ("mx.dane-issuer.test", 0),
        ("mx.dane-issuer-key.test", 0),
        ("mx.dane-issuer-expired.test", 10),
        ("mx.dane-issuer-wrong-name.test", 62),
        ("mx.dane-mismatch.test", 65),
        ("mx.dane-mixed-mismatch.test", 65),
        ("mx.dane-authority-is-leaf.test", 20),
        ("mx.dane-stronger-digest-wrong.test", 65),
        ("mx.dane-weaker-digest-wrong.test", 0),
        ("mx.dane-other-selector-wrong.test", 0),
        ("mx.dane-issuer-key-not-sent.test", 0),
        ("mx.dane-issuer-key-digest-not-sent.test", 21),
        ("mx.dane-rsa-pss.test", 0),
        ("mx.dane-compressed.test", 0),
    ],
)
def test_dane_certificates(lab: Lab, name: str, code: int) -> None:
    records = data(ask(lab, f"_25._tcp.{name}", "TLSA"), "TLSA")
    usable = [("-dane_tlsa_rrdata", record) for record in records if record[0] in "23"]
    options = ("-dane_tlsa_domain", name, "-dane_ee_no_namechecks", *chain(*usable))
    assert verification(lab, name, *options) == code


def test_dane_in_an_unsigned_zone(lab: Lab) -> None:
    answer = ask(lab, "_25._tcp.mx.dane-unsigned.test", "TLSA")
    assert data(answer, "TLSA")
    assert not answer.flags & dns.flags.AD


def test_dane_with_a_bogus_signature(lab: Lab) -> None:
    name = "_25._tcp.mx.dane-bogus.test"
    assert ask(lab, name, "TLSA").rcode() == dns.rcode.SERVFAIL
    assert data(ask(lab, name, "TLSA", dns.flags.CD), "TLSA")
    assert ask(lab, "dane-bogus.test", "MX").flags & dns.flags.AD


def fetch(lab: Lab, domain: str) -> http.client.HTTPResponse:
    """What the web server says that is to have a domain's MTA-STS policy."""
    host = f"mta-sts.{domain}"
    (address,) = data(ask(lab, host, "A"), "A")
    context = ssl.create_default_context(cafile=lab.ca_file)
    with socket.create_connection((address, 443), timeout=1) as plain:
        connection = http.client.HTTPSConnection(host)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        try:
            connection.request("GET", "/.well-known/mta-sts.txt")
            return connection.getresponse()
        finally:
            connection.close()


@pytest.mark.parametrize(
    ("domain", "status", "text"),
    [
        (
            "sts-enforce.test",
            200,
            r"version: STSv1\r\nmode: enforce\r\nmx: mx\.sts-enforce\.test\r.*",
        ),
        ("sts-testing.test", 200, r".*mode: testing\r\n.*"),
        ("sts-none.test", 200, r".*mode: none\r\n.*"),
        ("sts-line-feeds.test", 200, r"[^\r]*"),
        ("sts-missing.test", 404, r".*"),
        ("sts-redirect.test", 301, r".*"),
        ("sts-too-large.test", 200, r".{65537,}"),
    ],
)
def test_policies(lab: Lab, domain: str, status: int, text: str) -> None:
    response = fetch(lab, domain)
    assert response.status == status
    assert re.fullmatch(text, response.read().decode(), re.DOTALL)


@pytest.mark.parametrize(
    ("domain", "error"),
    [
        ("sts-self-signed.test", "self-signed certificate"),
        ("sts-web-expired.test", "certificate has expired"),
        ("sts-web-wrong-name.test", "Hostname mismatch"),
        ("sts-hangs.test", "timed out"),
        ("sts-no-web-server.test", "Connection refused"),
    ],
)
def test_policies_that_cannot_be_fetched(lab: Lab, domain: str, error: str) -> None:
    with pytest.raises(OSError, match=error):
        fetch(lab, domain)


def test_mta_sts_records(lab: Lab) -> None:
    assert data(ask(lab, "_mta-sts.sts-two-records.test", "TXT"), "TXT") == [
        '"v=STSv1; id=1;"',
        '"v=STSv1; id=2;"',
    ]


def test_ipv6(lab: Lab) -> None:
    assert data(ask(lab, "mx.ipv6-only.test", "AAAA"), "AAAA") == [str(IPV6)]
    running = [host for host in RUNNING if host.address == IPV6]
    assert [host.name for host in running] == ["mx.ipv6-only.test"] * HAS_IPV6
    for host in running:
        with socket.create_connection((str(IPV6), lab.smtp_port), timeout=2) as connection:
            assert connection.recv(4096).startswith(f"220 {host.name} ".encode())


def test_nothing_outside_is_asked(lab: Lab) -> None:
    assert ask(lab, "example.com", "MX").rcode() == dns.rcode.REFUSED


def test_a_port_in_use_is_named(lab: Lab) -> None:
    with (
        pytest.raises(LabError, match=f"port {lab.smtp_port} at 127\\.25\\.0\\.10: "),
        Lab(smtp_port=lab.smtp_port, dns_port=0),
    ):
        pass


@dataclass(frozen=True, slots=True)
class Started:
    """A lab that runs as a program of its own."""

    program: "subprocess.Popen[str]"
    folder: Path
    ports: set[int]

    def end(self, how: signal.Signals | None) -> None:
        """End it by a signal, or by closing its input."""
        if how:
            os.kill(self.program.pid, how)
        elif self.program.stdin:
            self.program.stdin.close()
        self.program.wait(timeout=60)

    def left(self) -> list[object]:
        """What is still there of it."""
        ports = {port for _, port in listening()} & self.ports
        return [*processes_of(self.folder), *ports]


def started(program: "subprocess.Popen[str]") -> Started:
    """The lab, once it is ready."""
    assert program.stdout
    ready = json.loads(program.stdout.readline())
    ports = {ready["smtp_port"], int(ready["resolver"].split(":")[1])}
    return Started(program, Path(ready["ca_file"]).parent, ports)


@pytest.mark.programs
def test_nothing_is_left() -> None:
    # Whoever was started in the background ignores Ctrl-C, and so does what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "tests.lab", "run", "--smtp-port", "0", "--dns-port", "0"]
    ends = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL, None)
    with ExitStack() as stack:
        programs = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - fixed arguments
                    command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in ends
        ]
        # They start side by side, for each waits most of the time.
        labs = dict(zip(ends, map(started, programs), strict=True))
        for end, lab in labs.items():
            assert {port for _, port in listening()} >= lab.ports
            assert processes_of(lab.folder)
            lab.end(end)
            deadline = time.monotonic() + 5
            while lab.left():
                assert time.monotonic() < deadline, (end, lab.left())
                time.sleep(0.05)
            assert str(lab.folder) not in Path("/proc/mounts").read_text(), end
            # Whoever is killed cannot clear up: the next one does.
            if end is signal.SIGKILL:
                with Lab(smtp_port=0, dns_port=0):
                    pass
            assert not lab.folder.exists(), end


def processes_of(folder: Path) -> list[str]:
    """The processes whose working directory or arguments lie in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_text()
            place = str((process / "cwd").readlink())
        except OSError:
            continue
        if str(folder) in arguments + place:
            found.append(process.name)
    return found
