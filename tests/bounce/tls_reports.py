"""Reports of TLS sessions (RFC 8460), written after the forms in which they are sent."""

import base64
import gzip
import json
from collections.abc import Mapping

Json = Mapping[str, object]


def policy_on(
    domain: str | None, *failures: Json, kind: str = "sts", servers: Json | None = None
) -> Json:
    """What is reported of one policy; each failure by ``failed``."""
    named = {} if domain is None else {"policy-domain": domain}
    total = sum(int(str(failure.get("failed-session-count", 0))) for failure in failures)
    return {
        "policy": {"policy-type": kind, **named, **(servers or {})},
        "summary": {"total-successful-session-count": 10, "total-failure-session-count": total},
        "failure-details": list(failures),
    }


def failed(result: str, count: int, host: str | None = None, reason: str | None = None) -> Json:
    """Sessions that failed in the same way."""
    told = {"result-type": result, "receiving-mx-hostname": host, "failure-reason-code": reason}
    named = {key: value for key, value in told.items() if value is not None}
    return {**named, "sending-mta-ip": "192.0.2.9", "failed-session-count": count}


def report_of(*policies: Json) -> str:
    """The report of a day."""
    about = {
        "organization-name": "Reporter",
        "date-range": {"start-datetime": "2026-11-01T00:00:00Z"},
        "contact-info": "smtp-tls-reporting@reporter.test",
        "report-id": "2026-11-01T00:00:00Z_example.org",
    }
    return json.dumps({**about, "policies": policies})


MISMATCH = report_of(
    policy_on("example.org", failed("certificate-host-mismatch", 3, "mx1.example.org"))
)


def mail_with(content: bytes, type_: str, *, head: str = "", parameters: str = "") -> str:
    """A mail with a report, as RFC 8460, section 5.3, has it."""
    encoded = base64.encodebytes(content).decode()
    return (
        f"From: noreply-smtp-tls-reporting@reporter.test\r\nTo: reports@example.org\r\n{head}"
        "Subject: Report Domain: example.org Submitter: reporter.test Report-ID: <1@reporter.test>"
        f'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary="=_b"{parameters}\r\n'
        "\r\n--=_b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        "This is an aggregate TLS report from reporter.test\r\n\r\n"
        f"--=_b\r\nContent-Type: {type_}\r\nContent-Transfer-Encoding: base64\r\n"
        f"\r\n{encoded}\r\n--=_b--\r\n"
    )


GZIP = gzip.compress(MISMATCH.encode())
# As Google and as Microsoft write the heads of their mails, and some others.
MAILS = {
    "Google": mail_with(
        GZIP,
        'application/tlsrpt+gzip; name="google.com!example.org!1793491200!1793577599!001.json.gz"',
        head="TLS-Report-Domain: example.org\r\nTLS-Report-Submitter: google.com\r\n",
        parameters="; report-type=tlsrpt",
    ),
    "Microsoft": mail_with(
        GZIP,
        "application/tlsrpt+gzip",
        head="TLS-Report-Domain: example.org\r\nTLS-Report-Submitter: microsoft.com\r\n",
        parameters=";\r\n\treport-type=tlsrpt",
    ),
    "plain JSON": mail_with(MISMATCH.encode(), "application/tlsrpt+json"),
    "any file": mail_with(GZIP, 'application/octet-stream; name="report.json.gz"'),
    "gzip": mail_with(GZIP, "application/gzip"),
}
