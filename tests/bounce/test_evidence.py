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
