"""What is told of a real Exim's log is what the servers that took the mail say of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from checker.log.reading import part_of
from tests.log.made import fates_of
from tests.log.real import CROWD, RECIPIENTS, ROUNDS
from tests.log.receiver import taken
from tests.oracle.launch import launch
from tests.senders.systems import RELEASES, system_root

pytestmark = [pytest.mark.programs, pytest.mark.repeats]

_PATIENCE = 300
OF_EACH = ROUNDS * len(RECIPIENTS)
"""Recipients of mail that goes to a domain in one of the ways."""

OF_CROWD = CROWD * len(RECIPIENTS)


@pytest.fixture(name="found", scope="module", params=RELEASES)
def _found(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Any]:
    folder = tmp_path_factory.mktemp("log")
    root = system_root(request.param)
    found, _ = launch(folder, [root], "tests.log.real_exim", str(request.param), seconds=_PATIENCE)
    assert found["done"], found["said"]
    return dict(found)


def test_each_delivery_once_with_the_tls_that_it_had(found: Mapping[str, Any]) -> None:
    truth = taken(found["receiver"])
    told: Counter[tuple[str, bool]] = Counter()
    for log in found["sender"].values():
        assert "]* X=" in log, "no connection was used again"
        for (_, _, domain, _, trust, _), (number, _) in part_of(
            log.encode("latin-1"), sessions=True
        ).sessions.items():
            told[domain.decode(), bool(trust)] += number
    domains = {domain for domain, _ in truth}
    assert {key: number for key, number in told.items() if key[0] in domains} == truth
    assert {("no-starttls.test", False), ("healthy.test", True)} <= set(truth)
    assert {key for key in told if key[0] == "starttls-502.test"} == {("starttls-502.test", False)}


def test_each_recipient_has_one_fate(found: Mapping[str, Any]) -> None:
    lost: Counter[tuple[str, str, str, str]] = Counter()
    sent = 0
    for way, log in found["sender"].items():
        fates = fates_of(log)
        # Notices about what could not be sent
        sent += fates.sent - log.count(" => :blackhole: ")
        for place, row in fates.rows.items():
            name = place.domain.removesuffix(".test")
            for fate in ("bounced", "expired", "waiting"):
                if number := getattr(row, fate):
                    lost[way, name, place.problem.id, fate] += number
    assert sent + lost.total() == found["recipients"]
    everywhere = {
        ("null-mx", "null-mx", "bounced"): OF_EACH,
        ("recipient-refused", "not-tls", "bounced"): OF_EACH,
        ("connection-refused", "connection-failed", "expired"): OF_EACH,
        ("greeting-554", "greeting-refused", "bounced"): OF_EACH,
    }
    # Exim's line does not say what is wrong with a certificate.
    where_it_counts = {
        ("wrong-name", "certificate-not-verified", "expired"): OF_EACH,
        ("self-signed", "certificate-not-verified", "expired"): OF_EACH,
        ("expired", "certificate-not-verified", "expired"): OF_EACH,
        ("no-starttls", "starttls-not-supported", "expired"): OF_EACH + OF_CROWD,
        ("starttls-502", "starttls-failed", "expired"): OF_EACH,
    }
    assert lost == {
        **{
            (way, *key): number for way in ("plain", "verify") for key, number in everywhere.items()
        },
        **{("verify", *key): number for key, number in where_it_counts.items()},
    }
