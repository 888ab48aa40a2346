"""What ``doctor`` makes of what it saw: each subject is told as it is, with what to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checker.commands.diagnosis import Named, Seen, diagnose, fails, lines, to_json
from checker.facts import Port, Validation
from checker.network import Validity

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SIGNED = Validity(NOW - timedelta(days=1), NOW + timedelta(days=12))
MAIL = ("mail.example.org",)
OLD_POSTFIX, OLD_QMAIL = "postfix on debian-10", "qmail on debian-10"
WELL = Seen(
    python="3.13.5",
    openssl="OpenSSL 4.0.0",
    unsaid={},
    imitated=[OLD_POSTFIX, OLD_QMAIL],
    simulated=frozenset({OLD_QMAIL}),
    places=[Path("/etc/ssl/certs")],
    has_authorities=True,
    resolver="",
    validation=Validation.VALIDATED,
    needs_validation=[],
    canary="mx.example.net",
    port=Port.OPEN,
    ehlo_name="Mail.example.org",
    named=[Named("203.0.114.1", MAIL, MAIL)],
    store="",
    now=NOW,
    validity=SIGNED,
    synchronized=True,
)
SUBJECTS = [
    *("python", "openssl", "senders", "authorities", "resolver", "dnssec", "port_25", "ptr"),
    *("store", "clock"),
]


def named(*names: str, confirmed: tuple[str, ...] = (), address: str = "203.0.114.1") -> Named:
    return Named(address, names, confirmed)


def test_where_all_is_well_nothing_is_to_be_done() -> None:
    findings = diagnose(WELL)
    assert [(one.id, one.state, one.to_do) for one in findings] == [
        (subject, "ok", "") for subject in SUBJECTS
    ]
    assert not fails(findings)


@pytest.mark.parametrize(
    ("changed", "subject", "state", "told"),
    [
        ({"openssl": None}, "openssl", "failing", "install the program anew"),
        ({"unsaid": {OLD_QMAIL: "no X448"}}, "senders", "failing", "no X448"),
        ({"unsaid": {OLD_POSTFIX: "no X448"}}, "senders", "limited", OLD_POSTFIX),
        ({"has_authorities": False}, "authorities", "failing", "/etc/ssl/certs"),
        ({"has_authorities": False}, "authorities", "failing", "CHECKER_CA_FILE"),
        ({"resolver": "does not answer"}, "resolver", "failing", "CHECKER_RESOLVER"),
        ({"validation": Validation.NOT_VALIDATED}, "dnssec", "limited", "CHECKER_RESOLVER"),
        (
            {"validation": Validation.NOT_VALIDATED, "needs_validation": ["Acme"]},
            "dnssec",
            "failing",
            "Acme",
        ),
        ({"validation": Validation.UNKNOWN}, "dnssec", "unknown", "dig . SOA"),
        ({"port": Port.CLOSED}, "port_25", "failing", "ask your provider"),
        ({"port": Port.UNKNOWN}, "port_25", "unknown", "mx.example.net"),
        ({"canary": None, "port": Port.UNKNOWN}, "port_25", "unknown", "CHECKER_CANARY"),
        # Without a resolver the canary was never asked, unless it is an address.
        ({"port": Port.CLOSED, "resolver": "silent"}, "port_25", "unknown", "mend the resolver"),
        (
            {"port": Port.CLOSED, "resolver": "silent", "canary": "203.0.114.9"},
            "port_25",
            "failing",
            "203.0.114.9",
        ),
        ({"named": []}, "ptr", "unknown", "--address"),
        ({"named": [Named("10.0.0.1")]}, "ptr", "unknown", "--address"),
        ({"named": [Named("203.0.114.1")]}, "ptr", "unknown", "203.0.114.1"),
        ({"named": [named()]}, "ptr", "limited", "have your provider set one"),
        ({"named": [named("a.example")]}, "ptr", "limited", "set an address record of a.example"),
        (
            {"named": [named("a.example", "b.example", confirmed=("b.example",))]},
            "ptr",
            "limited",
            "(CHECKER_EHLO_NAME) to b.example",
        ),
        (
            {"named": [named(*MAIL, confirmed=MAIL)], "ehlo_name": "laptop"},
            "ptr",
            "limited",
            "ehlo",
        ),
        ({"store": None}, "store", "ok", "by itself"),
        ({"store": "connection refused"}, "store", "failing", "connection refused"),
        ({"now": SIGNED.since - timedelta(seconds=1)}, "clock", "failing", "set the clock"),
        ({"now": SIGNED.until + timedelta(seconds=1)}, "clock", "failing", "2026-12-12T12:00:01Z"),
        ({"synchronized": False}, "clock", "limited", "chrony"),
        ({"synchronized": None}, "clock", "ok", "2026-11-30T12:00:00Z"),
        ({"validity": None}, "clock", "ok", "keeps it right"),
        ({"validity": None, "synchronized": False}, "clock", "unknown", "compare it"),
        ({"validity": None, "synchronized": None}, "clock", "unknown", "compare it"),
    ],
)
def test_what_is_told(changed: dict[str, Any], subject: str, state: str, told: str) -> None:
    findings = diagnose(replace(WELL, **changed))
    (finding,) = [one for one in findings if one.id == subject]
    assert finding.state == state
    assert told in f"{finding.seen} {finding.to_do}"
    # What is not well has something to do, and only what is needed makes it fail.
    assert bool(finding.to_do) is (state != "ok")
    assert fails(findings) is any(one.state == "failing" for one in findings)


def test_each_address_that_mail_servers_can_see_is_told_of() -> None:
    seen = replace(WELL, named=[*WELL.named, Named("10.0.0.1"), named(address="2606:4700::1")])
    told = [one for one in diagnose(seen) if one.id == "ptr"]
    assert [(one.state, one.seen.split()[0]) for one in told] == [
        ("ok", "203.0.114.1"),
        ("limited", "2606:4700::1"),
    ]


def test_each_subject_is_one_line_and_programs_read_the_same() -> None:
    findings = diagnose(replace(WELL, port=Port.CLOSED))
    told = list(lines(findings))
    assert [line.split()[:2] for line in told] == [[one.state, one.id] for one in findings]
    (closed,) = [line for line in told if "port_25" in line]
    assert "To do: ask your provider to open outgoing port 25" in closed
    read: Any = to_json(findings)
    assert (read["status"], [one["id"] for one in read["findings"]]) == ("failing", SUBJECTS)
    assert [set(one) for one in read["findings"]] == [{"id", "state", "seen", "to_do"}] * 10
    assert read["findings"][0]["to_do"] is None
    assert to_json(diagnose(WELL))["status"] == "ok"
