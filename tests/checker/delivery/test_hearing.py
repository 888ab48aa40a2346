"""What each mail server hears of replies that depart from RFC 5321."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest

from checker.delivery.hearing import heard
from checker.facts import (
    Connection,
    Failure,
    Finding,
    Handshake,
    MixedReply,
    Oddity,
    Reply,
    Speech,
)
from checker.problems import Cause, Stage
from checker.senders import Server

POSTFIX, EXIM, QMAIL = Server.POSTFIX, Server.EXIM, Server.QMAIL
HANDSHAKE = Handshake(version="TLSv1.3")
CLEAR = Finding("starttls-not-supported")


def said(
    greeting: Iterable[Oddity] = (),
    hello: Iterable[Oddity] = (),
    offers: Iterable[Iterable[Oddity]] = ((),),
) -> Connection:
    """A connection that went well for whoever minds nothing."""
    speech = Speech(frozenset(greeting), frozenset(hello), frozenset(map(frozenset, offers)))
    return Connection(Stage.DONE, None, (), speech, "250 injected", HANDSHAKE)


def ended(connection: Connection) -> tuple[str, str] | None:
    """Where and by what; none where nothing stood in the way."""
    if connection.finding is None:
        return None
    # What it never came to is not told either.
    assert connection.handshake is None
    assert connection.injected == ""
    return str(connection.stage), connection.finding.id


# Of each oddity in the greeting, in the answer to EHLO and in the line that offers STARTTLS: who
# stops there; everybody else goes on as if nothing were odd.
GREETINGS = {
    (EXIM, Oddity.FOREIGN_LINE): ("greeting", "not-smtp"),
    (EXIM, Oddity.LONG_REPLY): ("greeting", "not-smtp"),
    (QMAIL, Oddity.FOREIGN_LINE): ("greeting", "not-smtp"),
    (POSTFIX, Oddity.MASKED): ("starttls", "starttls-not-supported"),
}
HELLOS = {
    (EXIM, Oddity.FOREIGN_LINE): ("ehlo", "not-smtp"),
    (EXIM, Oddity.LONG_REPLY): ("ehlo", "not-smtp"),
    (POSTFIX, Oddity.SENDERS_NAME): ("ehlo", "not-smtp"),
}
OFFERS = dict.fromkeys(
    [
        (POSTFIX, Oddity.LEADING_TAB),
        (POSTFIX, Oddity.TRAILING_TAB),
        (POSTFIX, Oddity.BEHIND_NO_NAME),
        (POSTFIX, Oddity.BEHIND_LONG_TEXT),
        (EXIM, Oddity.LOWER_CASE),
        (EXIM, Oddity.LEADING_BLANK),
        (EXIM, Oddity.LEADING_TAB),
        (EXIM, Oddity.EQUALS_SIGN),
        (EXIM, Oddity.OTHER_CODE),
        (QMAIL, Oddity.EQUALS_SIGN),
        (EXIM, Oddity.BEHIND_NUL),
    ],
    ("starttls", "starttls-not-supported"),
)


@pytest.mark.parametrize("oddity", Oddity)
@pytest.mark.parametrize("server", Server)
def test_who_stops_at_an_oddity(server: Server, oddity: Oddity) -> None:
    assert ended(heard(server, said(greeting=[oddity]))) == GREETINGS.get((server, oddity))
    assert ended(heard(server, said(hello=[oddity]))) == HELLOS.get((server, oddity))
    assert ended(heard(server, said(offers=[[oddity]]))) == OFFERS.get((server, oddity))


@pytest.mark.parametrize("server", Server)
def test_nothing_odd_is_heard_as_it_was_said(server: Server) -> None:
    assert heard(server, said()) == said()


@pytest.mark.parametrize("server", Server)
def test_one_line_that_a_server_sees_is_enough(server: Server) -> None:
    for oddity in Oddity:
        assert heard(server, said(offers=[[oddity], []])).finding is None


@pytest.mark.parametrize("server", Server)
def test_of_two_lines_a_server_may_see_neither(server: Server) -> None:
    for pair in combinations(Oddity, 2):
        blind = all((server, oddity) in OFFERS for oddity in pair)
        connection = heard(server, said(offers=[[one] for one in pair]))
        assert (connection.finding is not None) is blind
        # In one and the same line either is enough.
        together = heard(server, said(offers=[pair]))
        assert (together.finding is not None) is any((server, one) in OFFERS for one in pair)


def test_the_finding_says_what_is_odd() -> None:
    told = heard(EXIM, said(greeting=[Oddity.FOREIGN_LINE])).finding
    assert told == Finding("not-smtp", {"stage": "greeting", "oddity": ["foreign-line"]})
    told = heard(EXIM, said(hello=[Oddity.FOREIGN_LINE])).finding
    assert told == Finding("not-smtp", {"stage": "ehlo", "oddity": ["foreign-line"]})
    told = heard(POSTFIX, said(greeting=[Oddity.MASKED])).finding
    assert told == Finding("starttls-not-supported", {"greeting": "masked"})
    blind = [[Oddity.LOWER_CASE, Oddity.BEHIND_LONG_TEXT], [Oddity.BEHIND_NUL]]
    told = heard(EXIM, said(offers=blind)).finding
    assert told == Finding("starttls-not-supported", {"offered": ["behind-nul", "lower-case"]})


@pytest.mark.parametrize("server", Server)
def test_what_stopped_everybody_stays_what_it_was(server: Server) -> None:
    # Whoever comes no further than EHLO, or is offered nothing, cannot overlook an offer.
    for stage in (Stage.GREETING, Stage.EHLO):
        speech = Speech(offers=frozenset({frozenset(Oddity)}))
        closed = Connection(stage, Finding("connection-failed"), speech=speech)
        assert heard(server, closed) == closed
    without = Connection(Stage.STARTTLS, CLEAR, speech=Speech(frozenset({Oddity.MASKED})))
    assert heard(server, without) == without


@pytest.mark.parametrize("stage", [Stage.STARTTLS, Stage.TLS])
def test_who_sees_no_offer_never_learns_what_comes_after_it(stage: Stage) -> None:
    speech = Speech(offers=frozenset({frozenset({Oddity.LOWER_CASE})}))
    refused = Connection(stage, Finding("starttls-failed", code=502), speech=speech)
    assert ended(heard(EXIM, refused)) == ("starttls", "starttls-not-supported")
    assert heard(POSTFIX, refused) == refused


def test_a_refusal_inside_tls_is_past_the_offer_too() -> None:
    # There the stage is EHLO once more.
    speech = Speech(offers=frozenset({frozenset({Oddity.LOWER_CASE})}))
    refused = Connection(
        Stage.EHLO, Finding("greeting-refused", code=550), speech=speech, handshake=HANDSHAKE
    )
    assert ended(heard(EXIM, refused)) == ("starttls", "starttls-not-supported")
    assert heard(QMAIL, refused) == refused


@pytest.mark.parametrize("server", Server)
@pytest.mark.parametrize("oddity", [Oddity.FOREIGN_LINE, Oddity.LONG_REPLY])
def test_an_exim_reads_each_reply_with_the_same_care(server: Server, oddity: Oddity) -> None:
    odd = frozenset({oddity})
    offers = frozenset({frozenset[Oddity]()})
    ready = Connection(Stage.DONE, speech=Speech(offers=offers, ready=odd), handshake=HANDSHAKE)
    inside = Connection(Stage.DONE, speech=Speech(offers=offers, inside=odd), handshake=HANDSHAKE)
    if server is not EXIM:
        assert heard(server, ready) == ready
        assert heard(server, inside) == inside
        return
    assert ended(heard(server, ready)) == ("starttls", "not-smtp")
    late = heard(server, inside)
    assert late.finding == Finding("not-smtp", {"stage": "ehlo", "oddity": [str(oddity)]})
    # The certificate is told of all the same.
    assert late.handshake == HANDSHAKE


def mixed(stage: Stage, first: int, last: int, handshake: Handshake | None = None) -> Connection:
    """A connection that went on where a reply had lines of two codes."""
    speech = Speech(
        offers=frozenset({frozenset[Oddity]()}), mixed=(MixedReply(stage, first, last, "text"),)
    )
    return Connection(Stage.DONE, None, (), speech, "", handshake or HANDSHAKE)


# Exim and qmail go by the code of the first line, Postfix by that of the last.
MIXED = {
    (Stage.GREETING, 554, 220): ("greeting", "greeting-refused"),
    (Stage.GREETING, 421, 220): ("greeting", "temporarily-refused"),
    (Stage.GREETING, 354, 220): ("greeting", "not-smtp"),
    (Stage.EHLO, 550, 250): ("starttls", "starttls-not-supported"),
    (Stage.EHLO, 450, 250): ("starttls", "starttls-not-supported"),
    (Stage.STARTTLS, 554, 220): ("starttls", "starttls-failed"),
    (Stage.STARTTLS, 454, 220): ("starttls", "starttls-failed"),
}


@pytest.mark.parametrize(("stage", "bad", "good"), MIXED)
def test_of_several_codes_each_goes_by_its_own(stage: Stage, bad: int, good: int) -> None:
    met = MIXED[stage, bad, good]
    assert ended(heard(POSTFIX, mixed(stage, bad, good))) is None
    assert ended(heard(POSTFIX, mixed(stage, good, bad))) == met
    for server in (EXIM, QMAIL):
        assert ended(heard(server, mixed(stage, bad, good))) == met
        assert ended(heard(server, mixed(stage, good, bad))) is None


def test_who_says_421_last_is_left_by_postfix() -> None:
    told = heard(POSTFIX, mixed(Stage.EHLO, 250, 421))
    assert ended(told) == ("ehlo", "temporarily-refused")
    assert ended(heard(EXIM, mixed(Stage.EHLO, 250, 421))) is None


def test_who_says_421_and_stays_is_left_by_postfix_alone() -> None:
    stays = Connection(
        Stage.STARTTLS,
        Finding("starttls-not-supported", {"ehlo_code": 421}, Cause.STAYS_OPEN),
        (
            Reply("connect", 220, ("mx",)),
            Reply("EHLO", 421, ("bye", "x" * 400)),
            Reply("HELO", 250, ("mx",)),
        ),
    )
    assert heard(EXIM, stays) == heard(QMAIL, stays) == stays
    left = heard(POSTFIX, stays)
    assert left.stage == Stage.EHLO
    assert left.finding == Finding(
        "temporarily-refused", {"stage": "ehlo", "text": "bye " + "x" * 296}, code=421
    )


def test_a_sender_that_hears_its_own_name_believes_in_a_loop() -> None:
    replies = (Reply("connect", 220, ("ESMTP",)), Reply("EHLO", 250, ("client.example hello",)))
    echo = replace(said(hello=[Oddity.SENDERS_NAME]), replies=replies)
    told = heard(POSTFIX, echo, "mx.example.org")
    assert told.finding == Finding("not-smtp", {"stage": "ehlo"}, Cause.SENDERS_NAME)
    # Of one that is not the best it is not sure.
    told = heard(POSTFIX, echo, "mx.example.org", best=False)
    assert told.finding == Finding("not-smtp", {"stage": "ehlo"})
    # The name is the server's own where we look at ourselves.
    assert heard(POSTFIX, echo, "Client.example") == echo


def test_a_server_that_goes_on_with_tls_takes_nothing_in_clear() -> None:
    told = heard(EXIM, mixed(Stage.STARTTLS, 554, 220)).finding
    assert told == Finding("starttls-failed", {"text": "text"}, Cause.MIXED_CODES, 554)
    failed = mixed(Stage.STARTTLS, 554, 220, Handshake(Failure.NOT_TLS))
    assert heard(EXIM, failed).finding == Finding("starttls-failed", {"text": "text"}, code=554)


@pytest.mark.parametrize("server", Server)
def test_two_refusals_in_one_reply_to_ehlo_lead_to_helo(server: Server) -> None:
    refused = Connection(
        Stage.EHLO,
        Finding("greeting-refused", code=550),
        speech=Speech(mixed=(MixedReply(Stage.EHLO, 550, 450, "no"),)),
    )
    assert heard(server, refused) == refused
