"""The same facts for other senders: what is assumed decides nothing alone, and who else refuses."""

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from checker.conversation.probe import Probe
from checker.delivery.others import (
    Also,
    all_others,
    alternatives,
    judge,
    refused_by_others,
    with_doubt,
)
from checker.delivery.targets import targets
from checker.delivery.verdict import Disposition, Outcome, Verdict
from checker.facts import (
    Connection,
    Failure,
    Finding,
    Handshake,
    MailServer,
    Oddity,
    Route,
    Seen,
    Speech,
    StsMode,
    StsPolicy,
)
from checker.operators import Level, Operator, WithoutStarttls
from checker.problems import Cause, Stage
from checker.senders import Server, System
from checker.tls_version import TlsVersion
from tests.checker.certificates import NOW, certificate, der_of
from tests.checker.facts_of import contradictions, operator, route

HOST, SECOND = "mx1.example.org", "mx2.example.org"
POSTFIX, EXIM, QMAIL = Server.POSTFIX, Server.EXIM, Server.QMAIL
DEBIAN_10, DEBIAN_12, DEBIAN_13 = System

CHAIN = (der_of(certificate(HOST)),)
GOOD = Handshake(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", group="x25519", chain=CHAIN)
SMALL_GROUP = Handshake(
    version="TLSv1.2", cipher="DHE-RSA-AES256-GCM-SHA384", group_bits=1024, chain=CHAIN
)
OLD = Handshake(version="TLSv1.1", cipher="AES256-SHA", chain=CHAIN)
NO_SUITE = Handshake(Failure.ALERT, "ssl/tls alert handshake failure")
NO_RENEGOTIATION = Handshake(Failure.LOCAL, "unsafe legacy renegotiation disabled")

SERVER, SYSTEM = "delivery.server", "delivery.system"


def sender(*assumed: str, **settings: object) -> Operator:
    """A qmail on Debian 10 that states only what is not assumed."""
    settings = {"server": QMAIL, "system": DEBIAN_10, "level": Level.ENCRYPT} | settings
    if settings["server"] is QMAIL:
        settings = {"ipv6": False, "address_limit": 100} | settings
    return replace(operator(**settings), assumed=assumed)


def done(handshake: Handshake) -> Connection:
    return Connection(Stage.DONE, handshake=handshake)


def failed(handshake: Handshake = NO_SUITE) -> Connection:
    return Connection(Stage.TLS, Finding("tls-handshake-failed"), handshake=handshake)


def looks(
    *connections: Connection, widened: Connection | None = None
) -> dict[tuple[str, str], Seen]:
    """What was seen at the first addresses."""
    return {
        (f"mx{number}.example.org", f"192.0.2.{number}"): Seen(NOW, one, widened=widened)
        for number, one in enumerate(connections, 1)
    }


def asked(one: Operator, where: Route) -> dict[tuple[str, str], Probe]:
    probes = [target.probe for target in targets(one, where)]
    return {(probe.host, probe.address): probe for probe in probes}


def by_itself(
    one: Operator, seen: dict[tuple[str, str], Seen], where: Route | None = None
) -> Verdict:
    """The verdict as if nothing were assumed."""
    where = where or route()
    found = judge(one, where, seen, tuple, asked(one, where))
    assert found is not None
    return found


def told(one: Operator, seen: dict[tuple[str, str], Seen], where: Route | None = None) -> Verdict:
    """The verdict that a visitor gets."""
    where = where or route()
    found = with_doubt(one, where, by_itself(one, seen, where), seen, tuple)
    assert contradictions(found) == []
    return found


def others(
    one: Operator, seen: dict[tuple[str, str], Seen], where: Route | None = None
) -> list[tuple[Server, System, str]]:
    found = refused_by_others(one, where or route(), seen, tuple)
    assert all(isinstance(other, Also) for other in found)
    return [(other.server, other.system, other.problem) for other in found]


def pairs(operators: tuple[Operator, ...]) -> set[tuple[Server, System]]:
    return {(one.delivery.server, one.delivery.system) for one in operators}


MEASURED = {
    *((POSTFIX, system) for system in System),
    *((EXIM, system) for system in (DEBIAN_12, DEBIAN_13)),
    *((QMAIL, system) for system in System),
}
CHECKING = {pair for pair in MEASURED if pair[0] is not QMAIL}


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ({"level": Level.MAY}, MEASURED),
        ({"level": Level.ENCRYPT}, MEASURED),
        # What a qmail makes of certificates nobody has measured.
        ({"level": Level.VERIFY}, CHECKING),
        ({"level": Level.SECURE}, CHECKING),
        ({"level": Level.DANE}, CHECKING),
        ({"level": Level.DANE_ONLY}, CHECKING),
        ({"level": Level.ENCRYPT, "mta_sts": True}, CHECKING),
    ],
)
@pytest.mark.parametrize("own", sorted(CHECKING))
def test_every_other_sender_that_was_measured_at_that_level(
    settings: dict[str, object], known: set[tuple[Server, System]], own: tuple[Server, System]
) -> None:
    server, system = own
    found = all_others(operator(server=server, system=system, **settings))
    assert pairs(found) == known - {own}
    assert len(found) == len(known) - 1


@pytest.mark.parametrize(
    ("assumed", "expected"),
    [
        ((), set()),
        ((SYSTEM,), {(QMAIL, DEBIAN_12), (QMAIL, DEBIAN_13)}),
        ((SERVER,), {(POSTFIX, DEBIAN_10)}),
        ((SERVER, SYSTEM), MEASURED - {(QMAIL, DEBIAN_10)}),
    ],
)
def test_what_is_stated_holds_for_the_alternatives_as_well(
    assumed: tuple[str, ...], expected: set[tuple[Server, System]]
) -> None:
    assert pairs(alternatives(sender(*assumed, "tls.level"))) == expected


def test_another_server_brings_its_own_ways_and_keeps_what_the_operator_states() -> None:
    of_qmail = {one.delivery.server: one for one in all_others(sender(retry_for="P3D"))}
    for server, ipv6, limit in ((POSTFIX, True, 5), (EXIM, True, 5), (QMAIL, False, 100)):
        delivery = of_qmail[server].delivery
        assert (delivery.ipv6, delivery.address_limit) == (ipv6, limit)
        assert delivery.retry_for == "P3D"
        assert of_qmail[server].tls == sender().tls
    mine = sender(server=POSTFIX, ipv6=False, address_limit=2)
    of_postfix = {one.delivery.server: one.delivery for one in all_others(mine)}
    assert (of_postfix[EXIM].ipv6, of_postfix[EXIM].address_limit) == (False, 2)
    assert (of_postfix[POSTFIX].ipv6, of_postfix[POSTFIX].address_limit) == (False, 2)
    assert (of_postfix[QMAIL].ipv6, of_postfix[QMAIL].address_limit) == (False, 100)


@pytest.mark.parametrize("assumed", [(SERVER,), (SERVER, SYSTEM), (SYSTEM, "tls.level", SERVER)])
def test_an_assumed_server_never_says_no_alone(assumed: tuple[str, ...]) -> None:
    # A Postfix takes a small group, a qmail does not.
    alone = by_itself(sender(), looks(done(SMALL_GROUP)))
    assert (alone.outcome, alone.troubles[0].id) == (Outcome.FAILS, "tls-weak-key")
    verdict = told(sender(*assumed), looks(done(SMALL_GROUP)))
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.disposition is Disposition.UNDETERMINED
    assert (verdict.when, verdict.report_to) == (None, None)
    first, *rest = verdict.troubles
    depends = [key for key in (SERVER, SYSTEM) if key in assumed]
    was, *others = alone.troubles
    assert first == replace(was, evidence={**was.evidence, "depends_on": depends})
    assert rest == others


def test_what_another_system_would_take_an_assumed_system_leaves_open() -> None:
    # Only the qmail of Debian 13 offers that group.
    group = replace(GOOD, group="X25519MLKEM768")
    seen = looks(failed(), widened=done(group))
    assert told(sender(SYSTEM), seen).troubles[0].evidence["depends_on"] == [SYSTEM]
    assert told(sender(SYSTEM), seen).outcome is Outcome.UNKNOWN
    # On Debian 10 no server does.
    assert told(sender(SERVER), seen).outcome is Outcome.FAILS


@pytest.mark.parametrize("assumed", [(), ("tls.level", "delivery.ipv6"), (SYSTEM,)])
def test_where_the_server_is_stated_there_is_no_doubt(assumed: tuple[str, ...]) -> None:
    # Nor where no other system makes a difference.
    verdict = told(sender(*assumed), looks(done(SMALL_GROUP)))
    assert verdict == by_itself(sender(), looks(done(SMALL_GROUP)))
    assert verdict.outcome is Outcome.FAILS
    assert verdict.disposition is Disposition.RETRIED
    assert "depends_on" not in verdict.troubles[0].evidence


def test_what_all_refuse_is_refused_whatever_is_assumed() -> None:
    verdict = told(sender(SERVER, SYSTEM), looks(done(OLD)))
    assert (verdict.outcome, verdict.troubles[0].id) == (Outcome.FAILS, "tls-version")
    assert (verdict.disposition, verdict.when) == (Disposition.RETRIED, "P5D")
    assert "depends_on" not in verdict.troubles[0].evidence


@pytest.mark.parametrize(
    "settings", [{"without_starttls": WithoutStarttls.SEND_IN_CLEAR, "level": Level.MAY}, {}]
)
def test_a_verdict_that_is_no_no_stays_what_it_is(settings: dict[str, object]) -> None:
    mine = sender(SERVER, SYSTEM, **settings)
    for connection in (
        done(GOOD),
        Connection(Stage.CONNECT, Finding("connection-failed")),
        Connection(Stage.GREETING, Finding("greeting-refused", code=554)),
    ):
        assert told(mine, looks(connection)) == by_itself(mine, looks(connection))


def test_another_server_that_delivers_with_a_warning_delivers() -> None:
    # Too small for a qmail; a Postfix warns of it and goes on.
    mine = sender(SERVER)
    postfix = by_itself(sender(server=POSTFIX), looks(done(SMALL_GROUP)))
    assert postfix.outcome is Outcome.DELIVERS_WITH_WARNINGS
    assert told(mine, looks(done(SMALL_GROUP))).outcome is Outcome.UNKNOWN


def test_one_alternative_that_delivers_is_enough() -> None:
    # Of all, Exim alone offers that suite.
    seen = looks(failed(), widened=done(replace(GOOD, cipher="TLS_AES_128_CCM_SHA256")))
    refusing = others(sender(), seen)
    assert {(server, system) for server, system, _ in refusing} == {
        pair for pair in MEASURED if pair[0] is not EXIM
    } - {(QMAIL, DEBIAN_10)}
    assert told(sender(SERVER, SYSTEM), seen).outcome is Outcome.UNKNOWN
    assert told(sender(SYSTEM), seen).outcome is Outcome.FAILS
    assert told(sender(SERVER), seen).outcome is Outcome.FAILS


def test_where_another_one_would_ask_an_address_at_which_nobody_looked_it_is_not_known() -> None:
    # After a failed handshake a qmail asks nobody else, and a Postfix the next one.
    where, seen = route(servers=2), looks(done(OLD))
    assert by_itself(sender(), seen, where).outcome is Outcome.FAILS
    assert told(sender(SERVER), seen, where).outcome is Outcome.UNKNOWN
    assert told(sender(SYSTEM), seen, where).outcome is Outcome.FAILS
    # Somebody looked there, too.
    both = looks(done(OLD), done(OLD))
    assert told(sender(SERVER), both, where).outcome is Outcome.FAILS
    good = looks(done(OLD), done(replace(GOOD, chain=(der_of(certificate(SECOND)),))))
    assert told(sender(SERVER), good, where).outcome is Outcome.UNKNOWN
    # Of whom the walk leads where nobody looked nothing is said.
    assert {server for server, _, _ in others(sender(), seen, where)} == {QMAIL}
    assert {server for server, _, _ in others(sender(), both, where)} == {POSTFIX, EXIM, QMAIL}


def test_an_ipv6_address_that_a_qmail_does_not_ask() -> None:
    only = replace(route(), mail_servers=(MailServer(HOST, 10, ("2001:db8::1",)),))
    assert by_itself(sender(), {}, only).troubles[0].id == "no-mail-server"
    assert told(sender(SERVER), {}, only).outcome is Outcome.UNKNOWN
    assert told(sender(SYSTEM), {}, only).outcome is Outcome.FAILS


def test_equal_servers_behind_the_one_that_decides_need_not_all_have_been_seen() -> None:
    # Two of one preference; the first one takes the mail, and nobody looked at the other.
    servers = (
        MailServer(HOST, 10, ("192.0.2.1",)),
        MailServer(SECOND, 10, ("192.0.2.2",)),
        MailServer("mx3.example.org", 20, ("192.0.2.3",)),
    )
    where = replace(route(), mail_servers=servers)
    assert by_itself(sender(), looks(done(GOOD)), where).outcome is Outcome.DELIVERS
    # What was seen of it counts: it might have been asked first.
    seen = looks(done(GOOD), done(OLD))
    assert by_itself(sender(server=POSTFIX), seen, where).outcome is Outcome.DELIVERS_WITH_WARNINGS
    # What comes after both counts for nothing.
    seen = looks(done(GOOD), done(GOOD), done(OLD))
    misnamed = [one.id for one in by_itself(sender(), seen, where).troubles]
    assert misnamed == ["certificate-host-mismatch"]


def test_nobody_looks_where_nobody_would_connect() -> None:
    # At "dane-only" a mail server without TLSA records is not even asked.
    mine = replace(operator(level=Level.DANE_ONLY), assumed=(SYSTEM,))
    verdict = told(mine, {})
    assert (verdict.outcome, verdict.troubles[0].id) == (Outcome.FAILS, "dane-required")
    assert {problem for _, _, problem in others(mine, {})} == {"dane-required"}


def test_who_else_would_refuse_is_named_with_its_system_and_problem() -> None:
    # A key that must not sign, which GnuTLS minds at every level.
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    chain = (der_of(certificate(HOST, extensions=(usage,))),)
    seen = looks(done(replace(GOOD, chain=chain)))
    assert refused_by_others(operator(), route(), seen, tuple) == (
        Also(EXIM, DEBIAN_12, "certificate-invalid"),
        Also(EXIM, DEBIAN_13, "certificate-invalid"),
    )
    assert refused_by_others(operator(), route(), looks(done(GOOD)), tuple) == ()


def test_who_only_cannot_tell_does_not_refuse() -> None:
    # Exim and qmail do not get past such a greeting, perhaps for this minute.
    speech = Speech(frozenset({Oddity.FOREIGN_LINE}), offers=frozenset({frozenset[Oddity]()}))
    odd = Connection(Stage.DONE, speech=speech, handshake=GOOD)
    assert others(operator(level=Level.ENCRYPT), looks(odd)) == []


# Where the sender's own hello fails, and one that offers everything does not.
BRAINPOOL = der_of(certificate(HOST, key=ec.generate_private_key(ec.BrainpoolP256R1())))


BOTH, ALL_THREE = [DEBIAN_12, DEBIAN_13], list(System)


@pytest.mark.parametrize(
    ("widened", "takers"),
    [
        # Curves: who offers the group, and who the key.
        (
            replace(GOOD, group="ffdhe3072"),
            {POSTFIX: [DEBIAN_13], EXIM: BOTH, QMAIL: [DEBIAN_12, DEBIAN_13]},
        ),
        (replace(GOOD, group="ffdhe8192"), {EXIM: BOTH, QMAIL: [DEBIAN_12]}),
        (replace(GOOD, group="X25519MLKEM768"), {QMAIL: [DEBIAN_13]}),
        (replace(GOOD, group="secp256k1"), {}),
        (replace(GOOD, chain=(BRAINPOOL,)), {POSTFIX: [DEBIAN_13], QMAIL: [DEBIAN_13]}),
        # Suites and versions.
        (replace(GOOD, cipher="TLS_AES_128_CCM_SHA256"), {EXIM: BOTH}),
        (
            Handshake(version="TLSv1.2", cipher="ADH-AES256-GCM-SHA384"),
            {POSTFIX: ALL_THREE},
        ),
        (
            Handshake(version="TLSv1.2", cipher="DHE-DSS-AES256-GCM-SHA384", chain=CHAIN),
            {POSTFIX: [DEBIAN_10, DEBIAN_12]},
        ),
        (SMALL_GROUP, {POSTFIX: ALL_THREE, EXIM: BOTH}),
        (OLD, {}),
        # No certificate, for which this suite asks.
        (
            replace(GOOD, chain=()),
            {
                POSTFIX: ALL_THREE,
                EXIM: BOTH,
                QMAIL: ALL_THREE,
            },
        ),
    ],
)
def test_what_others_would_have_met_with_their_own_hello(
    widened: Handshake, takers: dict[Server, list[System]]
) -> None:
    seen = looks(failed(), widened=done(widened))
    for own in (sender(server=EXIM, system=DEBIAN_13), sender(server=QMAIL, system=DEBIAN_10)):
        server = own.delivery.server
        refusing = {(who, on) for who, on, _ in others(own, seen)}
        # Its own hello has failed, and the two Exims say the same one.
        assert MEASURED - {(server, own.delivery.system)} - refusing == {
            (who, on)
            for who, systems in takers.items()
            for on in systems
            if (who, on) != (QMAIL, DEBIAN_10) or server is not QMAIL
            if who is not EXIM or server is not EXIM
        }


def test_who_says_the_same_hello_meets_the_same() -> None:
    seen = looks(failed(), widened=done(GOOD))
    exim = sender(SYSTEM, server=EXIM, system=DEBIAN_12)
    assert told(exim, seen).outcome is Outcome.FAILS
    assert (EXIM, DEBIAN_13, "tls-handshake-failed") in others(exim, seen)
    # Of another hello nobody knows what it would not have brought.
    assert told(replace(exim, assumed=(SERVER,)), seen).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("probe", ["nobody's", "another name"])
def test_a_hello_differs_by_its_name_too(probe: str) -> None:
    mine, where = sender(), route()
    seen = looks(failed(), widened=done(GOOD))
    own = asked(mine, where)
    other = (
        {} if probe == "nobody's" else {place: replace(one, sni=True) for place, one in own.items()}
    )
    same, different = (judge(mine, where, seen, tuple, probes) for probes in (own, other))
    assert same is not None
    assert same.outcome is Outcome.FAILS
    assert different is not None
    assert different.outcome is Outcome.DELIVERS


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_a_hello_differs_by_its_versions_too(end: str) -> None:
    mine, where = sender(), route()
    own = asked(mine, where)
    other = {
        place: replace(one, minimum=TlsVersion.TLS_1_0)
        if end == "minimum"
        else replace(one, maximum=TlsVersion.TLS_1_2)
        for place, one in own.items()
    }
    found = judge(mine, where, looks(failed(), widened=done(GOOD)), tuple, other)
    assert found is not None
    assert found.outcome is Outcome.DELIVERS


def test_a_server_without_secure_renegotiation_is_refused_by_who_demands_it() -> None:
    # That is no matter of the hello, so one that offers more does not help.
    met = Handshake(version="TLSv1.2", cipher="ECDHE-RSA-AES256-SHA", chain=CHAIN)
    seen = looks(failed(NO_RENEGOTIATION), widened=done(met))
    own = sender(server=POSTFIX, system=DEBIAN_13)
    refusing = {(server, system) for server, system, _ in others(own, seen)}
    assert refusing == {(POSTFIX, DEBIAN_12), (QMAIL, DEBIAN_12), (QMAIL, DEBIAN_13)}
    assert told(replace(own, assumed=(SYSTEM,)), seen).outcome is Outcome.UNKNOWN


def test_where_the_wide_hello_fails_as_well_nobody_delivers() -> None:
    for widened in (None, failed(), Connection(Stage.GREETING, Finding("temporarily-refused"))):
        seen = looks(failed(), widened=widened)
        assert told(sender(SERVER, SYSTEM), seen).outcome is Outcome.FAILS


def test_what_is_said_inside_tls_counts_for_others_as_well() -> None:
    # Behind the wide hello the server turns everybody away.
    refusal = Finding("tls-client-certificate-required", code=550)
    widened = Connection(Stage.TLS, refusal, handshake=GOOD)
    found = others(sender(), looks(failed(), widened=widened))
    assert (POSTFIX, DEBIAN_13, "tls-client-certificate-required") in found


def test_a_handshake_that_was_completed_is_judged_as_it_is() -> None:
    # The wide hello brought something better, but no sender says that one.
    seen = {place: replace(one, widened=done(GOOD)) for place, one in looks(done(OLD)).items()}
    assert told(sender(SERVER, SYSTEM), seen).outcome is Outcome.FAILS


def test_a_policy_that_is_enforced_makes_the_others_verify() -> None:
    # A qmail, which looks at no certificate, is none of them.
    policy = StsPolicy(StsMode.ENFORCE, (HOST,), 86_400)
    where = replace(route(), sts_policy=policy)
    mine = operator(level=Level.ENCRYPT, mta_sts=True)
    misnamed = replace(GOOD, chain=(der_of(certificate("other.example")),))
    assert set(others(mine, looks(done(misnamed)), where)) == {
        (*pair, "certificate-host-mismatch") for pair in CHECKING - {(POSTFIX, DEBIAN_13)}
    }


def test_the_mail_comes_back_from_the_senders_own_machine_to_exim_later() -> None:
    loop = Finding("mail-server-address-invalid", cause=Cause.LOOPBACK)
    where = replace(route(), mail_servers=(MailServer(HOST, 10, (), (loop,)),))
    mine = sender(SERVER, SYSTEM)
    assert told(mine, {}, where) == by_itself(mine, {}, where)
    assert told(mine, {}, where).outcome is Outcome.FAILS
