"""Questions to a real resolver end in an answer or a status, never in an exception."""

from datetime import UTC, datetime
from pathlib import Path

import dns.resolver
import pytest

from checker.network import DnsStatus
from checker.network.resolver import DnspythonResolver, ResolverError
from tests.lab import Lab


def resolver_of(lab: Lab) -> DnspythonResolver:
    address, port = lab.resolver.split(":")
    return DnspythonResolver(address, int(port))


@pytest.mark.parametrize(
    ("name", "record_type", "status"),
    [
        ("healthy.test", "MX", DnsStatus.ANSWER),
        ("healthy.test", "AAAA", DnsStatus.NO_DATA),
        ("does-not-exist.test", "MX", DnsStatus.NAME_ERROR),
        ("dnssec-bogus.test", "MX", DnsStatus.SERVER_FAILURE),
        ("dns-lame.test", "MX", DnsStatus.SERVER_FAILURE),
        ("many-servers.test", "MX", DnsStatus.ANSWER),
        ("a..test", "MX", DnsStatus.NAME_ERROR),
        ("x" * 64 + ".test", "MX", DnsStatus.NAME_ERROR),
        ("_25._tcp." + "x." * 124 + "test", "TLSA", DnsStatus.NAME_ERROR),
    ],
)
async def test_how_a_question_ends(
    lab: Lab, name: str, record_type: str, status: DnsStatus
) -> None:
    answer = await resolver_of(lab).resolve(name, record_type)
    assert answer.status is status
    assert bool(answer.records) == (status is DnsStatus.ANSWER)


async def test_bogus_answers_come_when_nobody_checks(lab: Lab) -> None:
    answer = await resolver_of(lab).resolve("dnssec-bogus.test", "MX", checking_disabled=True)
    assert answer.status is DnsStatus.ANSWER
    assert not answer.authenticated


async def test_a_named_resolver_is_believed(lab: Lab) -> None:
    resolver = resolver_of(lab)
    assert (await resolver.resolve("healthy.test", "MX")).authenticated
    assert (await resolver.resolve("healthy.test", "AAAA")).authenticated
    assert not (await resolver.resolve("unsigned.test", "MX")).authenticated


async def test_a_signature_says_when_it_is_valid_also_where_it_is_not_now(lab: Lab) -> None:
    resolver, now = resolver_of(lab), datetime.now(UTC)
    signed = await resolver.validity("healthy.test", "MX")
    assert signed is not None
    assert signed.since < now < signed.until
    assert await resolver.validity("dnssec-bogus.test", "MX") is not None
    assert await resolver.validity("unsigned.test", "MX") is None
    assert await resolver.validity("does-not-exist.test", "MX") is None
    assert await DnspythonResolver("127.0.0.1", 1).validity("healthy.test", "MX") is None


async def test_aliases_are_followed(lab: Lab) -> None:
    answer = await resolver_of(lab).resolve("mx.cname-mx.test", "A")
    assert answer.status is DnsStatus.ANSWER
    assert answer.canonical_name == "target.cname-mx.test"


async def test_a_long_answer_comes_whole(lab: Lab) -> None:
    answer = await resolver_of(lab).resolve("many-servers.test", "MX")
    assert len(answer.records) == 31


@pytest.mark.parametrize("server", ["", "a..b", "x" * 300, "does-not-exist.invalid", "\udcff"])
def test_a_resolver_that_is_none(server: str) -> None:
    with pytest.raises(ResolverError, match="resolver"):
        DnspythonResolver(server)


def test_a_system_without_resolver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    original = dns.resolver.BaseResolver.read_resolv_conf
    empty = tmp_path / "resolv.conf"
    empty.write_text("")
    monkeypatch.setattr(
        dns.resolver.BaseResolver,
        "read_resolv_conf",
        lambda self, _: original(self, str(empty)),
    )
    with pytest.raises(ResolverError, match=r"/etc/resolv\.conf"):
        DnspythonResolver()
