"""What is quoted is the sentence that decides, and nothing of the chat around it."""

import pytest

from checker.bounce import read


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        (
            "Guten Tag! Wir bekommen diese Meldung. Server certificate not trusted. Was heißt das?",
            "Server certificate not trusted.",
        ),
        (
            "Hallo,\nhier die Meldung:\n550 5.1.1 User unknown\nKönnen Sie helfen?\nBert",
            "550 5.1.1 User unknown",
        ),
        (
            "Guten Tag,\n\ncertificate has expired\n\nBert",
            "certificate has expired",
        ),
        (
            (
                "The mail came back. It says: TLS is required, but was not offered by host\n"
                "mx.example.org[192.0.2.7]. Our certificate is new! Thanks"
            ),
            "It says: TLS is required, but was not offered by host mx.example.org[192.0.2.7].",
        ),
        ("Hallo Support! Was ist das? 550 5.9.9 Nope. Danke", "550 5.9.9 Nope."),
    ],
)
def test_evidence_is_the_sentence_that_decides(text: str, evidence: str) -> None:
    assert read(text)[0].problems[0].evidence["text"] == evidence


def test_codes_of_further_lines_are_no_part_of_the_sentence() -> None:
    (report,) = read("550-5.7.29 This mail was blocked because it wasn't sent\n550 5.7.29 over TLS")
    assert report.problems[0].evidence == {
        "text": "550-5.7.29 This mail was blocked because it wasn't sent over TLS",
        "enhanced_status_code": "5.7.29",
        "reply_code": "550",
    }


REPORTS = {
    "<anna@example.org>: Server certificate not verified: host mx.example.org[192.0.2.1]: "
    "certificate has expired": "certificate has expired",
    "host mx.example.org[192.0.2.7] said: 550 5.1.1 <anna@example.org>: Recipient address "
    "rejected: User unknown (in reply to RCPT TO command)": "(in reply to RCPT TO command)",
    "<anna@example.org>: TLS is required, but was not offered by host\n"
    "    mx.example.org[192.0.2.7]": "mx.example.org[192.0.2.7]",
    "TLS is required, but was not offered by host mx.example.org[192.0.2.7]": (
        "mx.example.org[192.0.2.7]"
    ),
    "454 4.7.5 Certificate validation failure, Reason:UntrustedRoot": "Reason:UntrustedRoot",
}
"""A report -> its end."""

AFTERWARDS = [
    "Können Sie mir helfen?",
    "kann mir jemand helfen",
    "was kann ich tun",
    "Was bedeutet das?",
    "Viele Grüße",
    "Mit freundlichen Grüßen",
    "Danke und LG",
    "Gesendet von meinem iPhone",
    "Unsere Kunden warten auf die Rechnung.",
    "What does that mean?",
    "can anyone help me with this",
    "Any ideas?",
    "Please help",
    "I have no idea",
    "Is this our fault or theirs?",
    "Best regards",
    "Thanks in advance",
    "Sent from my iPhone",
    "________________________________",
    "-- ",
]


@pytest.mark.parametrize("afterwards", AFTERWARDS)
@pytest.mark.parametrize("quoted", ["", "> "], ids=["plain", "quoted"])
def test_a_quotation_ends_where_the_report_does(afterwards: str, quoted: str) -> None:
    for report, end in REPORTS.items():
        lines = [*(f"{quoted}{line}" for line in report.split("\n")), afterwards, "Bert"]
        first, *_ = read("\n".join(lines))
        alone, *_ = read(report)
        assert first.problems == alone.problems, lines
        assert str(first.problems[0].evidence["text"]).endswith(end)


@pytest.mark.parametrize(
    "wrapped",
    [
        "<a@example.org>: TLS is required, but was not\noffered by host mx.example.org[192.0.2.7]",
        "Die Nachricht konnte nicht zugestellt werden, weil\nTLS is required, but was not offered",
        "Delivery to the following recipient failed because\nthe server's certificate has expired",
    ],
)
def test_a_line_that_only_goes_on_is_part_of_the_report(wrapped: str) -> None:
    (first,) = read(wrapped)
    (whole,) = read(wrapped.replace("\n", " "))
    assert first.problems == whole.problems
