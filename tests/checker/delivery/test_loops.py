"""Mail servers that lead back to the sender's own machine."""

from dataclasses import replace

import pytest

from checker.delivery.loops import before_itself, loops_back, met_itself
from checker.delivery.targets import targets, untried
from checker.delivery.verdict import Disposition, Outcome, decide
from checker.facts import Finding, MailServer, Route
from checker.operators import Level
from checker.problems import Cause, Stage
from checker.senders import Server
from tests.checker.certificates import NOW
from tests.checker.facts_of import operator, route

LOOP = Finding("mail-server-address-invalid", {"address": "127.0.0.1"}, Cause.LOOPBACK)
ZERO = Finding("mail-server-address-invalid", {"address": "0.0.0.0/8"}, Cause.THIS_HOST)
MAPPED = Finding("mail-server-address-invalid", {"address": "::/8"}, Cause.LEADS_BACK)
_OWN = {Cause.THIS_HOST: "0.0.0.0", Cause.LEADS_BACK: "::ffff:127.0.0.1"}  # noqa: S104
PRIVATE = Finding("mail-server-address-invalid", {"address": "10.0.0.1"}, Cause.NOT_PUBLIC)


def server(
    preference: int,
    *findings: Finding,
    host: str = "",
    addresses: tuple[str, ...] = ("192.0.2.1",),
) -> MailServer:
    own = tuple(dict.fromkeys(_OWN[one.cause] for one in findings if one.cause in _OWN))
    name = host or f"mx{preference}.example.org"
    return MailServer(name, preference, addresses, findings=findings, leading_back=own)


def having(*servers: MailServer) -> Route:
    return replace(route(), mail_servers=servers)


@pytest.mark.parametrize(
    ("servers", "comes_back"),
    [
        ([], False),
        ([server(10)], False),
        ([server(10, LOOP)], True),
        # Whatever other address it has, and whatever else is wrong with it.
        ([server(10, PRIVATE, LOOP)], True),
        ([server(10, PRIVATE)], False),
        # Any of the best ones, whichever stands first.
        ([server(10, host="a.example.org"), server(10, LOOP, host="b.example.org")], True),
        # A better one takes the mail before it comes to that.
        ([server(10), server(20, LOOP)], False),
        ([server(20, LOOP), server(10)], False),
        ([server(0, LOOP), server(20)], True),
    ],
)
def test_a_mail_comes_back_at_once_where_the_best_server_is_the_sender_itself(
    servers: list[MailServer], *, comes_back: bool
) -> None:
    for sender in Server:
        assert loops_back(having(*servers), sender) == (LOOP if comes_back else None)


@pytest.mark.parametrize(
    ("sender", "comes_back"), [(Server.POSTFIX, False), (Server.EXIM, True), (Server.QMAIL, True)]
)
def test_not_each_server_takes_zero_for_itself(sender: Server, *, comes_back: bool) -> None:
    found = having(server(10, ZERO), server(20))
    assert loops_back(found, sender) == (ZERO if comes_back else None)
    found = having(server(5), server(10, ZERO), server(20))
    assert loops_back(found, sender) is None
    asked = [5] if comes_back else [5, 10, 20]
    assert [one.preference for one in before_itself(found, sender)] == asked


def test_postfix_connects_to_zero_and_meets_itself() -> None:
    assert met_itself(server(10, ZERO), Server.POSTFIX, best=True) == ZERO
    # Of one that is not the best it is not sure, and tries again later.
    assert met_itself(server(20, ZERO), Server.POSTFIX, best=False) == replace(ZERO, cause=None)
    assert met_itself(server(10, MAPPED), Server.POSTFIX, best=True) == MAPPED
    assert met_itself(server(10, PRIVATE), Server.POSTFIX, best=True) is None
    for other in (Server.EXIM, Server.QMAIL):
        assert met_itself(server(10, ZERO), other, best=True) is None
        assert met_itself(server(10, MAPPED), other, best=True) is None


def test_who_connects_to_no_server_without_dane_does_not_meet_itself() -> None:
    sender = operator(level=Level.DANE_ONLY)
    findings = [one.findings for one in targets(sender, having(server(10, ZERO)))]
    assert [[one.id for one in of_one] for of_one in findings] == [["dane-required"]] * 2


@pytest.mark.parametrize(
    ("servers", "outcome", "disposition"),
    [
        # The other address of the same server, or the other server, may be asked first.
        ([server(10, ZERO)], Outcome.UNKNOWN, Disposition.UNDETERMINED),
        ([server(10), server(10, ZERO)], Outcome.UNKNOWN, Disposition.UNDETERMINED),
        ([server(10, MAPPED)], Outcome.UNKNOWN, Disposition.UNDETERMINED),
        ([server(10, MAPPED, addresses=()), server(20)], Outcome.FAILS, Disposition.BOUNCED),
        ([server(10, ZERO, addresses=()), server(20)], Outcome.FAILS, Disposition.BOUNCED),
        ([server(5), server(10, ZERO)], Outcome.DELIVERS_WITH_WARNINGS, Disposition.ACCEPTED),
    ],
)
def test_what_comes_of_a_mail_to_zero(
    servers: list[MailServer], outcome: Outcome, disposition: Disposition
) -> None:
    found, sender = having(*servers), operator()
    attempts = [
        untried(target, Stage.CONNECT if target.refused else Stage.DONE, target.findings, NOW)
        for target in targets(sender, found)
    ]
    verdict = decide(sender, found, attempts)
    assert (verdict.outcome, verdict.disposition) == (outcome, disposition)


@pytest.mark.parametrize(
    ("servers", "asked"),
    [
        ([], []),
        ([server(10), server(20)], [10, 20]),
        ([server(10), server(20, LOOP), server(30)], [10]),
        # As good as the machine itself is not better (RFC 5321 section 5.1).
        ([server(10), server(20, host="a.example.org"), server(20, LOOP)], [10]),
        ([server(10), server(20, LOOP), server(30), server(15, LOOP)], [10]),
        ([server(10, LOOP), server(20)], []),
        ([server(10), server(20, PRIVATE), server(30)], [10, 20, 30]),
    ],
)
def test_only_better_servers_than_the_machine_itself_are_asked(
    servers: list[MailServer], asked: list[int]
) -> None:
    for sender in Server:
        assert [one.preference for one in before_itself(having(*servers), sender)] == asked
