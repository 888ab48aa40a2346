"""What came of an address: what was seen there, held against what the sender wants."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from checker.delivery.joining import join
from checker.delivery.targets import Target, targets, untried
from checker.facts import (
    Attempt,
    Choice,
    Connection,
    Dane,
    Failure,
    Finding,
    Handshake,
    PathError,
    Reply,
    Seen,
    TlsaRecord,
)
from checker.operators import Level
from checker.problems import Cause, Stage
from checker.senders import Server
from checker.tls_version import TlsVersion
from tests.checker.certificates import NOW, certificate
from tests.checker.facts_of import operator, route

HOST = "mx1.example.org"
GOOD = certificate(HOST).public_bytes(Encoding.DER)
OTHER = certificate("other.example").public_bytes(Encoding.DER)
HANDSHAKE = Handshake(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", chain=(GOOD,))
MISNAMED = replace(HANDSHAKE, chain=(OTHER,))
FAILED = Handshake(Failure.LOCAL, "unsupported protocol")
STOPPED = Finding("tls-handshake-failed", {"cause": "local"})


def target(*records: TlsaRecord, **settings: object) -> Target:
    found = route()
    (server,) = found.mail_servers
    servers = (replace(server, tlsa=records),)
    (one,) = targets(operator(**settings), replace(found, mail_servers=servers))
    return one


def done(handshake: Handshake = HANDSHAKE, **more: object) -> Connection:
    return replace(Connection(Stage.DONE, handshake=handshake), **more)  # type: ignore[arg-type]


def joined(
    first: Connection,
    named: Connection | None = None,
    *,
    widened: Connection | None = None,
    choice: Choice | None = None,
    wanted: Target | None = None,
) -> Attempt:
    seen = Seen(NOW, first, named, widened, choice)
    return join(operator(), wanted or target(), seen, tuple)


def ids(attempt: Attempt) -> list[str]:
    return [finding.id for finding in attempt.findings]


def test_what_is_faultless_has_no_finding_and_tells_what_was_seen() -> None:
    greeting = Reply("connect", 220, (HOST,))
    attempt = joined(done(replies=(greeting,)))
    assert attempt.findings == ()
    assert (attempt.host, attempt.address, attempt.preference) == (HOST, "192.0.2.1", 10)
    assert (attempt.stage, attempt.checked_at) == (Stage.DONE, NOW)
    assert (attempt.tls_version, attempt.cipher) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    assert attempt.certificate is not None
    assert attempt.certificate.names == (HOST,)
    assert attempt.replies == (greeting,)


def test_what_ended_it_before_tls_is_the_finding() -> None:
    refused = Finding("starttls-failed", code=502)
    attempt = joined(Connection(Stage.STARTTLS, refused))
    assert attempt.findings == (refused,)
    assert (attempt.stage, attempt.tls_version, attempt.certificate) == (Stage.STARTTLS, None, None)


def test_the_certificate_is_held_against_the_moment_of_the_look() -> None:
    ended = certificate(HOST, ends=timedelta(days=-1)).public_bytes(Encoding.DER)
    errors = (PathError(10, 0, ended),)
    assert ids(joined(done(replace(HANDSHAKE, chain=(ended,), errors=errors)))) == [
        "certificate-expired"
    ]
    soon = certificate(HOST, ends=timedelta(days=2)).public_bytes(Encoding.DER)
    assert ids(joined(done(replace(HANDSHAKE, chain=(soon,))))) == ["certificate-expires-soon"]


def test_what_the_sender_wants_comes_after_what_was_seen() -> None:
    unlisted = Finding("sts-policy-invalid")
    wanted = replace(target(), findings=(unlisted,), sts_enforced=True)
    attempt = joined(done(MISNAMED), wanted=wanted)
    assert ids(attempt) == ["certificate-host-mismatch", "sts-policy-invalid"]
    assert attempt.sts_enforced


def test_text_slipped_in_behind_starttls_comes_first() -> None:
    attempt = joined(done(MISNAMED, injected="250 injected"))
    assert ids(attempt) == ["starttls-failed", "certificate-host-mismatch"]
    assert attempt.findings[0].cause is Cause.INJECTED
    assert attempt.findings[0].told["text"] == "250 injected"


def test_a_version_below_the_senders_is_the_fault_and_where_it_ends() -> None:
    attempt = joined(done(replace(MISNAMED, version="TLSv1.1")))
    assert ids(attempt) == ["tls-version", "certificate-host-mismatch"]
    assert attempt.stage is Stage.TLS
    assert attempt.findings[0].told == {
        "cause": "too-old",
        "offered": ["TLSv1.2", "TLSv1.3"],
        "supported": ["TLSv1.1"],
    }


@pytest.mark.parametrize(
    ("named", "problems"),
    [
        (HANDSHAKE, ["certificate-needs-sni", "certificate-host-mismatch"]),
        (MISNAMED, ["certificate-host-mismatch"]),
        (FAILED, ["certificate-host-mismatch"]),
    ],
)
def test_a_server_that_wants_to_be_named_first(named: Handshake, problems: list[str]) -> None:
    attempt = joined(done(MISNAMED), done(named))
    assert ids(attempt) == problems


def test_a_group_that_is_too_small_is_told() -> None:
    for bits, problems in ((1024, ["tls-weak-key"]), (2048, []), (None, [])):
        assert (
            ids(
                joined(
                    done(
                        replace(
                            HANDSHAKE,
                            version="TLSv1.2",
                            cipher="DHE-RSA-AES128-GCM-SHA256",
                            group_bits=bits,
                        )
                    )
                )
            )
            == problems
        )


def test_a_handshake_that_fails_for_no_known_reason_keeps_its_own() -> None:
    failed = Connection(Stage.TLS, STOPPED, handshake=FAILED)
    assert joined(failed).findings == (STOPPED,)
    assert joined(failed, choice=Choice()).findings == (STOPPED,)
    lost = Connection(Stage.CONNECT, Finding("connection-failed"))
    assert joined(failed, widened=lost).findings == (STOPPED,)


@pytest.mark.parametrize(
    ("second", "problem", "cause"),
    [
        (done(), "certificate-needs-sni", None),
        (done(replace(HANDSHAKE, version="TLSv1.2")), "certificate-needs-sni", None),
        (done(finding=Finding("greeting-refused")), "greeting-refused", None),
    ],
)
def test_what_another_offer_shows_of_a_failure(
    second: Connection, problem: str, cause: Cause | None
) -> None:
    attempt = joined(Connection(Stage.TLS, STOPPED, handshake=FAILED), second)
    assert ids(attempt) == [problem]
    assert attempt.findings[0].cause is cause


def test_a_server_that_speaks_only_what_is_too_new_for_the_sender() -> None:
    wanted = target(maximum=TlsVersion.TLS_1_2)
    attempt = joined(
        Connection(Stage.TLS, STOPPED, handshake=FAILED), widened=done(), wanted=wanted
    )
    assert ids(attempt) == ["tls-version"]
    assert attempt.stage is Stage.TLS
    assert attempt.findings[0].told == {
        "cause": "too-new",
        "offered": ["TLSv1.2"],
        "supported": ["TLSv1.3"],
    }


@pytest.mark.parametrize(
    ("choice", "finding"),
    [
        (
            Choice("SSLv3", "0x002F"),
            Finding(
                "tls-version",
                {"offered": ["TLSv1.2", "TLSv1.3"], "supported": ["SSLv3"]},
                Cause.TOO_OLD,
            ),
        ),
        (
            Choice("TLSv1", "RC4-SHA"),
            Finding(
                "tls-version",
                {"offered": ["TLSv1.2", "TLSv1.3"], "supported": ["TLSv1"]},
                Cause.TOO_OLD,
            ),
        ),
        (
            Choice("TLSv1.2", "RC4-SHA"),
            Finding("tls-cipher", {"version": "TLSv1.2", "cipher": "RC4-SHA"}),
        ),
        (
            Choice("TLSv1.2", "0x0034", anonymous=True),
            Finding("tls-cipher", {"version": "TLSv1.2", "cipher": "0x0034"}, anonymous=True),
        ),
        (
            Choice("TLSv1.2", "0x0033", 512),
            Finding("tls-weak-key", {"key": "DH", "bits": 512}),
        ),
        # A suite that the sender has; the server has answered, so it was not the name.
        (Choice("TLSv1.2", "0x0033", 2_048), STOPPED),
    ],
)
def test_what_the_servers_choice_of_everything_shows(choice: Choice, finding: Finding) -> None:
    failed = Connection(Stage.TLS, STOPPED, handshake=FAILED)
    assert joined(failed, choice=choice).findings == (finding,)


@pytest.mark.parametrize("failure", [Failure.ALERT, Failure.CLOSED, Failure.RESET])
def test_a_server_that_answers_only_whoever_names_it_wants_the_name(failure: Failure) -> None:
    left = Connection(Stage.TLS, STOPPED, handshake=Handshake(failure, "left"))
    attempt = joined(left, choice=Choice("TLSv1.2", "0x0033", 2_048))
    assert attempt.findings == (Finding("certificate-needs-sni", {"server_name": HOST}),)


def test_only_gnutls_minds_what_is_no_part_of_a_handshake() -> None:
    odd = done(replace(HANDSHAKE, stray="warning-alert"))
    assert ids(joined(odd)) == []
    attempt = joined(odd, wanted=target(server=Server.EXIM))
    assert attempt.findings == (Finding("tls-handshake-failed", {"cause": "warning-alert"}),)
    assert attempt.stage is Stage.TLS


def test_tlsa_records_are_held_against_a_handshake_alone() -> None:
    wanted = target(TlsaRecord(3, 1, 1, "00" * 32), level=Level.DANE)
    attempt = joined(done(), wanted=wanted)
    assert ids(attempt) == ["tlsa-invalid"]
    assert attempt.dane is Dane.USABLE
    refused = joined(Connection(Stage.GREETING, Finding("greeting-refused")), wanted=wanted)
    assert ids(refused) == ["greeting-refused"]
    assert refused.dane is Dane.USABLE


def test_where_nothing_was_seen_only_the_reason_is_told() -> None:
    wanted = replace(target(), findings=(Finding("sts-policy-invalid"),))
    attempt = untried(wanted, Stage.CONNECT, (Finding("dane-required"),), NOW)
    assert ids(attempt) == ["dane-required"]
    probe = wanted.probe
    told = (attempt.host, attempt.address, attempt.preference)
    assert told == (probe.host, probe.address, wanted.server.preference)
    assert (attempt.stage, attempt.checked_at) == (Stage.CONNECT, NOW)
    assert attempt.certificate is None
