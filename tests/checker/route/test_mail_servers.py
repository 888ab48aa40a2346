"""From a domain to its mail servers, as the DNS tells them."""

import asyncio
import json
from dataclasses import replace

import dns.name
import pytest
from dns.rdata import Rdata, from_text
from dns.rdataclass import IN
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX as MX_
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.check import Checker
from checker.conversation.trust import Trust
from checker.domain import parse
from checker.facts import Evidence, Finding, MailServer, Route, RouteKind, TlsaRecord
from checker.network import DnsAnswer, DnsStatus, Limits
from checker.network.addresses import permission
from checker.operators import load
from checker.problems import Cause
from checker.route.mail_servers import find_route
from checker.tell.answer import to_json
from checker.tell.lines import lines
from tests.checker.handmade import HandmadeConnector, HandmadeDns, network
from tests.examples import examples

DOMAIN = "example.org"
MX = "example.org MX 10 mx.example.org."
A = "mx.example.org A 192.0.2.1"
AAAA = "mx.example.org AAAA 2001:db8::1"


async def route(dns: HandmadeDns) -> Route:
    return await find_route(DOMAIN, network(dns))


def servers(found: Route) -> list[tuple[int, str, list[str]]]:
    return [(one.preference, one.host, list(one.addresses)) for one in found.mail_servers]


class Crowded(HandmadeDns):
    """Knows how many ask at once."""

    waiting = most = 0

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question."""
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await asyncio.sleep(0)
        self.waiting -= 1
        return await super().resolve(name, record_type, checking_disabled=checking_disabled)


async def test_a_domain_with_very_many_mail_servers_does_not_flood_the_resolver() -> None:
    names = [f"mx{number}.example.org" for number in range(150)]
    listed = (f"example.org MX 10 {name}." for name in names)
    dns = Crowded(*listed, *(f"{name} A 192.0.2.1" for name in names))
    found = await route(dns)
    assert len([one for one in found.mail_servers if one.addresses]) == len(found.mail_servers) > 20
    assert 20 < dns.most <= 100


async def test_a_mail_server() -> None:
    found = await route(HandmadeDns(MX, A))
    assert found.kind is RouteKind.MX
    assert found.domain == DOMAIN
    assert found.findings == ()
    assert servers(found) == [(10, "mx.example.org", ["192.0.2.1"])]


async def test_the_lowest_preference_comes_first_and_ipv4_before_ipv6() -> None:
    dns = HandmadeDns(
        "example.org MX 20 b.example.org.",
        "example.org MX 5 c.example.org.",
        "example.org MX 20 a.example.org.",
        "a.example.org A 192.0.2.1",
        "b.example.org AAAA 2001:db8::2",
        "b.example.org A 192.0.2.2",
        "b.example.org A 192.0.2.3",
        "c.example.org AAAA 2001:db8::3",
    )
    assert servers(await route(dns)) == [
        (5, "c.example.org", ["2001:db8::3"]),
        (20, "a.example.org", ["192.0.2.1"]),
        (20, "b.example.org", ["192.0.2.2", "192.0.2.3", "2001:db8::2"]),
    ]


async def test_of_many_addresses_some_are_looked_at() -> None:
    many = [f"mx.example.org A 192.0.2.{number}" for number in range(250)]
    more = [f"mx.example.org AAAA 2001:db8::{number:x}" for number in range(250)]
    (only,) = (await route(HandmadeDns(MX, *many, *more))).mail_servers
    assert len(only.addresses) == 2 * Limits().addresses
    assert only.addresses[:2] == ("192.0.2.0", "192.0.2.1")


async def test_names_are_in_lower_case() -> None:
    found = await route(HandmadeDns("example.org MX 10 MX.Example.ORG.", A))
    assert servers(found) == [(10, "mx.example.org", ["192.0.2.1"])]


async def test_an_alias_keeps_the_name_in_the_mx_record() -> None:
    dns = HandmadeDns(MX, "mx.example.org CNAME real.example.net.", "real.example.net A 192.0.2.9")
    assert servers(await route(dns)) == [(10, "mx.example.org", ["192.0.2.9"])]


@pytest.mark.parametrize("record", ["A 192.0.2.1", "AAAA 2001:db8::1"])
async def test_without_mx_the_domain_itself_takes_the_mail(record: str) -> None:
    found = await route(HandmadeDns(f"example.org {record}"))
    assert found.kind is RouteKind.IMPLICIT_MX
    assert servers(found) == [(0, DOMAIN, [record.split()[1]])]
    assert found.findings == ()


async def test_a_domain_that_does_not_exist_names_what_it_resembles() -> None:
    found = await find_route("gmial.com", network(HandmadeDns()))
    assert found.findings == (
        Finding("domain-not-found", {"name": "gmial.com", "alike": ["gmail.com"]}),
    )


@pytest.mark.parametrize(
    ("dns", "kind", "findings"),
    [
        (HandmadeDns(), "no-route", [Finding("domain-not-found", {"name": DOMAIN})]),
        (
            HandmadeDns("example.org MX 0 ."),
            "null-mx",
            [Finding("null-mx", {"name": DOMAIN})],
        ),
        (
            HandmadeDns("example.org TXT nothing"),
            "no-route",
            [Finding("no-mail-server", {"name": DOMAIN, "cause": "no-address"})],
        ),
        (
            HandmadeDns(MX),
            "mx",
            [Finding("no-mail-server", {"name": "mx.example.org", "cause": "not-found"})],
        ),
        (
            HandmadeDns(MX, "mx.example.org TXT nothing"),
            "mx",
            [Finding("no-mail-server", {"name": "mx.example.org", "cause": "no-address"})],
        ),
        (
            HandmadeDns("example.org MX 10 10.0.0.1."),
            "mx",
            [Finding("mail-server-address-invalid", {"host": "10.0.0.1"}, Cause.IP_ADDRESS)],
        ),
        (
            HandmadeDns(MX, "mx.example.org A 127.0.0.1", "mx.example.org A 10.0.0.1"),
            "mx",
            [
                Finding(
                    "mail-server-address-invalid",
                    {"host": "mx.example.org", "addresses": ["127.0.0.1", "10.0.0.0/8"]},
                    Cause.LOOPBACK,
                )
            ],
        ),
        (
            HandmadeDns("example.org A 127.0.0.1"),
            "implicit-mx",
            [
                Finding(
                    "mail-server-address-invalid",
                    {"host": DOMAIN, "addresses": ["127.0.0.1"]},
                    Cause.LOOPBACK,
                )
            ],
        ),
    ],
)
async def test_a_domain_that_takes_no_mail(
    dns: HandmadeDns, kind: str, findings: list[Finding]
) -> None:
    found = await route(dns)
    assert found.kind == kind
    assert list(found.findings) == findings
    assert not any(server.addresses for server in found.mail_servers)


@pytest.mark.parametrize(
    ("records", "addresses", "cause"),
    [
        (["A 10.0.0.1"], ["10.0.0.0/8"], Cause.NOT_PUBLIC),
        (["A 0.0.0.0"], ["0.0.0.0/8"], Cause.THIS_HOST),
        (["A 0.0.0.1"], ["0.0.0.0/8"], Cause.NOT_PUBLIC),
        (["A 0.0.0.0", "AAAA ::1"], ["0.0.0.0/8", "::1"], Cause.LOOPBACK),
        # In the notation of IPv6 no sender knows itself again before it is there.
        (["AAAA ::ffff:127.0.0.1"], ["::/8"], Cause.LEADS_BACK),
        (["AAAA ::ffff:0.0.0.0", "A 10.0.0.1"], ["10.0.0.0/8", "::/8"], Cause.LEADS_BACK),
        (["AAAA ::"], ["::/8"], Cause.LEADS_BACK),
        (["AAAA ::ffff:10.0.0.1"], ["::/8"], Cause.NOT_PUBLIC),
        (["AAAA ::127.0.0.1"], ["::/8"], Cause.NOT_PUBLIC),
    ],
)
async def test_whose_an_address_is_that_is_not_public(
    records: list[str], addresses: list[str], cause: Cause
) -> None:
    dns = HandmadeDns(MX, A, *(f"mx.example.org {record}" for record in records))
    found = await find_route(DOMAIN, replace(network(dns), permits=permission(["192.0.2.0/24"])))
    (server,) = found.mail_servers
    assert len(server.addresses) == 1
    evidence: Evidence = {"host": "mx.example.org", "addresses": addresses}
    assert server.findings == (Finding("mail-server-address-invalid", evidence, cause),)


async def test_what_a_null_mx_beside_another_means_is_left_to_the_sender() -> None:
    found = await route(HandmadeDns(MX, A, "example.org MX 0 ."))
    assert found.kind is RouteKind.MX
    assert found.findings == (Finding("null-mx", {"name": DOMAIN, "beside": 1}),)
    assert [server.host for server in found.mail_servers] == ["mx.example.org"]


@pytest.mark.parametrize(
    ("status", "problem", "cause"),
    [
        (DnsStatus.SERVER_FAILURE, "dns-failure", "server-failure"),
        (DnsStatus.TIMEOUT, "dns-failure", "timeout"),
        (DnsStatus.UNREACHABLE, "checker-unreachable", "resolver"),
    ],
)
@pytest.mark.parametrize("asked", ["example.org MX", "mx.example.org A", "mx.example.org AAAA"])
async def test_an_answer_that_does_not_come(
    status: DnsStatus, problem: str, cause: str, asked: str
) -> None:
    found = await route(HandmadeDns(MX, "mx.example.org TXT x", failures={asked: status}))
    assert [finding.id for finding in found.findings] == [problem]
    assert found.findings[0].told["cause"] == cause


async def test_one_failure_leaves_open_whether_a_server_is_usable() -> None:
    dns = HandmadeDns(
        "example.org MX 10 a.example.org.",
        MX,
        failures={"mx.example.org A": DnsStatus.TIMEOUT},
    )
    found = await route(dns)
    assert [finding.id for finding in found.findings] == ["dns-failure", "no-mail-server"]


async def test_what_is_wrong_with_one_server_does_not_stop_the_others() -> None:
    dns = HandmadeDns(
        "example.org MX 5 gone.example.org.",
        "example.org MX 6 home.example.org.",
        MX,
        A,
        "mx.example.org A 10.0.0.1",
        "home.example.org A 127.0.0.1",
    )
    found = await route(dns)
    assert found.findings == ()
    assert servers(found) == [
        (5, "gone.example.org", []),
        (6, "home.example.org", []),
        (10, "mx.example.org", ["192.0.2.1"]),
    ]
    assert [[finding.id for finding in one.findings] for one in found.mail_servers] == [
        ["no-mail-server"],
        ["mail-server-address-invalid"],
        ["mail-server-address-invalid"],
    ]


async def test_addresses_of_one_kind_suffice_when_the_other_cannot_be_asked_for() -> None:
    dns = HandmadeDns(MX, A, failures={"mx.example.org AAAA": DnsStatus.TIMEOUT})
    found = await route(dns)
    assert found.findings == ()
    assert servers(found) == [(10, "mx.example.org", ["192.0.2.1"])]


@pytest.mark.parametrize("bogus", ["example.org", "mx.example.org"])
async def test_bogus_signatures_are_told_and_the_servers_asked_all_the_same(bogus: str) -> None:
    found = await route(HandmadeDns(MX, A, bogus=(bogus,)))
    assert {finding.id for finding in found.findings} == {"dnssec-invalid"}
    assert found.findings[0].evidence["name"] == bogus
    assert servers(found) == [(10, "mx.example.org", ["192.0.2.1"])]


async def test_a_bogus_answer_that_the_domain_does_not_exist() -> None:
    found = await route(HandmadeDns(bogus=("example.org",)))
    assert found.kind is RouteKind.NO_ROUTE


async def test_not_more_servers_are_looked_up_than_the_limit() -> None:
    records = [f"example.org MX {n} mx{n}.example.org." for n in range(1000)]
    dns = HandmadeDns(*records)
    found = await find_route(DOMAIN, network(dns, limits=Limits(mail_servers=3)))
    assert [server.host for server in found.mail_servers] == [
        "mx0.example.org",
        "mx1.example.org",
        "mx2.example.org",
    ]
    assert len(dns.asked) <= 1 + 3 * 4


TLSA = "TLSA 3 1 1 " + "ab" * 32
RECORD = TlsaRecord(3, 1, 1, "ab" * 32)


def only_server(found: Route) -> MailServer:
    (server,) = found.mail_servers
    return server


async def test_tlsa_records_of_a_signed_domain() -> None:
    found = await route(HandmadeDns(MX, A, f"_25._tcp.mx.example.org {TLSA}", signed=True))
    assert found.authenticated
    assert only_server(found).tlsa == (RECORD,)


async def test_tlsa_records_of_a_domain_that_is_not_signed_do_not_count() -> None:
    found = await route(HandmadeDns(MX, A, f"_25._tcp.mx.example.org {TLSA}"))
    assert not found.authenticated
    assert only_server(found).tlsa == ()


async def test_tlsa_records_count_where_only_the_mx_record_is_not_signed() -> None:
    dns = HandmadeDns(
        MX, A, f"_25._tcp.mx.example.org {TLSA}", signed=True, unsigned=("example.org",)
    )
    found = await route(dns)
    assert not found.authenticated
    assert only_server(found).tlsa == (RECORD,)


async def test_a_server_named_by_its_address_keeps_its_place() -> None:
    dns = HandmadeDns("example.org MX 20 192.0.2.7.", "example.org MX 30 mx.example.org.", A)
    found = await route(dns)
    assert [one.canonical_name for one in found.mail_servers] == ["192.0.2.7", "mx.example.org"]
    assert servers(found) == [
        (20, "192.0.2.7", ["192.0.2.7"]),
        (30, "mx.example.org", ["192.0.2.1"]),
    ]


async def test_tlsa_records_at_the_end_of_an_alias_come_first() -> None:
    alias = ["mx.example.org CNAME real.example.net.", "real.example.net A 192.0.2.9"]
    own = f"_25._tcp.mx.example.org {TLSA}"
    target = "_25._tcp.real.example.net TLSA 3 1 1 " + "cd" * 32
    found = await route(HandmadeDns(MX, *alias, own, target, signed=True))
    assert only_server(found).tlsa == (TlsaRecord(3, 1, 1, "cd" * 32),)
    found = await route(HandmadeDns(MX, *alias, own, signed=True))
    assert only_server(found).tlsa == (RECORD,)


@pytest.mark.parametrize("unsigned", [(), ("mx.example.org",)])
async def test_tlsa_records_of_a_signed_alias_count_where_it_leads_to_what_is_not_signed(
    unsigned: tuple[str, ...],
) -> None:
    alias = ["mx.example.org CNAME real.example.net.", "real.example.net A 192.0.2.9"]
    own = f"_25._tcp.mx.example.org {TLSA}"
    target = "_25._tcp.real.example.net TLSA 3 1 1 " + "cd" * 32
    unsigned = ("real.example.net", "_25._tcp.real.example.net", *unsigned)
    found = await route(HandmadeDns(MX, *alias, own, target, signed=True, unsigned=unsigned))
    server = only_server(found)
    assert server.addresses == ("192.0.2.9",)
    if "mx.example.org" in unsigned:
        assert server.tlsa == ()
    else:
        assert (server.tlsa, server.canonical_name) == ((RECORD,), "mx.example.org")


async def test_nobody_asks_about_an_alias_without_tlsa_records() -> None:
    dns = HandmadeDns(MX, "mx.example.org CNAME real.example.net.", "real.example.net A 192.0.2.9")
    assert only_server(await route(dns)).tlsa == ()
    assert not [asked for asked in dns.asked if asked.endswith(" CNAME")]


async def test_bogus_tlsa_records() -> None:
    dns = HandmadeDns(MX, A, bogus=("_25._tcp.mx.example.org",), signed=True)
    server = only_server(await route(dns))
    assert server.tlsa == ()
    assert [finding.id for finding in server.tlsa_findings] == ["dnssec-invalid"]


_LABELS = st.lists(st.binary(min_size=1, max_size=20), max_size=4).map(
    lambda labels: dns.name.Name([*labels, b""])
)
_ADDRESSES = st.ip_addresses().map(str)


class _Chaos:
    """A resolver that gives any records for any question."""

    def __init__(self, exchanges: list[tuple[int, dns.name.Name]], addresses: list[str]) -> None:
        """Take what the MX records and the addresses are."""
        self._mx = [
            MX_(IN, RdataType.MX, number, name)  # type: ignore[no-untyped-call]
            for number, name in exchanges
        ]
        self._addresses = addresses

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Answer with the records of that type."""
        del checking_disabled
        dns.name.from_text(name)
        found: list[Rdata] = [
            from_text(IN, record_type, address)
            for address in self._addresses
            if record_type == ("AAAA" if ":" in address else "A")
        ]
        records = tuple(self._mx) if record_type == "MX" else tuple(found)
        status = DnsStatus.ANSWER if records else DnsStatus.NO_DATA
        return DnsAnswer(status, records, authenticated=True, canonical_name=name)


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(st.integers(0, 65_535), _LABELS), max_size=5), st.lists(_ADDRESSES))
async def test_whatever_names_and_addresses_there_are_there_is_an_answer(
    exchanges: list[tuple[int, dns.name.Name]], addresses: list[str]
) -> None:
    outside = replace(network(), resolver=_Chaos(exchanges, addresses), permits=permission())
    checker = Checker(outside, Trust([]))
    answer = await checker.check(parse(DOMAIN), load("careful"))
    await checker.close()
    assert json.loads(json.dumps(to_json(answer)))["domain"] == DOMAIN
    assert all(line.isprintable() for line in lines(answer))
    assert isinstance(outside.connector, HandmadeConnector)
    assert all(permission()(address) for address, _ in outside.connector.connected)
