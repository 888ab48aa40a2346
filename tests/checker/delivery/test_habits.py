"""What one operator's server makes of one attempt."""

from dataclasses import replace

import pytest

from checker.delivery.habits import Consequence, Weight, react, weigh_routing
from checker.facts import Dane, Finding, Reply, RouteKind
from checker.operators import Level, WithoutStarttls
from checker.problems import PROBLEMS, Cause, Family, Stage
from checker.senders import Server
from tests.checker.facts_of import attempt, finding, operator

MAY, ENCRYPT, VERIFY, SECURE = Level.MAY, Level.ENCRYPT, Level.VERIFY, Level.SECURE
DANE, DANE_ONLY = Level.DANE, Level.DANE_ONLY
ENCRYPTING = {ENCRYPT, VERIFY, SECURE, DANE, DANE_ONLY}


def ids(family: Family) -> list[str]:
    return [problem.id for problem in PROBLEMS.values() if problem.family is family]


# What stops the mail at which levels, without TLSA records and without MTA-STS.
STOPS: list[tuple[str, Stage, set[Level]]] = [
    ("tls-version", Stage.TLS, ENCRYPTING),
    ("tls-cipher", Stage.TLS, ENCRYPTING),
    ("tls-weak-key", Stage.TLS, ENCRYPTING),
    ("tls-weak-key", Stage.DONE, set()),
    ("tls-client-certificate-required", Stage.TLS, ENCRYPTING),
    ("tls-handshake-failed", Stage.TLS, ENCRYPTING),
    ("starttls-failed", Stage.STARTTLS, ENCRYPTING),
    ("certificate-expired", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-not-yet-valid", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-host-mismatch", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-not-trusted", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-self-signed", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-chain-incomplete", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-invalid", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-needs-sni", Stage.DONE, {VERIFY, SECURE}),
    ("certificate-needs-sni", Stage.TLS, ENCRYPTING),
    ("certificate-expires-soon", Stage.DONE, set()),
    ("dane-required", Stage.DONE, {DANE_ONLY}),
]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(("problem", "stage", "levels"), STOPS)
def test_what_stops_the_mail(problem: str, stage: Stage, levels: set[Level], level: Level) -> None:
    reaction = react(operator(level=level), attempt(problem, stage=stage))
    if level in levels:
        assert reaction.weight is Weight.FATAL
        assert reaction.consequence is Consequence.NEXT
    else:
        assert reaction.weight is Weight.WARNING
        assert reaction.consequence is Consequence.TAKES


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("problem", ids(Family.NOT_DETERMINED))
def test_what_may_be_about_this_minute_or_about_us(problem: str, level: Level) -> None:
    reaction = react(operator(level=level), attempt(problem, stage=Stage.CONNECT))
    assert reaction.weight is Weight.PASSING
    assert reaction.consequence is Consequence.NEXT


@pytest.mark.parametrize(
    ("without_starttls", "weight"),
    [
        (WithoutStarttls.REFUSE, Weight.FATAL),
        (WithoutStarttls.NOT_STATED, Weight.NOT_STATED),
        (WithoutStarttls.SEND_IN_CLEAR, Weight.WARNING),
    ],
)
@pytest.mark.parametrize("level", [MAY, ENCRYPT, VERIFY, SECURE])
def test_no_starttls(level: Level, without_starttls: WithoutStarttls, weight: Weight) -> None:
    sender = operator(level=level, without_starttls=without_starttls)
    met = attempt("starttls-not-supported", stage=Stage.STARTTLS)
    assert react(sender, met).weight is weight


@pytest.mark.parametrize(
    ("server", "said", "consequence"),
    [
        (Server.POSTFIX, 454, Consequence.NEXT),
        (Server.POSTFIX, 120, Consequence.ENDS),
        (Server.POSTFIX, 354, Consequence.ENDS),
        (Server.POSTFIX, 502, Consequence.ENDS),
        (Server.POSTFIX, 620, Consequence.ENDS),
        (Server.POSTFIX, 554, Consequence.ENDS),
        (Server.POSTFIX, Cause.CLOSED, Consequence.NEXT),
        (Server.EXIM, 454, Consequence.NEXT),
        (Server.EXIM, 354, Consequence.NEXT),
        (Server.EXIM, 502, Consequence.NEXT),
    ],
)
def test_a_refused_starttls_ends_the_delivery_for_postfix_alone(
    server: Server, said: int | Cause, consequence: Consequence
) -> None:
    why = (said, None) if isinstance(said, Cause) else (None, said)
    met = attempt(finding("starttls-failed", *why), stage=Stage.STARTTLS)
    assert react(operator(server=server), met).consequence is consequence


@pytest.mark.parametrize(
    ("server", "level", "weight"),
    [
        (Server.POSTFIX, Level.ENCRYPT, Weight.FATAL),
        (Server.QMAIL, Level.ENCRYPT, Weight.FATAL),
        (Server.EXIM, Level.ENCRYPT, Weight.PASSING),
        (Server.EXIM, Level.MAY, Weight.WARNING),
    ],
)
def test_what_openssl_alone_minds_is_no_no_to_exim(
    server: Server, level: Level, weight: Weight
) -> None:
    met = attempt(finding("tls-handshake-failed", Cause.OPENSSL), stage=Stage.TLS)
    assert react(operator(server=server, level=level), met).weight is weight


@pytest.mark.parametrize(
    ("inside", "weight"), [((), Weight.WARNING), ((Reply("EHLO", 550, ("no",)),), Weight.PASSING)]
)
def test_exim_goes_back_to_clear_only_until_the_first_reply_inside(
    inside: tuple[Reply, ...], weight: Weight
) -> None:
    outside = (Reply("connect", 220, ()), Reply("EHLO", 250, ()), Reply("STARTTLS", 220, ()))
    broke = attempt(finding("connection-failed", Cause.CLOSED), stage=Stage.EHLO)
    met = replace(broke, tls_version="TLSv1.3", replies=(*outside, *inside))
    exim = operator(server=Server.EXIM, level=Level.MAY)
    assert react(exim, met).weight is weight


@pytest.mark.parametrize(
    ("server", "level", "weight"),
    [
        (Server.POSTFIX, Level.VERIFY, Weight.FATAL),
        (Server.POSTFIX, Level.ENCRYPT, Weight.PASSING),
        (Server.POSTFIX, Level.MAY, Weight.WARNING),
        (Server.QMAIL, Level.ENCRYPT, Weight.PASSING),
        (Server.EXIM, Level.VERIFY, Weight.PASSING),
        (Server.EXIM, Level.MAY, Weight.WARNING),
    ],
)
def test_a_date_that_our_library_alone_does_not_bear(
    server: Server, level: Level, weight: Weight
) -> None:
    met = attempt(finding("certificate-invalid", Cause.SHORT_DATE), stage=Stage.TLS)
    assert react(operator(server=server, level=level), met).weight is weight


@pytest.mark.parametrize(
    ("level", "weight"), [(Level.VERIFY, Weight.PASSING), (Level.ENCRYPT, Weight.NOTHING)]
)
def test_what_nobody_has_seen_of_a_staple_is_no_no(level: Level, weight: Weight) -> None:
    met = attempt(finding("certificate-invalid", Cause.MUST_STAPLE))
    assert react(operator(server=Server.EXIM, level=level), met).weight is weight


@pytest.mark.parametrize(
    ("server", "level", "weight"),
    [
        (Server.POSTFIX, Level.MAY, Weight.WARNING),
        (Server.POSTFIX, Level.ENCRYPT, Weight.PASSING),
        (Server.EXIM, Level.MAY, Weight.WARNING),
        (Server.EXIM, Level.ENCRYPT, Weight.FATAL),
    ],
)
def test_who_says_421_to_starttls_and_stays(server: Server, level: Level, weight: Weight) -> None:
    met = attempt(finding("starttls-failed", None, 421), stage=Stage.STARTTLS)
    reaction = react(operator(server=server, level=level), met)
    assert (reaction.weight, reaction.permanent) == (weight, False)


def test_postfix_returns_what_seems_to_loop() -> None:
    met = attempt(finding("not-smtp", Cause.SENDERS_NAME), stage=Stage.EHLO)
    reaction = react(operator(), met)
    assert (reaction.weight, reaction.permanent) == (Weight.FATAL, True)
    assert reaction.consequence is Consequence.ENDS


@pytest.mark.parametrize("code", [0, 120, 300, 354, 620])
def test_a_greeting_with_a_code_of_another_kind_is_final_to_postfix_alone(code: int) -> None:
    met = attempt(finding("not-smtp", None, code), stage=Stage.GREETING)
    reaction = react(operator(), met)
    assert (reaction.weight, reaction.permanent) == (Weight.PASSING, True)
    assert reaction.consequence is Consequence.ENDS
    exim = react(operator(server=Server.EXIM), met)
    assert (exim.weight, exim.permanent, exim.consequence) == (
        Weight.PASSING,
        False,
        Consequence.NEXT,
    )


@pytest.mark.parametrize("cause", [Cause.CLOSED, Cause.RESET, Cause.MIXED_CODES, Cause.SILENT])
@pytest.mark.parametrize("code", [454, 554])
@pytest.mark.parametrize("server", [Server.POSTFIX, Server.EXIM])
def test_nobody_goes_on_in_clear_where_the_connection_is_gone(
    server: Server, code: int, cause: Cause
) -> None:
    may = operator(server=server, level=Level.MAY)
    reaction = react(may, attempt(finding("starttls-failed", cause, code), stage=Stage.STARTTLS))
    # It is no refusal of the mail, so the sender tries again.
    assert (reaction.weight, reaction.permanent) == (Weight.PASSING, False)
    assert reaction.consequence is Consequence.NEXT
    encrypt = operator(server=server, level=Level.ENCRYPT)
    met = attempt(finding("starttls-failed", cause, code), stage=Stage.STARTTLS)
    assert react(encrypt, met).weight is Weight.FATAL
    assert react(encrypt, met).permanent is (server is Server.POSTFIX and code == 554)


@pytest.mark.parametrize(
    ("server", "stage", "code", "consequence", "permanent"),
    [
        (Server.POSTFIX, Stage.GREETING, 554, Consequence.NEXT, False),
        (Server.POSTFIX, Stage.EHLO, 550, Consequence.ENDS, True),
        (Server.EXIM, Stage.GREETING, 554, Consequence.NEXT, True),
        (Server.EXIM, Stage.EHLO, 550, Consequence.NEXT, True),
    ],
)
def test_what_a_refused_greeting_means(
    server: Server, stage: Stage, code: int, consequence: Consequence, *, permanent: bool
) -> None:
    met = attempt(finding("greeting-refused", None, code), stage=stage)
    reaction = react(operator(server=server), met)
    assert (reaction.consequence, reaction.permanent) == (consequence, permanent)


@pytest.mark.parametrize(
    ("settings", "dane", "problem", "weight"),
    [
        ({"level": DANE}, Dane.USABLE, "tlsa-invalid", Weight.FATAL),
        ({"level": DANE_ONLY}, Dane.USABLE, "tlsa-invalid", Weight.FATAL),
        ({"level": VERIFY}, Dane.USABLE, "tlsa-invalid", Weight.WARNING),
        ({"level": ENCRYPT}, Dane.USABLE, "tlsa-invalid", Weight.WARNING),
        # With usable TLSA records the public authorities do not matter.
        ({"level": DANE}, Dane.USABLE, "certificate-not-trusted", Weight.NOTHING),
        ({"level": DANE}, Dane.USABLE, "certificate-host-mismatch", Weight.NOTHING),
        ({"level": VERIFY}, Dane.USABLE, "certificate-not-trusted", Weight.FATAL),
        # With TLSA records of either kind there is no delivery in clear.
        (
            {"level": DANE, "without_starttls": WithoutStarttls.SEND_IN_CLEAR},
            Dane.USABLE,
            "starttls-not-supported",
            Weight.FATAL,
        ),
        (
            {"level": DANE, "without_starttls": WithoutStarttls.SEND_IN_CLEAR},
            Dane.ABSENT,
            "starttls-not-supported",
            Weight.WARNING,
        ),
        (
            {"level": DANE, "without_starttls": WithoutStarttls.SEND_IN_CLEAR},
            Dane.ABSENT,
            "tls-version",
            Weight.WARNING,
        ),
        (
            {"level": DANE, "without_starttls": WithoutStarttls.SEND_IN_CLEAR},
            Dane.UNUSABLE,
            "tls-version",
            Weight.FATAL,
        ),
        ({"level": DANE}, Dane.UNUSABLE, "certificate-not-trusted", Weight.WARNING),
    ],
)
def test_dane(settings: dict[str, object], dane: Dane, problem: str, weight: Weight) -> None:
    stage = PROBLEMS[problem].stage
    met = attempt(problem, stage=Stage.DONE if stage is Stage.CERTIFICATE else stage, dane=dane)
    assert react(operator(**settings), met).weight is weight


@pytest.mark.parametrize("level", [MAY, ENCRYPT])
@pytest.mark.parametrize(
    ("heeds", "policy", "weight"),
    [
        ("heeds", "enforced", Weight.FATAL),
        ("heeds", "not enforced", Weight.WARNING),
        ("does not heed", "enforced", Weight.WARNING),
    ],
)
def test_an_enforced_policy_makes_a_sender_verify(
    level: Level,
    heeds: str,
    policy: str,
    weight: Weight,
) -> None:
    sender = operator(level=level, mta_sts=heeds == "heeds")
    met = attempt("certificate-expired", sts_enforced=policy == "enforced")
    assert react(sender, met).weight is weight


@pytest.mark.parametrize(
    ("heeds", "mode", "weight"),
    [
        ("heeds", "enforce", Weight.FATAL),
        ("heeds", "testing", Weight.WARNING),
        ("does not heed", "enforce", Weight.WARNING),
    ],
)
def test_a_server_that_the_policy_does_not_list(
    heeds: str,
    mode: str,
    weight: Weight,
) -> None:
    met = attempt("sts-policy-invalid", sts_enforced=mode == "enforce")
    assert react(operator(mta_sts=heeds == "heeds"), met).weight is weight


@pytest.mark.parametrize("problem", ids(Family.TAKES_NO_MAIL))
def test_a_route_that_ends_nowhere(problem: str) -> None:
    for level in Level:
        assert weigh_routing(operator(level=level), Finding(problem), RouteKind.MX) is Weight.FATAL


@pytest.mark.parametrize("problem", ["dns-failure", "checker-unreachable"])
def test_a_route_that_could_not_be_learnt(problem: str) -> None:
    assert weigh_routing(operator(), Finding(problem), RouteKind.MX) is Weight.PASSING


def test_bogus_signatures_matter_to_a_validating_resolver() -> None:
    bogus = Finding("dnssec-invalid")
    assert weigh_routing(operator(validating_resolver=True), bogus, RouteKind.MX) is Weight.FATAL
    assert weigh_routing(operator(validating_resolver=False), bogus, RouteKind.MX) is Weight.WARNING


@pytest.mark.parametrize(
    "problem", ["sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"]
)
def test_a_policy_that_cannot_be_had_binds_nobody(problem: str) -> None:
    assert weigh_routing(operator(mta_sts=True), Finding(problem), RouteKind.MX) is Weight.WARNING


def test_the_heaviest_finding_counts() -> None:
    met = attempt("certificate-expires-soon", "certificate-host-mismatch", "tls-weak-key")
    reaction = react(operator(level=VERIFY), met)
    assert reaction.weights == (Weight.WARNING, Weight.FATAL, Weight.WARNING)
    assert reaction.weight is Weight.FATAL


def test_text_slipped_in_behind_starttls_is_nothing_to_postfix_and_the_end_to_exim() -> None:
    met = attempt(finding("starttls-failed", Cause.INJECTED, text="250 injected"))
    postfix, exim = (
        react(operator(server=server), met) for server in (Server.POSTFIX, Server.EXIM)
    )
    assert (postfix.consequence, postfix.weight) == (Consequence.TAKES, Weight.WARNING)
    assert (exim.consequence, exim.stage) == (Consequence.NEXT, Stage.STARTTLS)


def test_the_stage_is_where_the_operators_server_stops() -> None:
    expired = attempt("certificate-expired")
    assert react(operator(level=VERIFY), expired).stage is Stage.CERTIFICATE
    assert react(operator(level=ENCRYPT), expired).stage is Stage.DONE
    assert react(operator(), attempt("tls-version", stage=Stage.TLS)).stage is Stage.TLS
    assert react(operator(), attempt()).stage is Stage.DONE
