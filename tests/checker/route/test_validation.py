"""Whether the resolver validates."""

import pytest

from checker.facts import Validation
from checker.network import DnsStatus
from checker.route.validation import find_validation
from tests.checker.handmade import HandmadeDns

SOA = "SOA a.example. b.example. 1 7200 3600 1209600 3600"
UNWILLING = {". SOA": DnsStatus.SERVER_FAILURE}


@pytest.mark.parametrize(
    ("dns", "validation"),
    [
        (HandmadeDns(f". {SOA}", signed=True), Validation.VALIDATED),
        (HandmadeDns(f". {SOA}"), Validation.NOT_VALIDATED),
        # Some answer for what lies below the root alone.
        (HandmadeDns(f"org {SOA}", failures=UNWILLING, signed=True), Validation.VALIDATED),
        (HandmadeDns(f"org {SOA}", failures=UNWILLING), Validation.NOT_VALIDATED),
        (HandmadeDns(failures=UNWILLING), Validation.UNKNOWN),
        # Not every top-level domain is signed.
        (HandmadeDns(f". {SOA}", f"org {SOA}", signed=True, unsigned=("org",)), "validated"),
    ],
)
async def test_a_resolver_validates_where_the_root_is_authentic(
    dns: HandmadeDns, validation: str
) -> None:
    assert await find_validation(dns, "example.org") == validation


async def test_without_a_domain_the_root_alone_is_asked_for() -> None:
    dns = HandmadeDns(failures=UNWILLING)
    assert await find_validation(dns) is Validation.UNKNOWN
    assert dns.asked == [". SOA"]
