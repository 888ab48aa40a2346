"""What is told of a real Postfix's log is what the servers that took the mail say of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from checker.log.model import UNTOLD
from checker.log.reading import part_of
from tests.log.made import fates_of
from tests.log.real import RECIPIENTS, ROUNDS, SENDER, WAYS
from tests.log.receiver import taken
from tests.oracle.launch import launch

pytestmark = pytest.mark.programs

_PATIENCE = 300
OF_EACH = ROUNDS * len(RECIPIENTS)
"""Recipients of mail that goes to a domain in one of the ways."""


@pytest.fixture(name="found", scope="module")
def _found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    found, _ = launch(
        tmp_path_factory.mktemp("log"), [SENDER.root], "tests.log.real", seconds=_PATIENCE
    )
    assert found["done"]
    return dict(found)


def test_each_delivery_once_with_the_tls_that_it_had(found: Mapping[str, Any]) -> None:
    assert " TLS connection reused to " in found["sender"]
    assert ", conn_use=" in found["sender"]
    truth = taken(found["receiver"])
    part = part_of(found["sender"].encode("latin-1"), sessions=True)
    told: Counter[tuple[str, bool]] = Counter()
    for (_, _, domain, _, trust, _), (number, _) in part.sessions.items():
        assert trust != UNTOLD
        told[domain.decode(), bool(trust)] += number
    for (_, _, domain, _), (number, _) in part.open.items():
        told[domain.decode(), False] += number
    domains = {domain for domain, _ in truth}
    assert {key: number for key, number in told.items() if key[0] in domains} == truth
    assert {("no-starttls.test", False), ("healthy.test", True)} <= set(truth)
    assert {key for key in told if key[0] == "starttls-502.test"} == {("starttls-502.test", False)}


def test_each_recipient_has_one_fate(found: Mapping[str, Any]) -> None:
    fates = fates_of(found["sender"])
    notices = found["sender"].count(": sender non-delivery notification: ")
    lost: Counter[tuple[str, str, str]] = Counter()
    for place, row in fates.rows.items():
        name = place.domain.removesuffix(".test")
        for fate in ("bounced", "expired", "waiting"):
            if number := getattr(row, fate):
                lost[name, place.problem.id, fate] += number
    assert fates.sent + lost.total() == found["recipients"] + notices
    everyone = len(WAYS) * OF_EACH
    assert lost == {
        ("null-mx", "null-mx", "bounced"): everyone,
        ("recipient-refused", "not-tls", "bounced"): everyone,
        ("connection-refused", "connection-failed", "expired"): everyone,
        ("greeting-554", "greeting-refused", "expired"): everyone,
        # Where the certificate counts
        ("wrong-name", "certificate-host-mismatch", "expired"): OF_EACH,
        ("self-signed", "certificate-self-signed", "expired"): OF_EACH,
        ("expired", "certificate-expired", "expired"): OF_EACH,
        ("no-starttls", "starttls-not-supported", "expired"): OF_EACH,
        ("starttls-502", "starttls-not-supported", "bounced"): OF_EACH,
        ("tls-1-0-only", "tls-version", "expired"): OF_EACH,
    }
