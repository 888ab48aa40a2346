"""What came of an address is worked out once for those who ask alike, and anew for all others."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checker.bulk import attempts
from checker.bulk.attempts import Attempts
from checker.delivery.targets import Target, targets
from checker.facts import Attempt, Connection, MailServer, Route, RouteKind, Seen, TlsaRecord
from checker.operators import Operator, load
from checker.problems import Stage

TLSA = TlsaRecord(2, 0, 1, "00" * 32)


def target(domain: str, host: str = "mx.example.org", *tlsa: TlsaRecord) -> Target:
    """The only address of a domain."""
    server = MailServer(host, 10, addresses=("192.0.2.1",), tlsa=tlsa)
    (one,) = targets(load("careful"), Route(domain, RouteKind.MX, mail_servers=(server,)))
    return one


def seen() -> Seen:
    """What was seen there."""
    return Seen(datetime(2026, 11, 30, tzinfo=UTC), Connection(Stage.DONE))


def test_alike_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Operator, Target, Seen]] = []

    def join(operator: Operator, target: Target, seen: Seen, _: object) -> Attempt:
        asked.append((operator, target, seen))
        return Attempt(target.probe.host, target.probe.address, len(asked), Stage.DONE)

    monkeypatch.setattr(attempts, "join", join)
    known, one, careful = Attempts(), seen(), load("careful")

    def number(target: Target, seen: Seen = one, operator: Operator = careful) -> int:
        return known.join(operator, target, seen, tuple).preference

    plain = target("a.example")
    assert [number(plain), number(target("b.example")), number(plain)] == [1, 1, 1]
    assert number(plain, operator=load("profihost")) == 2
    assert number(plain) == 1
    assert number(target("a.example", "mx.other.example")) == 3
    assert number(replace(plain, best=False)) == 4
    assert number(plain, seen()) == 5
    anchored = [target(name, "mx.example.org", TLSA) for name in ("a.example", "b.example")]
    assert [number(one) for one in anchored] == [6, 7], "the domain's own name counts there"
