"""Reports in the forms in which people paste and drop them, and who failed for what."""

import base64
import quopri
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """A report, and of each recipient the address, the answer and the mail server."""

    name: str
    report: str | bytes
    expected: tuple[tuple[str | None, str, str | None], ...]


POSTFIX = """\
This is the mail system at host out.sender.test.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<anna@example.org>: TLS is required, but was not offered by host
    mx.example.org[192.0.2.7]
"""
_NOT_OFFERED = (("anna@example.org", "starttls-not-supported", "mx.example.org"),)

EXIM = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  anna@example.org
    host mx.example.org [192.0.2.7]
    a TLS session is required, but the server did not offer TLS support
"""

MULTIPART = """\
Return-Path: <>
X-Spam-Status: No, score=0.1
Received: from localhost by out.sender.test; Mon, 2 Nov 2026 10:00:00 +0100
From: MAILER-DAEMON@out.sender.test (Mail Delivery System)
To: bert@sender.test
Subject: Undelivered Mail Returned to Sender
Date: Mon, 2 Nov 2026 10:00:00 +0100
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4XkJ.1793/out.sender.test"

This is a MIME-encapsulated message.

--4XkJ.1793/out.sender.test
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host out.sender.test.

<anna@example.org>: {human}

--4XkJ.1793/out.sender.test
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; out.sender.test
X-Postfix-Queue-ID: 4XkJ
X-Postfix-Sender: rfc822; bert@sender.test
Arrival-Date: Mon, 2 Nov 2026 09:00:00 +0100

Final-Recipient: rfc822; anna@example.org
Original-Recipient: rfc822;anna@example.org
Action: {action}
Status: {status}
{fields}

--4XkJ.1793/out.sender.test
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <bert@sender.test>
From: bert@sender.test
To: anna@example.org
Subject: TLS is required, but your certificate has expired
Content-Type: text/plain

Dear Anna, the TLS handshake failed: your certificate has expired.
Our server said: 552 5.2.2 Mailbox full

--4XkJ.1793/out.sender.test--
"""


def _multipart(human: str, status: str, fields: str, action: str = "failed") -> str:
    return MULTIPART.format(human=human, status=status, fields=fields, action=action)


def _encoded(encoding: str, body: bytes, kind: str = "text/plain; charset=utf-8") -> str:
    return (
        "From: MAILER-DAEMON@sender.test\nTo: bert@sender.test\nSubject: Undeliverable\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
        + body.decode("ascii")
    )


_EXCHANGE_ONLINE = """\
Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:

anna@example.org<mailto:anna@example.org>
Ihre Nachricht konnte nicht zugestellt werden. Trotz wiederholter Zustellversuche war es nicht
möglich, eine Verbindung mit dem E-Mail-System des Empfängers herzustellen.

Diagnoseinformationen für Administratoren:

Generierender Server: AM0PR01MB1234.eurprd01.prod.exchangelabs.com

anna@example.org
Remote Server returned '550 5.4.317 Message expired, cannot connect to remote server -> 451 4.4.0 \
Primary target IP address responded with: "{cause}"'

Ursprüngliche Nachrichtenkopfzeilen:

Received: from AM0PR01MB1234.eurprd01.prod.exchangelabs.com (2603:10a6::1) by
 AM0PR01MB9999.eurprd01.prod.exchangelabs.com with Microsoft SMTP Server
 (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1;
Subject: TLS certificate expired
"""

_GMAIL = """\

** Message not delivered **

There was a problem delivering your message to anna@example.org. See the technical details below.

The response from the remote server was:

{reply}

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.0.0
Remote-MTA: dns; mx.example.org. (192.0.2.7, the server for the domain example.org.)
Diagnostic-Code: smtp; {reply}
Last-Attempt-Date: Mon, 02 Nov 2026 01:00:00 -0800 (PST)
"""

_SENDMAIL = """\
The original message was received at Mon, 2 Nov 2026 10:00:00 +0100
from localhost [127.0.0.1]

   ----- The following addresses had permanent fatal errors -----
<anna@example.org>
    (reason: {reason})

   ----- Transcript of session follows -----
{transcript}
"""

_HTML = """\
<!DOCTYPE html><html><head><style>.x {{ color: red; }}</style></head><body>
<p><b>Your message to <a href="mailto:anna@example.org">anna@example.org</a> couldn't be \
delivered.</b></p>
<table><tr><td>Remote server returned:</td><td>{}</td></tr></table></body></html>
"""

FORMS = (
    Form("postfix, text alone", POSTFIX, _NOT_OFFERED),
    Form("postfix, quoted", "".join(f"> {line}\n" for line in POSTFIX.split("\n")), _NOT_OFFERED),
    Form(
        "postfix, quoted twice",
        "".join(f">> {line}\n" for line in POSTFIX.split("\n")),
        _NOT_OFFERED,
    ),
    Form(
        "postfix, in an answer",
        "Hallo Support,\n\nmeine Mail kam zurück, ist unser Zertifikat abgelaufen?\n\n"
        "Am 02.11.2026 um 10:00 schrieb Mail Delivery System:\n"
        + "".join(f"> {line}\n" for line in POSTFIX.split("\n")),
        _NOT_OFFERED,
    ),
    Form("postfix, carriage returns only", POSTFIX.replace("\n", "\r"), _NOT_OFFERED),
    Form("postfix, UTF-16 file", POSTFIX.encode("utf-16"), _NOT_OFFERED),
    Form("postfix, UTF-16 file of the other order", POSTFIX.encode("utf-16-be"), _NOT_OFFERED),
    Form("postfix, byte order mark", POSTFIX.encode("utf-8-sig"), _NOT_OFFERED),
    Form("postfix, byte order mark in a text", "\ufeff" + POSTFIX, _NOT_OFFERED),
    Form("postfix, blank lines first", "\n\n \n" + POSTFIX, _NOT_OFFERED),
    Form("postfix, one line", " ".join(POSTFIX.split()), _NOT_OFFERED),
    Form("postfix, no-break spaces", POSTFIX.replace(" ", "\u00a0"), _NOT_OFFERED),
    Form("exim, text alone", EXIM, _NOT_OFFERED),
    Form("exim, carriage returns only", EXIM.replace("\n", "\r"), _NOT_OFFERED),
    Form(
        "base64 part",
        _encoded("base64", base64.encodebytes(POSTFIX.encode())),
        _NOT_OFFERED,
    ),
    Form(
        "quoted-printable part",
        _encoded("quoted-printable", quopri.encodestring(POSTFIX.encode())),
        _NOT_OFFERED,
    ),
    Form(
        "base64, UTF-16",
        _encoded(
            "base64", base64.encodebytes(POSTFIX.encode("utf-16")), "text/plain; charset=utf-16"
        ),
        _NOT_OFFERED,
    ),
    Form(
        "postfix, whole report",
        _multipart(
            "TLS is required, but was not offered by host\n    mx.example.org[192.0.2.7]",
            "4.7.4",
            "Diagnostic-Code: X-Postfix; TLS is required, but was not offered by host\n"
            "    mx.example.org[192.0.2.7]",
        ),
        _NOT_OFFERED,
    ),
    Form(
        "postfix, the original is about TLS and the reply about the mailbox",
        _multipart(
            "host mx.example.org[192.0.2.7] said: 552 5.2.2 over quota\n"
            "    (in reply to RCPT TO command)",
            "5.2.2",
            "Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 552 5.2.2 over quota",
        ),
        (("anna@example.org", "not-tls:mailbox-full", "mx.example.org"),),
    ),
    Form(
        "postfix, delayed",
        _multipart(
            "delivery temporarily suspended: Server certificate not verified",
            "4.7.5",
            "Diagnostic-Code: X-Postfix; delivery temporarily suspended: Server certificate\n"
            "    not verified\nWill-Retry-Until: Sat, 7 Nov 2026 09:00:00 +0100",
            action="delayed",
        ),
        (("anna@example.org", "certificate-not-verified", None),),
    ),
    Form(
        "postfix, delivered",
        _multipart(
            "delivery via mx.example.org[192.0.2.7]:25: 250 2.0.0 Ok: queued as 4XkJ",
            "2.0.0",
            "Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 250 2.0.0 Ok: queued as 4XkJ",
            action="relayed",
        ),
        (("anna@example.org", "no-problem-found", "mx.example.org"),),
    ),
    Form(
        "several recipients, several causes",
        "Reporting-MTA: dns; out.sender.test\n\n"
        "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <anna@example.org>: user unknown\n\n"
        "Final-Recipient: rfc822; bert@example.net\nAction: failed\nStatus: 4.7.5\n"
        "Remote-MTA: dns; mx.example.net\n"
        "Diagnostic-Code: X-Postfix; certificate verification failed for\n"
        " mx.example.net[192.0.2.8]:25: certificate has expired\n\n"
        "Final-Recipient: rfc822; carl@example.com\nAction: delivered\nStatus: 2.0.0\n",
        (
            ("anna@example.org", "not-tls:unknown-user", None),
            ("bert@example.net", "certificate-expired", "mx.example.net"),
            ("carl@example.com", "no-problem-found", None),
        ),
    ),
    Form(
        "log of several deliveries",
        "Nov  2 10:00:01 out postfix/smtp[41]: 4Xk1: to=<anna@example.org>, "
        "relay=mx.example.org[192.0.2.7]:25, delay=1, delays=0/0/1/0, dsn=4.7.5, "
        "status=deferred (Cannot start TLS: handshake failure)\n"
        "Nov  2 10:00:02 out postfix/smtp[42]: 4Xk2: to=<bert@example.net>, "
        "relay=mx.example.net[192.0.2.8]:25, delay=1, delays=0/0/1/0, dsn=2.0.0, "
        "status=sent (250 2.0.0 Ok: queued as 77)\n"
        "Nov  2 10:00:03 out postfix/smtp[43]: 4Xk3: to=<carl@example.com>, "
        "relay=mx.example.com[192.0.2.9]:25, delay=1, delays=0/0/1/0, dsn=5.1.1, "
        "status=bounced (host mx.example.com[192.0.2.9] said: 550 5.1.1 no such user "
        "(in reply to RCPT TO command))\n",
        (
            ("anna@example.org", "tls-handshake-failed", "mx.example.org"),
            ("bert@example.net", "no-problem-found", "mx.example.net"),
            ("carl@example.com", "not-tls:unknown-user", "mx.example.com"),
        ),
    ),
    Form(
        "exim log of several deliveries",
        "2026-11-02 10:00:01 1tAbCd-0001Ef-AA == anna@example.org R=dnslookup T=remote_smtp "
        "defer (-37) H=mx.example.org [192.0.2.7]: TLS session: (certificate verification "
        "failed): certificate has expired\n"
        "2026-11-02 10:00:02 1tAbCd-0001Ef-AB => bert@example.net R=dnslookup T=remote_smtp "
        'H=mx.example.net [192.0.2.8] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes C="250 OK"\n'
        "2026-11-02 10:00:03 1tAbCd-0001Ef-AC ** carl@example.com R=dnslookup T=remote_smtp "
        "H=mx.example.com [192.0.2.9] X=TLS1.2:ECDHE:256 CV=no: SMTP error from remote mail "
        "server after RCPT TO:<carl@example.com>: 550 No such user\n",
        (
            ("anna@example.org", "certificate-expired", "mx.example.org"),
            ("bert@example.net", "no-problem-found", "mx.example.net"),
            ("carl@example.com", "not-tls:unknown-user", "mx.example.com"),
        ),
    ),
    Form(
        "exchange online, nested cause",
        _EXCHANGE_ONLINE.format(
            cause="454 4.7.5 The certificate was rejected: [Message=CertificateExpired] "
            "[LastAttemptedServerName=mx.example.org] [LastAttemptedIP=192.0.2.7:25]"
        ),
        (("anna@example.org", "certificate-expired", "mx.example.org"),),
    ),
    Form(
        "exchange online, timed out",
        _EXCHANGE_ONLINE.format(cause="421 4.4.1 Connection timed out"),
        (("anna@example.org", "connection-timeout", None),),
    ),
    Form(
        "exchange online, wrapped by paste",
        _EXCHANGE_ONLINE.format(
            cause="454 4.7.5 [Message=\nSubjectMismatch Expected\nSubject: mx]"
        ),
        (("anna@example.org", "certificate-host-mismatch", None),),
    ),
    Form(
        "gmail, not encrypted",
        _GMAIL.format(reply="550 5.7.1 TLS is required by the policy of this domain"),
        (("anna@example.org", "receiver-requires-tls", "mx.example.org"),),
    ),
    Form(
        "gmail, unknown user",
        _GMAIL.format(reply="550 5.1.1 <anna@example.org> no such user, TLSv1.3 was used"),
        (("anna@example.org", "not-tls:unknown-user", "mx.example.org"),),
    ),
    Form(
        "sendmail, handshake",
        _SENDMAIL.format(
            reason="403 4.7.0 TLS handshake failed.",
            transcript="<anna@example.org>... Deferred: 403 4.7.0 TLS handshake failed.\n"
            "Message could not be delivered for 5 days\nMessage will be deleted from queue",
        ),
        (("anna@example.org", "tls-handshake-failed", None),),
    ),
    Form(
        "sendmail, mailbox full after a warning about TLS",
        _SENDMAIL.format(
            reason="552 5.2.2 Mailbox full",
            transcript="... while talking to mx.example.org.:\n"
            ">>> STARTTLS\n<<< 220 2.0.0 Ready to start TLS\n"
            ">>> RCPT To:<anna@example.org>\n<<< 552 5.2.2 Mailbox full\n"
            "554 5.0.0 Service unavailable",
        ),
        (("anna@example.org", "not-tls:mailbox-full", "mx.example.org"),),
    ),
    Form(
        "sendmail, the server demands TLS",
        _SENDMAIL.format(
            reason="530 5.7.0 Must issue a STARTTLS command first",
            transcript="... while talking to mx.example.org.:\n"
            ">>> MAIL From:<bert@sender.test>\n"
            "<<< 530 5.7.0 Must issue a STARTTLS command first\n554 5.0.0 Service unavailable",
        ),
        (("anna@example.org", "receiver-requires-tls", "mx.example.org"),),
    ),
    Form(
        "HTML alone, pasted",
        _HTML.format("450 4.7.322 certificate-expired: The certificate is expired."),
        (("anna@example.org", "certificate-expired", None),),
    ),
    Form(
        "HTML alone, as a message",
        "From: postmaster@sender.test\nSubject: Undeliverable: TLS\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n"
        + _HTML.format("550 5.2.2 mailbox full, the quota was exceeded"),
        (("anna@example.org", "not-tls:mailbox-full", None),),
    ),
    Form(
        "qmail, glued",
        "Hi. This is the qmail-send program at sender.test.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<anna@example.org>:\n"
        "TLS connect failed: error:0A000102:SSL routines::unsupported protocolZConnected to "
        "192.0.2.7 but connection died. (#4.4.2)\n"
        "I'm not going to try again; this message has been in the queue too long.\n\n"
        "--- Below this line is a copy of the message.\n\n"
        "Return-Path: <bert@sender.test>\nSubject: Mailbox full\n",
        (("anna@example.org", "tls-version", None),),
    ),
    Form(
        "qmail, refused",
        "Hi. This is the qmail-send program at sender.test.\n\n"
        "<anna@example.org>:\n192.0.2.7 does not like recipient.\n"
        "Remote host said: 550 5.1.1 sorry, no mailbox here by that name. (#5.1.1)\n"
        "Giving up on 192.0.2.7.\n\n--- Below this line is a copy of the message.\n\n"
        "Subject: certificate has expired\n",
        (("anna@example.org", "not-tls:unknown-user", None),),
    ),
    Form(
        "OpenSMTPD",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n"
        "    An error has occurred while attempting to deliver a message for\n"
        "    the following list of recipients:\n\n"
        "anna@example.org: TLS required but not supported by remote host\n\n"
        "    Below is a copy of the original message:\n\nSubject: mailbox full\n",
        (("anna@example.org", "starttls-not-supported", None),),
    ),
    Form(
        "names with the words of faults",
        "<certificate-expired@tls.example.org>: host starttls-failed.self-signed.example.org"
        "[192.0.2.7] said:\n    550 5.1.1 <certificate-expired@tls.example.org>: User unknown"
        " (in reply to\n    RCPT TO command)\n",
        (
            (
                "certificate-expired@tls.example.org",
                "not-tls:unknown-user",
                "starttls-failed.self-signed.example.org",
            ),
        ),
    ),
    Form(
        "names with the words of faults, no server reached",
        "<a@tls-handshake-failed.example.org>: connect to "
        "certificate-expired.example.org[192.0.2.7]:25: Connection refused\n",
        (
            (
                "a@tls-handshake-failed.example.org",
                "connection-failed",
                "certificate-expired.example.org",
            ),
        ),
    ),
    Form(
        "cut off in the middle",
        MULTIPART.split("Action:", maxsplit=1)[0].format(human="Server certificate not verified"),
        (("anna@example.org", "certificate-not-verified", None),),
    ),
    Form(
        "prose",
        "Guten Tag, meine Nachricht an anna@example.org kam zurück mit der Meldung "
        "'TLS is required, but was not offered by host mx.example.org[192.0.2.7]'. Was tun?",
        _NOT_OFFERED,
    ),
    Form(
        "prose without an address",
        "Beim Versand an example.org kommt immer: Server certificate not verified",
        ((None, "certificate-not-verified", None),),
    ),
    Form(
        "forwarded as text",
        "Bitte um Hilfe.\n\n---------- Forwarded message ---------\n"
        "From: Mail Delivery System <MAILER-DAEMON@out.sender.test>\n"
        "Date: Mon, 2 Nov 2026 10:00:00 +0100\nSubject: Undelivered Mail Returned to Sender\n"
        "To: <bert@sender.test>\n\n" + POSTFIX,
        _NOT_OFFERED,
    ),
    Form(
        "forwarded by Outlook",
        "Kann jemand helfen?\n\nVon: Mail Delivery System <MAILER-DAEMON@out.sender.test>\n"
        "Gesendet: Montag, 2. November 2026 10:00\nAn: bert@sender.test\n"
        "Betreff: Undelivered Mail Returned to Sender\n\n" + POSTFIX,
        _NOT_OFFERED,
    ),
    Form(
        "mbox file",
        "From MAILER-DAEMON Mon Nov  2 10:00:00 2026\nX-Anything: certificate has expired\n"
        "From: MAILER-DAEMON@sender.test\nDate: Mon, 2 Nov 2026 10:00:00 +0100\n"
        "Subject: TLS handshake failed\n\n" + POSTFIX,
        _NOT_OFFERED,
    ),
    Form(
        "Exim, address once more within the reply",
        EXIM.split("  anna", maxsplit=1)[0] + "  anna@example.org\n"
        "    SMTP error from remote mail server after RCPT TO:\n    <anna@example.org>:\n"
        "    host mx.example.org [192.0.2.7]: 550 5.1.1 unknown user\n",
        (("anna@example.org", "not-tls:unknown-user", "mx.example.org"),),
    ),
    Form(
        "absence, about certificates",
        "From: anna@example.org\nTo: bert@sender.test\nSubject: Abwesenheit\n"
        "Auto-Submitted: auto-replied\n\n"
        "Ich bin bis Montag nicht im Büro. Bei Fragen zu TLS-Zertifikaten wenden Sie sich bitte "
        "an technik@example.org.\n",
        (("technik@example.org", "not-tls:other", None),),
    ),
)
