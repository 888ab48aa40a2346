"""Reports that list several recipients, each with a reason of its own, as classic Outlook does."""

import pytest

from checker.bounce import read

WHEN = {
    "deutsch": "am 20.11.2026 09:12",
    "deutsch, um": "am 20.11.2026 um 09:12 Uhr",
    "english": "on 11/20/2026 9:12 AM",
    "english, by RFC 5322": "on Fri, 20 Nov 2026 09:12:00 +0100",
    "français": "le 20/11/2026 09:12",
    "español": "el 20/11/2026 9:12",
    "italiano": "il 20/11/2026 09:12",
    "nederlands": "op 20-11-2026 9:12",
    "polski": "dnia 2026-11-20 09:12",
}
ADDRESSED = {
    "quoted": ("'anna@example.org'", "'max@example.net'"),
    "bare": ("anna@example.org", "max@example.net"),
    "named": ("Anna Muster (anna@example.org)", "'Max Muster' <max@example.net>"),
}
REASONS = {
    "tls-handshake-failed": "454 4.7.5 TLS handshake failed",
    "not-tls": "550 5.1.1 <{}>: Recipient address rejected: User unknown",
}


@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
@pytest.mark.parametrize("addressed", ADDRESSED.values(), ids=ADDRESSED)
@pytest.mark.parametrize("order", [("tls-handshake-failed", "not-tls"), ("not-tls", "not-tls")])
def test_each_recipient_keeps_its_reason(
    when: str, addressed: tuple[str, str], order: tuple[str, str]
) -> None:
    text = "The following recipients cannot be reached:\n\n" + "".join(
        f"      {address} {when}\n            {REASONS[reason].format('x@example.org')}\n\n"
        for address, reason in zip(addressed, order, strict=True)
    )
    found = [(report.recipient, report.problems[0].id) for report in read(text)]
    assert found == list(zip(("anna@example.org", "max@example.net"), order, strict=True))
