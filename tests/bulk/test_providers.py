"""Whom to call: which domains belong to one provider, and which to their owners."""

import pytest

from checker.bulk.providers import organization, providers
from checker.bulk.store import Answered


def lost(
    domain: str,
    host: str | None,
    address: str | None = "192.0.2.1",
    problem: str = "certificate-expired",
    lines: int = 1,
) -> Answered:
    """A domain that is not reached."""
    return Answered(domain, 1, lines, "careful", "fails", problem, host, address, "{}")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("mx1.mail.provider.example", "provider.example"),
        ("provider.example", "provider.example"),
        ("mx.provider.co.uk", "provider.co.uk"),
        ("mx.provider.gv.at", "provider.gv.at"),
        ("mx.com.de", "mx.com.de"),
        ("com.de", "com.de"),
        ("mx.mail.kunde.kawasaki.jp", "mail.kunde.kawasaki.jp"),
        ("mx1.anna.dyndns.org", "anna.dyndns.org"),
        ("example-org.mail.protection.outlook.com", "outlook.com"),
        ("192.0.2.1", "192.0.2.1"),
        ("localhost", "localhost"),
    ],
)
def test_an_organization_is_what_somebody_registered(host: str, name: str) -> None:
    assert organization(host) == name


def test_forty_domains_are_one_call() -> None:
    answers = [lost(f"d{n}.example", f"mx{n % 3}.provider.net", f"192.0.2.{n}") for n in range(40)]
    found, owners = providers([lost("x.example", "mx.x.example", "198.51.100.1"), *answers])
    assert [(one.name, len(one.answers)) for one in found] == [
        ("provider.net", 40),
        ("x.example", 1),
    ]
    assert owners == []


def test_servers_of_many_names_at_one_address_are_one_call() -> None:
    answers = [lost(f"d{n}.example", f"mx.d{n}.example") for n in range(5)]
    (provider,), _ = providers(answers)
    assert provider.name == "192.0.2.1"
    assert len(provider.hosts) == 5


def test_a_name_of_most_names_the_provider() -> None:
    answers = [lost(f"d{n}.example", "mx.provider.net") for n in range(5)]
    (provider,), _ = providers([lost("own.example", "mx.own.example"), *answers])
    assert provider.name == "provider.net"


def test_what_only_the_owner_can_mend_is_no_call() -> None:
    null = lost("null.example", None, None, "null-mx")
    policy = lost("sts.example", "mx.provider.net", problem="sts-policy-invalid")
    found, owners = providers([null, policy, lost("a.example", "mx.provider.net")])
    assert [one.domain for one in owners] == ["null.example", "sts.example"]
    assert [len(one.answers) for one in found] == [1]


def test_the_provider_of_most_domains_comes_first() -> None:
    answers = [
        lost("a.example", "mx.small.net", "192.0.2.1", lines=9),
        lost("b.example", "mx.large.net", "192.0.2.2"),
        lost("c.example", "mx.large.net", "192.0.2.2", "tls-version"),
        lost("d.example", "mx.large.net", "192.0.2.2", "tls-version"),
    ]
    found, _ = providers(answers)
    assert [one.name for one in found] == ["large.net", "small.net"]
    assert found[0].problems == [("tls-version", 2), ("certificate-expired", 1)]
    assert found[1].lines == 9
