"""The recipient's domain and the mail server, where a text names them in words of its own."""

import pytest

from checker.bounce import read


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        (
            "CONNFAIL domain=example.org local=out[0.0.0.0] error=Connection timed out",
            "example.org",
        ),
        (
            (
                "Network error when connecting to MX server mx1.example.org[192.0.2.7] for "
                "example.org: Connection refused"
            ),
            "example.org",
        ),
        (
            (
                "No SMTP servers were available for example.org. Tried mx1.example.org: "
                "SSL_connect returned=1 errno=0 state=error: dh key too small"
            ),
            "example.org",
        ),
        ("Sorry, I couldn't find any host named exmaple.org. (#5.1.2)", "exmaple.org"),
        ('{"event":"failed","domain":"example.org","error":"TLS handshake failed"}', "example.org"),
        ("Server certificate not trusted", None),
        ("smtp: mail for domain anna@example.org: TLS handshake failed", "example.org"),
    ],
)
def test_domain(text: str, domain: str | None) -> None:
    assert read(text)[0].domain == domain


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("TLS is required, but was not offered by host mx.muster.example", "mx.muster.example"),
        ("TLS is required, but was not offered by host mx.example.org.", "mx.example.org"),
        (
            "<anna@example.org> (TLS error from 'mail.example.org': I/O error: tls handshake eof)",
            "mail.example.org",
        ),
        ("host mx.example.org: TLS handshake failed", "mx.example.org"),
        ("This is the mail system at host out.sender.test.\n\nTLS handshake failed", None),
    ],
)
def test_host(text: str, host: str | None) -> None:
    assert read(text)[0].host == host


@pytest.mark.parametrize(
    "text",
    [
        "smtp_user=bert@sender.test error=certificate verify failed recipient=anna@example.org",
        "EMAIL_HOST_USER = bert@sender.test\nSMTPRecipientsRefused: {'anna@example.org': (550,)}",
        '{"user":"bert@sender.test","rcpt_to":"anna@example.org","error":"tls handshake failed"}',
    ],
)
def test_whoever_logs_in_is_no_recipient(text: str) -> None:
    assert read(text)[0].recipient == "anna@example.org"
