"""Texts read from a picture, with letters taken for others."""

import pytest

from checker.bounce import read


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("The issuer is unkn0wn", "certificate-not-trusted"),
        ("the certificate has been rev0ked", "certificate-invalid"),
        ("Connection tirned out", "connection-timeout"),
        ("Ihr Zertif1kat ist abgelaufen", "certificate-expired"),
        ("self-5igned certificate", "certificate-self-signed"),
        ("Cannot start TL5: handshake failure", "tls-handshake-failed"),
        ("Ma1lbox ful1", "not-tls"),
        ("certiflcate has expired", "certificate-expired"),
    ],
)
def test_slip(text: str, problem: str) -> None:
    assert read(text)[0].problems[0].id == problem


def test_evidence_shows_what_was_given() -> None:
    text = "Error: cann0t go on, turn 0ff the firewa11; Connection tirned out here."
    assert "Connection tirned out here" in str(read(text)[0].problems[0].evidence["text"])


@pytest.mark.parametrize("text", ["TLSv1.0 0K", "Session returned, warning", "x509v3 10050"])
def test_what_has_no_slip_is_no_fault(text: str) -> None:
    assert read(text)[0].problems[0].id in {"not-tls", "cause-not-stated"}
