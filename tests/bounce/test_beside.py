"""What only stands beside a reason never becomes the reason: headers, settings, transcripts."""

import pytest

from checker.bounce import read

REASONS = {
    "<anna@example.org>: 552 5.2.2 mailbox full": "not-tls",
    "anna@example.org: connection timed out while talking to mx.example.org": "connection-timeout",
    "<anna@example.org>: 550 5.1.1 user unknown": "not-tls",
    "<anna@example.org>: connect to mx.example.org[192.0.2.7]:25: Connection refused": (
        "connection-failed"
    ),
    "<anna@example.org>: Server certificate not trusted; certificate has expired": (
        "certificate-expired"
    ),
    "<anna@example.org>: TLS is required, but was not offered by host mx.example.org[192.0.2.7]": (
        "starttls-not-supported"
    ),
}
"""A reason as a server or a program gives it -> what it is."""

BESIDE = {
    "a header that lost its blanks": (
        "Received: from desk.example.net (desk.example.net [198.51.100.4])\n"
        "(using TLSv1.3 with cipher TLS_AES_128_GCM_SHA256 (128/128 bits))\n"
        "(No client certificate requested)\n"
        "by out.example.net (Postfix) with ESMTPSA id 4ABC\n"
        "for <anna@example.org>; Tue,  2 Dec 2025 08:00:00 +0100 (CET)"
    ),
    "a header of another server": (
        "Received: from out.example.net by in.example.org with ESMTPS id 7\n"
        "(version=TLSv1.2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128 verify=FAIL)"
    ),
    "a wish of the sender (RFC 8689)": "TLS-Required: No",
    "a mail program's own setting": "Port: 587, Secure(SSL): Yes",
    "a setting of a web program": "MAIL_ENCRYPTION=tls\nMAIL_PORT=587",
    "a setting of Django's": "EMAIL_USE_TLS = True",
    "a field of a sending service": '"tls": true, "certificate-verified": true',
    "a field of a log": "tls_cipher=TLS_AES_256_GCM_SHA384 tls_protocol=TLSv1.3",
}


@pytest.mark.parametrize("aside", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("quoted", ["", "> "], ids=["plain", "quoted"])
def test_the_reason_is_what_is_told(reason: str, aside: str, quoted: str) -> None:
    for text in (f"{reason}\n\n{aside}", f"{aside}\n\n{reason}"):
        lines = "\n".join(f"{quoted}{line}".rstrip() for line in text.split("\n"))
        (first, *_) = read(lines)
        assert first.problems[0].id == REASONS[reason], text


@pytest.mark.parametrize("aside", BESIDE.values(), ids=BESIDE)
def test_without_a_reason_there_is_none(aside: str) -> None:
    (first, *_) = read(f"My mail to anna@example.org did not arrive.\n\n{aside}")
    assert first.problems[0].id in {"cause-not-stated", "not-tls"}


TRANSCRIPT = """CONNECTED(00000003)
---
Certificate chain
 0 s:CN = mx.example.org
   i:CN = Example CA
---
{before}
No client certificate CA names sent
Peer signing digest: SHA256
Server Temp Key: X25519, 253 bits
---
SSL handshake has read 4711 bytes and written 400 bytes
Secure Renegotiation IS NOT supported
Compression: NONE
Early data was not sent
{after}
"""


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("", "Verify return code: 0 (ok)\n250 SMTPUTF8", {"cause-not-stated", "no-problem-found"}),
        (
            "verify error:num=10:certificate has expired",
            "Verify return code: 10 (certificate has expired)",
            {"certificate-expired"},
        ),
        (
            "verify error:num=18:self-signed certificate",
            "Verify return code: 18 (self-signed certificate)",
            {"certificate-self-signed"},
        ),
        (
            "error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version",
            "",
            {"tls-version"},
        ),
        (
            "error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required",
            "",
            {"tls-client-certificate-required"},
        ),
    ],
)
def test_a_transcript_tells_what_failed_in_it_and_nothing_else(
    before: str, after: str, problem: set[str]
) -> None:
    (first, *_) = read(TRANSCRIPT.format(before=before, after=after))
    assert first.problems[0].id in problem


@pytest.mark.parametrize(
    "text",
    [
        "<anna@example.org>: 523 Encryption needed: the message is not encrypted",
        "550 5.7.1 anna@example.org accepts only S/MIME encrypted messages",
        "554 5.7.1 the S/MIME signer's certificate is not trusted",
        "550 5.7.1 your message must be encrypted with PGP",
    ],
)
def test_the_encryption_of_a_message_is_not_that_of_the_way(text: str) -> None:
    (first, *_) = read(text)
    problem = first.problems[0]
    assert (problem.id, problem.kind) == ("not-tls", "policy")
