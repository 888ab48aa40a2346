"""A whole check of a handmade world: what comes together there and nowhere else."""

from pathlib import Path

import pytest

from checker.check import Answer, Checker
from checker.conversation.trust import Trust
from checker.delivery.verdict import Outcome
from checker.domain import parse
from checker.operators import Operator, load, load_file
from tests.checker.certificates import KEY, certificate, der_of
from tests.checker.handmade import ADDRESS, HandmadeDns, network
from tests.checker.tls_server import TlsMailServer, context

_OPERATORS = Path(__file__).parents[1] / "lab" / "operators"
DANE, DANE_ONLY = (load_file(_OPERATORS / f"{name}.toml") for name in ("dane", "dane-only"))
CAREFUL = load("careful")

ROOT = ". SOA a.example. b.example. 1 7200 3600 1209600 3600"
MX, A = "example.org MX 10 mx.example.org.", "mx.example.org A 192.0.2.1"


async def check(operator: Operator, dns: HandmadeDns) -> Answer:
    """What comes of a mail to example.org, where no mail server answers."""
    return await Checker(network(dns), Trust()).check(parse("example.org"), operator)


@pytest.mark.parametrize("operator", [DANE, DANE_ONLY], ids=["dane", "dane-only"])
async def test_without_a_validating_resolver_nobody_knows_what_dane_asks(
    operator: Operator,
) -> None:
    verdict = (await check(operator, HandmadeDns(ROOT, MX, A))).verdict
    first = verdict.troubles[0]
    assert (verdict.outcome, first.id) == (Outcome.UNKNOWN, "checker-unreachable")
    assert first.evidence == {"cause": "not-validating"}
    assert "dane-required" not in {trouble.id for trouble in verdict.troubles}


async def test_with_a_validating_resolver_dane_is_missed_where_it_is_not() -> None:
    dns = HandmadeDns(ROOT, MX, A, signed=True, unsigned=("example.org",))
    verdict = (await check(DANE_ONLY, dns)).verdict
    assert (verdict.outcome, verdict.troubles[0].id) == (Outcome.FAILS, "dane-required")


async def test_a_domain_that_takes_no_mail_takes_none_whatever_the_resolver_does() -> None:
    verdict = (await check(DANE_ONLY, HandmadeDns(ROOT, "example.org MX 0 ."))).verdict
    assert (verdict.outcome, verdict.troubles[0].id) == (Outcome.FAILS, "null-mx")


@pytest.mark.parametrize("operator", ["careful", "profihost", "mediafinanz"])
async def test_without_authorities_no_certificate_is_judged(operator: str, tmp_path: Path) -> None:
    shown = context([der_of(certificate("mx.example.org"))], KEY)
    world = network(HandmadeDns(MX, A), {ADDRESS: lambda: TlsMailServer(shown)})
    checker = Checker(world, Trust(places=[tmp_path]))
    verdict = (await checker.check(parse("example.org"), load(operator))).verdict
    await checker.close()
    told = {trouble.id for trouble in verdict.troubles}
    assert not told & {"certificate-not-trusted", "certificate-chain-incomplete"}
    if checker.lacks_authorities(load(operator)):
        assert verdict.outcome is Outcome.UNKNOWN
        assert verdict.troubles[0].evidence == {"cause": "no-authorities"}
    else:
        assert verdict.outcome in {Outcome.DELIVERS, Outcome.DELIVERS_WITH_WARNINGS}


async def test_nobody_else_asks_whether_the_resolver_validates() -> None:
    dns = HandmadeDns(ROOT, MX, A)
    await check(CAREFUL, dns)
    assert not [asked for asked in dns.asked if asked.endswith(" SOA")]
