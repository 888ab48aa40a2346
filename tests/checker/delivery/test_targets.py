"""Which addresses a sender's server would try, and what it would want of each."""

from dataclasses import replace

import pytest

from checker.delivery.targets import targets
from checker.facts import Finding, MailServer, Route, RouteKind, StsMode, StsPolicy, TlsaRecord
from checker.operators import Level
from checker.problems import Cause
from checker.senders import Server
from checker.senders.hello import Checking
from tests.checker.facts_of import operator

USABLE = TlsaRecord(3, 1, 1, "00" * 32)
UNUSABLE = TlsaRecord(1, 1, 1, "00" * 32)


def route(*servers: MailServer, mode: StsMode | None = None) -> Route:
    policy = None if mode is None else StsPolicy(mode, ("mx1.example.org",), 86_400)
    return Route("example.org", RouteKind.MX, servers, authenticated=True, sts_policy=policy)


def server(number: int = 1, *addresses: str, preference: int | None = None) -> MailServer:
    host = f"mx{number}.example.org"
    return MailServer(
        host,
        number if preference is None else preference,
        addresses or (f"192.0.2.{number}",),
        canonical_name=host,
    )


def test_in_the_order_of_the_route_and_no_more_than_the_sender_tries() -> None:
    servers = route(*(server(number) for number in range(1, 5)))
    found = targets(operator(address_limit=3), servers)
    assert [target.probe.address for target in found] == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]


def test_of_a_group_in_which_chance_picks_more_is_looked_at() -> None:
    many = server(1, *(f"192.0.2.{number}" for number in range(1, 10)))
    assert len(targets(operator(address_limit=2), route(many))) == 4


def test_exim_counts_its_limit_anew_at_each_preference() -> None:
    servers = route(server(1, "192.0.2.1", "192.0.2.2"), server(2, "192.0.2.3"))
    for software, number in ((Server.EXIM, 3), (Server.POSTFIX, 2)):
        assert len(targets(operator(server=software, address_limit=2), servers)) == number


def test_without_ipv6_only_ipv4_is_tried() -> None:
    servers = route(server(1, "2001:db8::1", "192.0.2.1"))
    assert len(targets(operator(ipv6=True), servers)) == 2
    assert [one.probe.address for one in targets(operator(ipv6=False), servers)] == ["192.0.2.1"]


def test_an_address_in_the_mx_record_is_connected_to_by_postfix_alone() -> None:
    by_address = replace(
        server(), findings=(Finding("mail-server-address-invalid", cause=Cause.IP_ADDRESS),)
    )
    assert len(targets(operator(server=Server.POSTFIX), route(by_address))) == 1
    assert targets(operator(server=Server.EXIM), route(by_address)) == ()


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.ENCRYPT, ("mx1.example.org",)),
        (Level.VERIFY, ("mx1.example.org",)),
        (Level.SECURE, ("example.org", ".example.org")),
    ],
)
def test_the_name_that_the_certificate_must_bear(level: Level, expected: tuple[str, ...]) -> None:
    (target,) = targets(operator(level=level), route(server()))
    assert target.probe.expected == expected


@pytest.mark.parametrize(
    ("level", "record", "sni"),
    [
        (Level.DANE, USABLE, True),
        (Level.DANE_ONLY, USABLE, True),
        (Level.DANE, UNUSABLE, False),
        (Level.DANE, replace(UNUSABLE, usage=0), False),
        (Level.DANE, replace(USABLE, selector=2), True),
        (Level.DANE, replace(USABLE, matching_type=3), True),
        (Level.DANE, replace(USABLE, data="00" * 20), True),
        (Level.VERIFY, USABLE, False),
    ],
)
def test_who_heeds_tlsa_names_the_server_it_wants(
    level: Level, record: TlsaRecord, *, sni: bool
) -> None:
    servers = route(replace(server(), tlsa=(record,)))
    (target,) = targets(operator(level=level, sni=False), servers)
    assert target.probe.sni is sni
    (target,) = targets(operator(level=level, sni=True), servers)
    assert target.probe.sni


@pytest.mark.parametrize(
    ("records", "checking"),
    [
        ((USABLE,), Checking.CERTIFICATE),
        ((UNUSABLE, USABLE), Checking.CERTIFICATE),
        ((replace(USABLE, matching_type=3),), Checking.UNUSABLE_DANE),
        ((UNUSABLE, replace(USABLE, selector=2)), Checking.UNUSABLE_DANE),
        # What is not for mail is dropped at once, as if there were nothing.
        ((UNUSABLE,), Checking.NONE),
        ((), Checking.NONE),
    ],
)
def test_what_records_decide_before_the_hello(
    records: tuple[TlsaRecord, ...], checking: Checking
) -> None:
    servers = route(replace(server(), tlsa=records))
    (target,) = targets(operator(level=Level.DANE), servers)
    assert target.probe.checking is checking


def test_under_a_trust_anchor_the_name_may_be_any_on_the_way_to_the_server() -> None:
    aliased = replace(server(), canonical_name="mx.hosting.example")
    (target,) = targets(operator(), route(aliased))
    assert target.names == ("mx1.example.org", "mx.hosting.example", "example.org")


@pytest.mark.parametrize(
    ("level", "record", "refused", "problems"),
    [
        (Level.DANE_ONLY, None, True, ["dane-required"]),
        (Level.DANE_ONLY, UNUSABLE, True, ["dane-required"]),
        (Level.DANE_ONLY, USABLE, False, []),
        (Level.DANE, None, False, []),
        (Level.ENCRYPT, None, False, []),
    ],
)
def test_who_demands_dane_does_not_connect_without_it(
    level: Level, record: TlsaRecord | None, problems: list[str], *, refused: bool
) -> None:
    records = () if record is None else (record,)
    (target,) = targets(operator(level=level), route(replace(server(), tlsa=records)))
    assert target.refused is refused
    assert [finding.id for finding in target.findings] == problems


@pytest.mark.parametrize(("level", "refused"), [(Level.DANE, False), (Level.DANE_ONLY, True)])
def test_below_an_mx_record_that_is_not_signed_dane_counts_for_those_who_can_do_without(
    level: Level, *, refused: bool
) -> None:
    unsigned = replace(route(replace(server(), tlsa=(USABLE,))), authenticated=False)
    (target,) = targets(operator(level=level), unsigned)
    assert target.refused is refused
    assert [finding.id for finding in target.findings] == ["dane-required"] * refused
    assert target.probe.sni


@pytest.mark.parametrize(
    ("level", "problem", "told"),
    [
        (Level.DANE, "dns-failure", True),
        (Level.DANE_ONLY, "dns-failure", True),
        (Level.VERIFY, "dns-failure", False),
        (Level.VERIFY, "dnssec-invalid", True),
    ],
)
def test_a_look_up_of_tlsa_that_fails_concerns_who_heeds_it(
    level: Level, problem: str, *, told: bool
) -> None:
    failing = replace(server(), tlsa_findings=(Finding(problem),))
    (target,) = targets(operator(level=level), route(failing))
    assert [finding.id for finding in target.findings] == ([problem] if told else [])
    # Where that cannot be known, nobody says that there is no record.
    assert target.refused is (level is Level.DANE_ONLY)


def test_a_server_that_the_policy_does_not_list_says_so() -> None:
    unlisted = replace(server(), findings=(Finding("sts-policy-invalid"),))
    (target,) = targets(operator(), route(unlisted, mode=StsMode.ENFORCE))
    assert [finding.id for finding in target.findings] == ["sts-policy-invalid"]
    assert target.sts_enforced
    (target,) = targets(operator(), route(unlisted, mode=StsMode.TESTING))
    assert not target.sts_enforced
