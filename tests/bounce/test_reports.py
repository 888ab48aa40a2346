"""What is read from a report of each kind of mail server."""

import pytest

from checker.bounce import read, to_json
from tests.bounce.reports import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_report(case: Case) -> None:
    (report,) = read(case.text)
    assert tuple(problem.id for problem in report.problems)[: len(case.problems)] == case.problems
    assert report.recipient == case.recipient
    assert report.domain == (case.recipient.partition("@")[2] if case.recipient else None)
    if case.host:
        assert report.host == case.host
    assert report.problems[0].kind == case.kind


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_report_reads_the_same_as_octets_forwarded_and_with_network_line_ends(case: Case) -> None:
    expected = [problem.id for problem in read(case.text)[0].problems]
    for variant in (case.text.encode(), case.text.replace("\n", "\r\n")):
        assert [problem.id for problem in read(variant)[0].problems] == expected


def test_each_recipient_has_its_own_problem() -> None:
    reports = read(
        "<anna@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 User unknown"
        " (in reply to RCPT TO command)\n\n"
        "<bert@example.net>: Server certificate not verified\n\n"
        "<carl@example.com>: connect to mx.example.com[192.0.2.3]:25: Connection refused\n"
    )
    assert [(r.recipient, r.domain, r.problems[0].id) for r in reports] == [
        ("anna@example.org", "example.org", "not-tls"),
        ("bert@example.net", "example.net", "certificate-not-verified"),
        ("carl@example.com", "example.com", "connection-failed"),
    ]


def test_evidence_holds_facts() -> None:
    (report,) = read("Diagnostic-Code: smtp; 530 5.7.0 Must issue a STARTTLS command first")
    assert report.problems[0].evidence == {
        "text": "530 5.7.0 Must issue a STARTTLS command first",
        "enhanced_status_code": "5.7.0",
        "reply_code": "530",
    }


def test_json_has_kind_only_where_there_is_one() -> None:
    answer = to_json(read("550 5.1.1 User unknown\n"))
    assert answer == {
        "recipients": [
            {
                "recipient": None,
                "domain": None,
                "host": None,
                "action": None,
                "retry_until": None,
                "problems": [
                    {
                        "id": "not-tls",
                        "evidence": {
                            "text": "550 5.1.1 User unknown",
                            "enhanced_status_code": "5.1.1",
                            "reply_code": "550",
                        },
                        "kind": "unknown-user",
                    }
                ],
            }
        ]
    }
    assert "kind" not in str(to_json(read("certificate has expired")))


def test_mail_that_one_server_took_and_another_refused_was_not_delivered() -> None:
    (report,) = read("250 2.0.0 Ok: queued as 7QrS\nThe next server said: 550 5.9.9 Nope")
    assert report.problems[0].id == "not-tls"


HARAKA = """\
From: MAILER-DAEMON@out.sender.test
To: bert@sender.test
Subject: failure notice
Content-Type: multipart/report; report-type=delivery-status;
    boundary="boundary_1"

This is a MIME-encapsulated message.

--boundary_1
Content-Type: text/plain; charset=us-ascii

Hi. This is the Haraka Mailer program at out.sender.test.

--boundary_1
Content-Description: Delivery Report
Content-Type: message/delivery-status

Reporting-MTA: dns;out.sender.test
X-Haraka-MailFrom: bert@sender.test

Final-Recipient: rfc822;<anna@example.org>
X-Haraka-MailTo: anna@example.org
Action: failed
Status: 5.1.2 ({})

--boundary_1--
"""


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("550 Tried all MXs example.org", "cause-not-stated"),
        ("550 Domain example.org sends and receives no email (NULL MX)", "null-mx"),
    ],
)
def test_what_haraka_puts_behind_the_status_is_its_reason(reason: str, problem: str) -> None:
    (report,) = read(HARAKA.format(reason))
    assert (report.recipient, report.problems[0].id) == ("anna@example.org", problem)
    assert report.problems[0].evidence["text"] == reason


@pytest.mark.parametrize(
    "said",
    [
        "Il certificato remoto non è stato ritenuto valido dalla procedura di convalida.",
        "Удаленный сертификат недействителен согласно результатам проверки подлинности.",
        "根据验证过程,远程证书无效",
        "Certyfikat zdalny jest nieprawidłowy zgodnie z procedurą sprawdzania poprawności.",
    ],
)
def test_dotnet_says_in_many_languages_that_it_does_not_take_a_certificate(said: str) -> None:
    (report,) = read(f"System.Security.Authentication.AuthenticationException: {said}")
    assert report.problems[0].id in {"certificate-invalid", "certificate-not-verified"}


def test_nothing_to_read() -> None:
    assert read("") == read(" \n\t\r\n") == read(b"") == ()


@pytest.mark.parametrize(
    "reply",
    [
        "451 4.7.1 Greylisted, the TLS session was noted",
        "550 5.1.1 User unknown, and a TLS error was logged earlier",
        "530 5.7.0 Authentication required (TLS active)",
        "554 5.7.1 Message rejected as spam, see https://tls.example.org/error",
        "550 5.7.1 Rejected by policy (TLS)",
        "552 5.2.2 Mailbox full [TLSv1.2 ECDHE]",
        "421 4.7.0 Too many TLS connections from your address",
        "550 5.7.25 No PTR record for your address, TLS or not",
        "host mx.example.org[192.0.2.1] said: 550 certificate has expired (in reply to RCPT TO)",
    ],
)
def test_a_mention_of_tls_is_no_cause(reply: str) -> None:
    assert read(reply)[0].problems[0].id == "not-tls"


def test_a_recipient_whose_address_was_taken_out_of_the_transcript() -> None:
    (report,) = read(
        "The following message could not be delivered.\n\n"
        "   ----- Transcript of session follows -----\n"
        "... while talking to mx.example.org.:\n"
        ">>> RCPT To:<>\n<<< 554 5.7.1 TLS 1.2 or newer is required\n"
    )
    assert report.host == "mx.example.org"
    assert [problem.id for problem in report.problems] == ["tls-version"]


@pytest.mark.parametrize(
    ("log", "problem"),
    [
        ("untrusted issuer /CN=Example", "certificate-not-trusted"),
        ("certificate has expired", "certificate-expired"),
        ("num=62:hostname mismatch", "certificate-host-mismatch"),
        ("not designated for use as a server certificate", "certificate-invalid"),
        ("certificate invalid", "certificate-not-verified"),
    ],
)
@pytest.mark.parametrize("word", ["verified", "trusted"])
def test_what_any_fault_is_told_by_gives_way_to_the_fault(
    word: str, log: str, problem: str
) -> None:
    (report,) = read(
        "postfix/smtp[9]: certificate verification failed for"
        f" mx.example.org[192.0.2.1]:25: {log}\n"
        "postfix/smtp[9]: 4F1: to=<anna@example.org>, relay=mx.example.org[192.0.2.1]:25,"
        f" dsn=4.7.5, status=deferred (Server certificate not {word})"
    )
    assert report.problems[0].id == problem


def test_any_fault_of_a_certificate_may_hide_behind_what_says_none() -> None:
    faults = {
        *("certificate-expired", "certificate-not-yet-valid", "certificate-host-mismatch"),
        *("certificate-not-trusted", "certificate-self-signed", "certificate-chain-incomplete"),
        "certificate-invalid",
    }
    for word in ("verified", "trusted"):
        first, *others = read(f"Server certificate not {word}")[0].problems
        assert first.id == "certificate-not-verified"
        assert {problem.id for problem in others} >= faults
    assert read("Server certificate not trusted")[0].problems[1].id == "certificate-not-trusted"


@pytest.mark.parametrize(
    "report",
    [
        "<anna@example.org>: server unavailable or unable to receive mail",
        (
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 4.3.0\n"
            "Diagnostic-Code: X-Postfix; server unavailable or unable to receive mail"
        ),
    ],
)
def test_a_server_outside_the_mta_sts_policy_is_left_out_in_silence(report: str) -> None:
    (one,) = read(report)
    assert [problem.id for problem in one.problems] == ["cause-not-stated", "sts-policy-invalid"]


def test_the_log_says_that_the_mta_sts_policy_does_not_list_a_server() -> None:
    (report,) = read(
        "Nov  2 10:00:00 mx postfix/smtp[9]: warning: 4F1: MX name mx.example.org for domain"
        " example.org does not match STS MX pattern\n"
        "Nov  2 10:00:00 mx postfix/smtp[9]: 4F1: to=<anna@example.org>, relay=none, delay=1,"
        " dsn=4.3.0, status=deferred (server unavailable or unable to receive mail)"
    )
    assert report.problems[0].id == "sts-policy-invalid"


def test_a_demand_for_tls_may_be_the_end_of_a_handshake_that_failed() -> None:
    (report,) = read(
        "<anna@example.org>: host mx.example.org[192.0.2.1] said: 530 5.7.0 Must issue a STARTTLS"
        " command first (in reply to MAIL FROM command)"
    )
    assert [problem.id for problem in report.problems] == [
        "receiver-requires-tls",
        "tls-handshake-failed",
    ]
