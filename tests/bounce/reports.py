"""Reports written after the formats of the mail servers, and what each says.

A row: the text, the recipient, the host, the problems' beginning, the kind.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One report and what is to be read from it."""

    name: str
    text: str
    problems: tuple[str, ...]
    recipient: str | None = None
    host: str | None = None
    kind: str | None = None


def _dsn(
    fields: str, human: str, original: str = "Subject: Invoice\n\nThe TLS handshake failed"
) -> str:
    return f"""\
Return-Path: <>
Received: from mx.sender.test by mail.sender.test (using TLSv1.2 with cipher X)
\tfor <bert@sender.test>; Mon, 2 Nov 2026 10:00:00 +0100
From: MAILER-DAEMON@sender.test
To: bert@sender.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_a/b"

--=_a/b
Content-Type: text/plain; charset=utf-8

{human}

--=_a/b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.sender.test
Arrival-Date: Mon, 2 Nov 2026 09:00:00 +0100

{fields}

--=_a/b
Content-Type: message/rfc822

From: bert@sender.test
To: anna@example.org
{original}: certificate has expired
--=_a/b--
"""


CASES = (
    Case(
        "postfix, not offered",
        _dsn(
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 4.7.4\n"
            "Diagnostic-Code: X-Postfix; TLS is required, but was not offered by host\n"
            "    mx.example.org[192.0.2.1]",
            "<anna@example.org>: TLS is required, but was not offered by host\n"
            "    mx.example.org[192.0.2.1]",
        ),
        ("starttls-not-supported",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "postfix, ambiguous certificate",
        _dsn(
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 4.7.5\n"
            "Diagnostic-Code: X-Postfix; Server certificate not verified",
            "<anna@example.org>: Server certificate not verified",
        ),
        ("certificate-not-verified", "certificate-expired"),
        "anna@example.org",
    ),
    Case(
        "postfix, reply to RCPT that mentions TLS",
        _dsn(
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n"
            "Remote-MTA: dns; mx.example.org\n"
            "Diagnostic-Code: smtp; 550 5.1.1 no such user, TLS handshake failed earlier",
            "<anna@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 no such user,\n"
            "    TLS handshake failed earlier (in reply to RCPT TO command)",
        ),
        ("not-tls",),
        "anna@example.org",
        "mx.example.org",
        "unknown-user",
    ),
    Case(
        "postfix, reply to MAIL that is about TLS",
        "<anna@example.org>: host mx.example.org[192.0.2.1] said: 530 5.7.0 Must issue a\n"
        "    STARTTLS command first (in reply to MAIL FROM command)",
        ("receiver-requires-tls",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "postfix log, general status with its reason in the line before",
        "postfix/smtp[9]: SSL_connect error to mx.example.org[192.0.2.1]:25: -1\n"
        "postfix/smtp[9]: warning: TLS library problem: error:0A00018A:SSL routines::dh key too"
        " small:ssl/x.c:1:\n"
        "postfix/smtp[9]: 4F1: to=<anna@example.org>, relay=mx.example.org[192.0.2.1]:25,"
        " delay=1, dsn=4.7.5, status=deferred (Cannot start TLS: handshake failure)",
        ("tls-weak-key",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "postfix log, sent",
        "postfix/smtp[9]: 4F1: to=<anna@example.org>, relay=mx.example.org[192.0.2.1]:25,"
        " dsn=2.0.0, status=sent (250 2.0.0 Ok)",
        ("no-problem-found",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "exim, cause only in X-Exim-Diagnostic",
        _dsn(
            "Action: failed\nFinal-Recipient: rfc822;anna@example.org\nStatus: 5.0.0\n"
            "X-Exim-Diagnostic: X-str; a TLS session is required, but the server did not offer"
            " TLS support",
            "This message was created automatically by mail delivery software.\n\n"
            "  anna@example.org\n    host mx.example.org [192.0.2.1]",
        ),
        ("starttls-not-supported",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "exim, gave up",
        "A message that you sent could not be delivered to one or more of its recipients.\n\n"
        "  anna@example.org\n    retry timeout exceeded\n\n"
        "------ This is a copy of the message, including all the headers. ------\n"
        "certificate has expired",
        ("cause-not-stated",),
        "anna@example.org",
    ),
    Case(
        "exim, reply after end of data",
        "  anna@example.org\n"
        "    SMTP error from remote mail server after end of data:\n"
        "    host mx.example.org [192.0.2.1]: 552 5.3.4 message exceeds fixed size, no TLS session",
        ("not-tls",),
        "anna@example.org",
        "mx.example.org",
        "size",
    ),
    Case(
        "exim log",
        "2026-11-02 10:00:00 1abc-00-01 == anna@example.org R=dnslookup T=remote_smtp defer (-37)"
        " H=mx.example.org [192.0.2.1]: TLS session: (certificate verification failed):"
        " certificate has expired",
        ("certificate-expired",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "qmail, glued",
        "<anna@example.org>:\nTLS connect failed: error:0A000102:SSL routines::unsupported"
        " protocolZConnected to 192.0.2.1 but connection died. (#4.4.2)",
        ("tls-version",),
        "anna@example.org",
    ),
    Case(
        "qmail, recipient not liked",
        "Hi. This is the qmail-send program at sender.test.\n\n<anna@example.org>:\n"
        "192.0.2.1 does not like recipient.\nRemote host said: 550 sorry, tls handshake\n"
        "Giving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\n"
        "certificate has expired",
        ("not-tls",),
        "anna@example.org",
        None,
        "other",
    ),
    Case(
        "sendmail, transcript",
        "   ----- The following addresses had permanent fatal errors -----\n"
        "<anna@example.org>\n    (reason: 550 5.7.1 rejected)\n\n"
        "   ----- Transcript of session follows -----\n"
        "... while talking to mx.example.org.:\n"
        ">>> RCPT To:<anna@example.org>\n<<< 550 5.7.1 listed by a blacklist\n"
        "550 5.1.1 <anna@example.org>... TLS handshake failed.",
        ("not-tls",),
        "anna@example.org",
        "mx.example.org",
        "spam",
    ),
    Case(
        "sendmail, handshake",
        "   ----- Transcript of session follows -----\n"
        "<anna@example.org>... Deferred: 403 4.7.0 TLS handshake failed.",
        ("tls-handshake-failed",),
        "anna@example.org",
    ),
    Case(
        "exchange online, only the inner cause counts",
        _dsn(
            "Final-Recipient: rfc822;anna@example.org\nAction: failed\nStatus: 5.4.317\n"
            "Diagnostic-Code: smtp;550 5.4.317 Message expired, cannot connect to remote server",
            "anna@example.org\nRemote server returned '550 5.4.317 Message expired'\n"
            "Reason: [{LED=450 4.4.317 Cannot connect to remote server"
            " [Message=UntrustedRoot] [LastAttemptedServerName=mx.example.org]}]",
        ),
        ("certificate-not-trusted",),
        "anna@example.org",
        "mx.example.org",
    ),
    Case(
        "exchange, german",
        "Fehler bei der Nachrichtenzustellung an folgende Empf\xe4nger oder Gruppen:\n\n"
        "anna@example.org\nIhre Nachricht konnte nicht zugestellt werden.\n\n"
        "Diagnoseinformationen f\xfcr Administratoren:\n\n"
        "Das Remotezertifikat ist laut Validierungsverfahren ung\xfcltig.\n\n"
        "Urspr\xfcngliche Nachrichtenkopfzeilen:\n\ncertificate has expired",
        ("certificate-invalid",),
        "anna@example.org",
    ),
    Case(
        "gmail",
        "Address not found\n\nYour message wasn't delivered to anna@example.org because the"
        " address couldn't be found.\n\nThe response was:\n\n550 5.1.1 no such account",
        ("not-tls",),
        "anna@example.org",
        None,
        "unknown-user",
    ),
    Case(
        "opensmtpd",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n"
        "anna@example.org: TLS required but not supported by remote host\n",
        ("starttls-not-supported",),
        "anna@example.org",
    ),
    Case(
        "opensmtpd, gave up",
        "anna@example.org: Envelope expired",
        ("cause-not-stated",),
        "anna@example.org",
    ),
    Case(
        "haraka",
        _dsn(
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.0.0",
            "I'm sorry, I wasn't able to deliver:\n<anna@example.org>: Tried all MXs",
        ),
        ("cause-not-stated",),
        "anna@example.org",
    ),
    Case(
        "courier",
        "<anna@example.org>:\n    mx.example.org [192.0.2.1]:\n>>> RCPT TO:<anna@example.org>\n"
        "<<< 452 over quota\n",
        ("not-tls",),
        "anna@example.org",
        None,
        "mailbox-full",
    ),
    Case(
        "kumomta",
        '{"type":"Bounce","recipient":"anna@example.org","response":{"code":550,'
        '"content":"user unknown, TLS error","command":"RCPT TO:<anna@example.org>"}}',
        ("not-tls",),
        "anna@example.org",
        None,
        "unknown-user",
    ),
    Case(
        "stalwart",
        "<anna@example.org> (host 'mx.example.org' rejected by DANE: DANE failed to authenticate)",
        ("tlsa-invalid",),
        "anna@example.org",
    ),
    Case(
        "zonemta",
        "anna@example.org: 454 4.7.0 SSL Error: DEPTH_ZERO_SELF_SIGNED_CERT",
        ("certificate-self-signed",),
        "anna@example.org",
    ),
    Case(
        "postal",
        "An SSL error occurred (SSL_connect returned=1 errno=0 state=error: no shared cipher)",
        ("tls-cipher",),
    ),
    Case(
        "james",
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
        ("certificate-not-trusted",),
    ),
    Case(
        "maddy",
        "Status: 4.7.1\nFinal-Recipient: rfc822; anna@example.org\nDiagnostic-Code: smtp; 451 4.7.1"
        " TLS is required but unavailable or failed (MTA-STS)",
        ("sts-webpki-invalid",),
        "anna@example.org",
    ),
    Case(
        "hmailserver",
        "   Recipient: anna@example.org\n   Error Type: SMTP\n"
        "   Error Description: Unable to find the recipient's email server. The DNS query has"
        " failed.",
        ("dns-failure",),
        "anna@example.org",
    ),
    Case(
        "go, not yet valid",
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid:"
        " current time 2026-11-02T10:00:00+01:00 is before 2026-12-01T00:00:00Z",
        ("certificate-not-yet-valid",),
    ),
    Case(
        "an alert in the log of the sending side is about the sender",
        "postfix/smtp[9]: SSL_connect error to mx.example.org[192.0.2.1]:25: -1\n"
        "postfix/smtp[9]: warning: TLS library problem: error:0A000412:SSL routines::sslv3 alert"
        " bad certificate:SSL alert number 42:",
        ("sender-tls-fault",),
        None,
        "mx.example.org",
    ),
    Case(
        "an alert in the log of the receiving side is about the receiver",
        "postfix/smtpd[9]: warning: TLS library problem: error:0A000415:SSL routines::sslv3 alert"
        " certificate expired:SSL alert number 45:",
        ("certificate-expired",),
    ),
    Case(
        "sslv3 in the name of an alert says nothing of versions",
        "error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40",
        ("tls-handshake-failed",),
    ),
    Case(
        "quota by status alone",
        _dsn(
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.2.2",
            "Your message could not be delivered.",
        ),
        ("not-tls",),
        "anna@example.org",
        None,
        "mailbox-full",
    ),
    Case(
        "delivered",
        _dsn(
            "Final-Recipient: rfc822; anna@example.org\nAction: delivered\nStatus: 2.0.0",
            "Your message was delivered.",
        ),
        ("no-problem-found",),
        "anna@example.org",
    ),
    Case(
        "the sender's domain is not the recipient's",
        "450 4.1.8 <bert@sender.test>: Sender address rejected: Domain not found",
        ("not-tls",),
        None,
        None,
        "policy",
    ),
    Case(
        "greeting",
        "host mx.example.org[192.0.2.1] refused to talk to me: 554 No service",
        ("greeting-refused",),
        None,
        "mx.example.org",
    ),
    Case("spanish", "El certificado ha caducado", ("certificate-expired",)),
    Case("portuguese", "O servidor remoto n\xe3o suporta STARTTLS", ("starttls-not-supported",)),
    Case("french", "bo\xeete aux lettres pleine", ("not-tls",), kind="mailbox-full"),
    Case(
        "japanese",
        "\u8a3c\u660e\u66f8\u306e\u6709\u52b9\u671f\u9650\u304c\u5207\u308c\u3066\u3044\u307e\u3059",
        ("certificate-expired",),
    ),
)
