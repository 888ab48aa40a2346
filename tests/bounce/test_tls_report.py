"""Reports of TLS sessions (RFC 8460): files, whole mails, and what a real reporter sends."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from checker.bounce import RecipientReport, read
from tests.bounce import tlsrpt_reporter as reporter
from tests.bounce.tls_reports import GZIP, MAILS, MISMATCH, failed, mail_with, policy_on, report_of


def _told(
    reports: tuple[RecipientReport, ...],
) -> list[tuple[str | None, str | None, list[tuple[str, object]]]]:
    """Of each domain the server and the problems with their numbers of sessions."""
    assert all(report.recipient is None and report.action is None for report in reports)
    return [
        (
            report.domain,
            report.host,
            [
                (problem.id, problem.evidence.get("failed_session_count"))
                for problem in report.problems
            ],
        )
        for report in reports
    ]


MISMATCHED = [("example.org", "mx1.example.org", [("certificate-host-mismatch", 3)])]


@pytest.mark.parametrize("name", MAILS)
def test_mails(name: str) -> None:
    mail = MAILS[name]
    assert _told(read(mail)) == _told(read(mail.encode())) == MISMATCHED


def test_a_mail_that_is_the_report_itself() -> None:
    head = "Content-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n"
    mail = f"TLS-Report-Domain: example.org\n{head}\n{base64.encodebytes(GZIP).decode()}"
    assert _told(read(mail)) == MISMATCHED


def test_a_mail_that_was_forwarded_as_an_attachment() -> None:
    mail = (
        "From: anna@example.org\nTo: bert@example.org\nSubject: Fwd\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="outer"\n\n'
        "--outer\nContent-Type: text/plain\n\nWhat is this?\n\n"
        f"--outer\nContent-Type: message/rfc822\n\n{MAILS['Google']}\n--outer--\n"
    )
    assert _told(read(mail)) == MISMATCHED


@pytest.mark.parametrize(
    "report",
    [
        MISMATCH,
        MISMATCH.encode(),
        GZIP,
        json.dumps(json.loads(MISMATCH), indent=2),
        f"Somebody sent us this:\n\n{MISMATCH}\n\nWhat is it?",
        MISMATCH.encode("utf-16"),
    ],
    ids=["text", "octets", "gzip", "indented", "in a mail's text", "utf-16"],
)
def test_files_and_pastes(report: str | bytes) -> None:
    assert _told(read(report)) == MISMATCHED


def test_a_compressed_file_of_another_kind_is_read_as_what_it_is() -> None:
    (report,) = read(gzip.compress(b"<anna@example.org>: Server certificate not verified"))
    assert report.problems[0].id == "certificate-not-verified"


def test_of_a_report_that_was_cut_off_what_is_there_counts() -> None:
    report = report_of(
        policy_on("example.org", failed("certificate-expired", 2, "mx1.example.org")),
        policy_on("example.org", failed("tlsa-invalid", 1), kind="tlsa"),
    )
    end = report.index('"tlsa-invalid"') - 5
    for cut in (report[:end], gzip.compress(report.encode())[:-12]):
        assert ("certificate-expired", 2) in _told(read(cut))[0][2]
    for end in range(report.index('"policies"') + 11, len(report)):
        told = read(report[:end])
        assert all(one.recipient is None and one.domain in {None, "example.org"} for one in told)
        assert all(one.problems[0].id != "no-problem-found" for one in told)


def test_a_bounced_report_is_a_bounce() -> None:
    bounce = (
        "From: MAILER-DAEMON@reporter.test\nContent-Type: multipart/report;"
        ' report-type=delivery-status; boundary="d"\nMIME-Version: 1.0\n\n'
        "--d\nContent-Type: text/plain\n\n<reports@example.org>: mailbox full\n\n"
        "--d\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;"
        " reports@example.org\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2"
        f" mailbox full\n\n--d\nContent-Type: message/rfc822\n\n{MAILS['Google']}\n--d--\n"
    )
    (report,) = read(bounce)
    assert (report.recipient, report.problems[0].kind) == ("reports@example.org", "mailbox-full")


def test_the_most_frequent_failure_comes_first_with_its_server() -> None:
    report = report_of(
        policy_on(
            "Example.ORG.",
            failed("certificate-expired", 2, "mx1.example.org"),
            failed("starttls-not-supported", 7, "MX2.example.org."),
            failed("certificate-expired", 1, "mx1.example.org"),
        ),
        policy_on("example.net", kind="no-policy-found"),
    )
    assert _told(read(report)) == [
        (
            "example.org",
            "mx2.example.org",
            [("starttls-not-supported", 7), ("certificate-expired", 3)],
        ),
        ("example.net", None, [("no-problem-found", None)]),
    ]
    assert [problem.evidence["host"] for problem in read(report)[0].problems] == [
        "mx2.example.org",
        "mx1.example.org",
    ]


@pytest.mark.parametrize(
    "result",
    [
        *("starttls-not-supported", "certificate-host-mismatch", "certificate-expired"),
        *("certificate-not-trusted", "tlsa-invalid", "dnssec-invalid", "dane-required"),
        *("sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"),
    ],
)
def test_each_result_of_the_rfc_has_its_own_name(result: str) -> None:
    assert read(report_of(policy_on("example.org", failed(result, 1))))[0].problems[0].id == result


@pytest.mark.parametrize(
    ("result", "reason", "problem"),
    [
        ("validation-failure", None, "tls-handshake-failed"),
        ("validation-failure", "self-signed certificate", "certificate-self-signed"),
        ("validation-failure", "certificate is not yet valid", "certificate-not-yet-valid"),
        ("validation-failure", "sslv3 alert handshake failure", "tls-handshake-failed"),
        ("validation-failure", "unsupported protocol", "tls-version"),
        ("validation-failure", "E12", "tls-handshake-failed"),
        ("certificate-not-trusted", "no matching DANE TLSA records", "tlsa-invalid"),
        (
            "certificate-not-trusted",
            "unable to get local issuer certificate",
            "certificate-not-trusted",
        ),
        ("CERTIFICATE_EXPIRED", None, "certificate-expired"),
        ("something-new", None, "cause-not-stated"),
        ("something-new", "dh key too small", "tls-weak-key"),
    ],
)
def test_a_general_result_gives_way_to_its_reason(
    result: str, reason: str | None, problem: str
) -> None:
    (report,) = read(report_of(policy_on("example.org", failed(result, 1, reason=reason))))
    assert report.problems[0].id == problem
    assert str(report.problems[0].evidence["text"]).startswith(result.lower().replace("_", "-"))


def test_no_failure_is_no_problem() -> None:
    policy = policy_on("example.org", servers={"mx-host": ["mx1.example.org"]})
    (report,) = read(report_of(policy))
    assert _told((report,)) == [("example.org", "mx1.example.org", [("no-problem-found", None)])]
    assert report.problems[0].evidence == {"successful_session_count": 10}
    pattern = policy_on("example.org", servers={"mx-host-pattern": "*.example.org"})
    assert read(report_of(pattern))[0].host is None


def test_failures_without_details_have_no_stated_cause() -> None:
    counted = {"total-successful-session-count": 1, "total-failure-session-count": 4}
    policy = {"policy": {"policy-domain": "example.org"}, "summary": counted}
    assert _told(read(report_of(policy))) == [("example.org", None, [("cause-not-stated", 4)])]


def test_a_dane_policy_that_names_the_server_is_about_the_domain() -> None:
    failure = failed("tlsa-invalid", 2, "mx1.example.org")
    report = report_of(
        policy_on("mx1.example.org", failure, kind="tlsa"),
        policy_on("example.org", kind="no-policy-found"),
    )
    expected = [("example.org", "mx1.example.org", [("tlsa-invalid", 2)])]
    assert _told(read(report)) == expected
    alone = report_of(policy_on("mx1.example.org", failure, kind="tlsa"))
    mail = mail_with(
        gzip.compress(alone.encode()),
        "application/tlsrpt+gzip",
        head="TLS-Report-Domain: example.org\r\n",
    )
    assert _told(read(mail)) == expected


def test_where_a_policy_names_no_domain_the_mail_does() -> None:
    report = report_of(policy_on(None, failed("certificate-expired", 2)))
    mail = mail_with(gzip.compress(report.encode()), "application/tlsrpt+gzip")
    assert _told(read(mail)) == [("example.org", None, [("certificate-expired", 2)])]


MX = "mx.example.org"
EXPIRED = reporter.failure(reporter.EXPIRED, MX, "certificate has expired")
SESSIONS = [
    *3 * [reporter.session("expired.test", {"expired.test": reporter.STS}, EXPIRED, mx=MX)],
    reporter.session("expired.test", {"expired.test": reporter.STS}, mx=MX),
    *2 * [reporter.session("fine.test", {"fine.test": reporter.NO_POLICY})],
    reporter.session(
        "dane.test",
        {MX: reporter.TLSA, "dane.test": reporter.NO_POLICY},
        reporter.failure(reporter.TLSA_INVALID, MX),
    ),
    reporter.session(
        "several.test",
        {"several.test": reporter.STS},
        reporter.failure(reporter.STARTTLS_NOT_SUPPORTED, "mx1.example.org"),
        reporter.failure(reporter.HOST_MISMATCH, "mx2.example.org", "hostname mismatch"),
        reporter.failure(reporter.VALIDATION_FAILURE, "mx3.example.org", "self-signed certificate"),
    ),
    reporter.session(
        "policy.test",
        {"policy.test": reporter.STS},
        reporter.failure(reporter.POLICY_FETCH_ERROR, ""),
    ),
]


@pytest.mark.programs
def test_what_a_real_reporter_sends(tmp_path: Path) -> None:
    sent = reporter.mails(SESSIONS, tmp_path)
    assert all(reporter.CONTACT.encode() in mail for mail in sent.values())
    several = [
        ("starttls-not-supported", 1),
        ("certificate-host-mismatch", 1),
        ("certificate-self-signed", 1),
    ]
    assert {domain: _told(read(mail)) for domain, mail in sent.items()} == {
        "expired.test": [("expired.test", MX, [("certificate-expired", 3)])],
        "fine.test": [("fine.test", None, [("no-problem-found", None)])],
        "dane.test": [("dane.test", MX, [("tlsa-invalid", 1)])],
        "several.test": [("several.test", "mx1.example.org", several)],
        "policy.test": [("policy.test", None, [("sts-policy-fetch-error", 1)])],
    }
