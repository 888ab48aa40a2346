"""Headers, transcripts and settings beside a reason change nothing of what is read from it."""

import re
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.bounce import read
from checker.bounce.asides import OMITTED, without_asides
from checker.bounce.asides.headers import HEADERS
from checker.bounce.asides.phrases import compiled
from checker.bounce.asides.possibilities import POSSIBILITIES
from checker.bounce.asides.practice import PRACTICE
from checker.bounce.asides.settings import UNSIGNED
from checker.bounce.asides.transcripts import TRANSCRIPTS
from checker.bounce.patterns import literals_in
from checker.bounce.rules.rule import lower

ASIDES = [
    text.strip("\n")
    for texts in tomllib.loads(Path(__file__).with_name("asides.toml").read_text("utf-8")).values()
    for text in texts
]

REASONS = {
    "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown": "not-tls",
    "Grund: Das Postfach von anna@example.org ist voll": "not-tls",
    "554 5.7.1 Message refused, your address is on a blocklist": "not-tls",
    "535 5.7.8 Error: authentication failed": "not-tls",
    "<anna@example.org>: connect to mx.example.org[192.0.2.7]:25: Connection timed out": (
        "connection-timeout"
    ),
    "ConnectionRefusedError: [Errno 111] Connection refused": "connection-failed",
    "Error: connect ETIMEDOUT 192.0.2.7:587": "connection-timeout",
    "A mail to anna@example.org could not be delivered.": "cause-not-stated",
    "TLS is required, but was not offered by host mx.example.org[192.0.2.7]": (
        "starttls-not-supported"
    ),
    "Server certificate not trusted": "certificate-not-verified",
    "verify error:num=10:certificate has expired": "certificate-expired",
    "error:0A00042E:SSL routines::tlsv1 alert protocol version": "tls-version",
    "error:0A00045C:SSL routines::tlsv13 alert certificate required": (
        "tls-client-certificate-required"
    ),
    "530 5.7.0 Must issue a STARTTLS command first": "receiver-requires-tls",
    "454 4.7.0 TLS not available due to local problem": "starttls-failed",
    "Cannot start TLS: handshake failure": "tls-handshake-failed",
}


def _quoted(text: str) -> str:
    return "Hello,\n\n" + "".join(f"> {line}\n" for line in text.split("\n"))


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, 64, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


FORMS: dict[str, Callable[[str, str], str]] = {
    "above": lambda reason, aside: f"{reason}\n\n{aside}",
    "below": lambda reason, aside: f"{aside}\n\n{reason}",
    "right above": lambda reason, aside: f"{reason}\n{aside}",
    "quoted": lambda reason, aside: _quoted(f"{aside}\n\n{reason}"),
    "wrapped": lambda reason, aside: _wrapped(f"{reason}\n\n{aside}"),
}


def _first(text: str) -> str:
    return read(text)[0].problems[0].id


@pytest.mark.parametrize("aside", ASIDES, ids=lambda aside: aside[:50])
def test_reason_counts_and_no_aside(aside: str) -> None:
    wrong = [
        (form, reason, found)
        for reason, expected in REASONS.items()
        for form, put in FORMS.items()
        if (found := _first(put(reason, aside))) != expected
    ]
    assert not wrong


def test_no_aside_alone_names_a_cause() -> None:
    found = {aside: _first(aside) for aside in ASIDES}
    assert {
        one: id_ for one, id_ in found.items() if id_ not in {"cause-not-stated", "not-tls"}
    } == {}


def test_lost_line_ends_make_no_cause_of_an_aside() -> None:
    found = {
        aside: _first(f"552 5.2.2 Mailbox full. {' '.join(aside.split())}") for aside in ASIDES
    }
    assert {one: id_ for one, id_ in found.items() if id_ != "not-tls"} == {}


@pytest.mark.parametrize(
    "fault",
    [
        "STARTTLS: no shared cipher",
        "TLS: required but not offered",
        "SSL: TLS handshake failed",
        "550 TLS required: yes",
        "cert_expired=true",
        "starttls_supported=false",
        "certificate valid: no",
        '"tls_error":"certificate verify failed"',
        "unsupported protocol: TLSv1",
        "Required TLS version: TLSv1.2",
        "ssl: javax.net.ssl.SSLHandshakeException: Received fatal alert",
        "ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)",
        "error:1409442E:SSL routines:ssl3_read_bytes:tlsv1\nalert protocol version",
        "H=mx.client-certificate.test [192.0.2.7]: TLS session: error on first read",
        "STARTTLS=client, relay=mx.example.org., verify=FAIL",
        "New, (NONE), Cipher is (NONE)",
        "Verify return code: 10 (certificate has expired)",
        "=== TLS peer certificate failed CA verification (self-signed certificate)",
        "- Status: The certificate is NOT trusted. The certificate issuer is unknown.",
        "* TLSv1.3 (OUT), TLS alert, unknown CA (560):",
        "C: STARTTLS\nS: 454 TLS not available",
        "554 5.7.1 no client certificate presented",
        "550 5.7.1 We use TLS 1.2 or higher only",
        "We only accept TLS 1.2 or better",
        "certificate is valid for mx.example.net, not mx.example.org",
        "Das Zertifikat ist gültig ab morgen",
        "Das Zertifikat ist nicht gültig",
        "How do I set up a server that says 'certificate has expired'?",
        "Wie stelle ich den Fehler ab, dass TLS 1.2 nicht unterstützt wird?",
    ],
)
def test_fault_is_no_aside(fault: str) -> None:
    assert without_asides(fault) == fault


def test_what_was_left_out_shows_in_the_quotation() -> None:
    (report,) = read("Port: 25, Secure(SSL): No, Socket Error: 10060")
    assert report.problems[0].evidence["text"] == f"Port: 25, {OMITTED}, Socket Error: 10060"


def test_wordings_repeat_a_bounded_number_of_times_only() -> None:
    for wording in (*HEADERS, *TRANSCRIPTS, *POSSIBILITIES, *PRACTICE, *UNSIGNED):
        outside_of_sets = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", wording)
        assert not re.search(r"[*+]", outside_of_sets), wording


def test_no_wording_is_ruled_out_where_it_stands() -> None:
    for text in map(lower, ASIDES):
        for wording in (*HEADERS, *TRANSCRIPTS, *POSSIBILITIES, *PRACTICE, *UNSIGNED):
            if compiled(wording).search(text):
                assert all(literal in text for literal in literals_in(wording)), wording
