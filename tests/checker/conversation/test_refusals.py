"""What each sender's TLS library takes of what a server chose, row by row as it was measured."""

from dataclasses import replace

import pytest

from checker.certificate.reading import Key
from checker.conversation.refusals import (
    Refusal,
    encrypts_to_key,
    is_anonymous,
    is_offered,
    refusal,
)
from checker.facts import Failure, Handshake
from checker.senders import PROFILES, Profile, Server, System, profile
from checker.senders.hello import Checking
from checker.tls_version import TlsVersion

OLDEST, NEWEST = TlsVersion.TLS_1_0, TlsVersion.TLS_1_3

POSTFIX_10 = profile(Server.POSTFIX, System.DEBIAN_10)
POSTFIX_12 = profile(Server.POSTFIX, System.DEBIAN_12)
POSTFIX_13 = profile(Server.POSTFIX, System.DEBIAN_13)
EXIM = profile(Server.EXIM, System.DEBIAN_13)
QMAIL_10 = profile(Server.QMAIL, System.DEBIAN_10)
QMAIL_12 = profile(Server.QMAIL, System.DEBIAN_12)
QMAIL_13 = profile(Server.QMAIL, System.DEBIAN_13)

ENCRYPT, VERIFY = Checking.NONE, Checking.CERTIFICATE

MODERN = Handshake(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", group="X25519")
TLS_1_2 = Handshake(version="TLSv1.2", cipher="ECDHE-RSA-AES256-GCM-SHA384", group="X25519")
DHE = Handshake(version="TLSv1.2", cipher="DHE-RSA-AES256-GCM-SHA384")
TLS_1_0 = Handshake(version="TLSv1", cipher="ECDHE-RSA-AES256-SHA")
TLS_1_0_RSA = Handshake(version="TLSv1", cipher="AES256-SHA")

RSA = Key("RSA 2048", 2048, "RSA")


def refused(
    one: Profile, checking: Checking, handshake: Handshake, minimum: TlsVersion = OLDEST
) -> Refusal | None:
    return refusal(one.rules(checking), minimum, NEWEST, handshake)


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in PROFILES.values()])
def test_what_a_server_of_today_chooses_every_sender_takes(one: Profile) -> None:
    for checking, rules in one.measured.items():
        for handshake in (MODERN, TLS_1_2):
            assert refused(one, checking, handshake) is None
            assert is_offered(rules, handshake, RSA)


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in PROFILES.values()])
def test_where_nothing_was_chosen_nothing_is_refused_nor_offered(one: Profile) -> None:
    failed = Handshake(Failure.CLOSED)
    assert refused(one, ENCRYPT, failed) is None
    assert not is_offered(one.rules(ENCRYPT), failed, None)


@pytest.mark.parametrize(
    ("minimum", "maximum", "version", "refusal_"),
    [
        ("1.2", "1.3", "TLSv1.1", Refusal.VERSION),
        ("1.2", "1.3", "TLSv1.2", None),
        ("1.3", "1.3", "TLSv1.2", Refusal.VERSION),
        ("1.0", "1.0", "TLSv1", None),
        ("1.0", "1.0", "TLSv1.1", Refusal.VERSION),
        ("1.0", "1.2", "TLSv1.2", None),
        ("1.0", "1.1", "TLSv1.2", Refusal.VERSION),
    ],
)
def test_the_operators_versions_hold_to_both_ends(
    minimum: str, maximum: str, version: str, refusal_: Refusal | None
) -> None:
    handshake = Handshake(version=version, cipher="AES256-SHA")
    rules = POSTFIX_12.rules(ENCRYPT)
    found = refusal(rules, TlsVersion(minimum), TlsVersion(maximum), handshake)
    assert found is refusal_


@pytest.mark.parametrize(
    ("one", "checking", "handshake", "refusal_"),
    [
        # Old versions sign the key exchange with SHA-1; plain RSA key exchange signs nothing.
        (POSTFIX_12, ENCRYPT, TLS_1_0, None),
        (POSTFIX_12, VERIFY, TLS_1_0, Refusal.VERSION),
        (POSTFIX_12, VERIFY, TLS_1_0_RSA, None),
        (POSTFIX_13, ENCRYPT, TLS_1_0, None),
        (POSTFIX_13, VERIFY, TLS_1_0, Refusal.VERSION),
        # Since Debian 13 nothing below TLS 1.2 is offered there, whatever its key exchange.
        (POSTFIX_13, VERIFY, TLS_1_0_RSA, Refusal.VERSION),
        (EXIM, ENCRYPT, TLS_1_0, None),
        (EXIM, VERIFY, TLS_1_0, None),
        (QMAIL_10, ENCRYPT, TLS_1_0, None),
        (QMAIL_12, ENCRYPT, TLS_1_0, Refusal.VERSION),
        (QMAIL_12, ENCRYPT, replace(TLS_1_0, version="TLSv1.1"), Refusal.VERSION),
        (QMAIL_12, ENCRYPT, replace(TLS_1_0, cipher="DHE-RSA-AES256-SHA"), Refusal.VERSION),
        (QMAIL_12, ENCRYPT, replace(TLS_1_0, cipher="EDH-RSA-DES-CBC3-SHA"), Refusal.VERSION),
        (QMAIL_12, ENCRYPT, TLS_1_0_RSA, None),
        (QMAIL_13, ENCRYPT, TLS_1_0_RSA, Refusal.VERSION),
        # Diffie-Hellman groups.
        (POSTFIX_12, ENCRYPT, replace(DHE, group_bits=512), None),
        (POSTFIX_12, VERIFY, replace(DHE, group_bits=1023), Refusal.GROUP),
        (POSTFIX_12, VERIFY, replace(DHE, group_bits=1024), None),
        (EXIM, ENCRYPT, replace(DHE, group_bits=1023), Refusal.GROUP),
        (EXIM, ENCRYPT, replace(DHE, group_bits=1024), None),
        (QMAIL_12, ENCRYPT, replace(DHE, group_bits=1024), Refusal.GROUP),
        (QMAIL_10, ENCRYPT, replace(DHE, group_bits=2047), Refusal.GROUP),
        (QMAIL_10, ENCRYPT, replace(DHE, group_bits=2048), None),
        # Suites.
        (POSTFIX_12, VERIFY, replace(TLS_1_2, cipher="ECDHE-ECDSA-AES128-CCM8"), None),
        (POSTFIX_13, ENCRYPT, replace(TLS_1_2, cipher="ECDHE-ECDSA-AES128-CCM8"), None),
        (POSTFIX_13, VERIFY, replace(TLS_1_2, cipher="ECDHE-ECDSA-AES128-CCM8"), Refusal.CIPHER),
        (EXIM, VERIFY, replace(TLS_1_2, cipher="ECDHE-ECDSA-AES128-CCM8"), Refusal.CIPHER),
        (QMAIL_12, ENCRYPT, replace(TLS_1_2, cipher="ECDHE-ECDSA-AES128-CCM8"), Refusal.CIPHER),
        (EXIM, ENCRYPT, replace(MODERN, cipher="TLS_AES_128_CCM_SHA256"), None),
        (POSTFIX_13, ENCRYPT, replace(MODERN, cipher="TLS_AES_128_CCM_SHA256"), Refusal.CIPHER),
        (QMAIL_13, ENCRYPT, replace(MODERN, cipher="TLS_AES_128_CCM_SHA256"), Refusal.CIPHER),
        (POSTFIX_13, ENCRYPT, replace(TLS_1_2, cipher="ADH-AES256-GCM-SHA384"), None),
        (POSTFIX_13, VERIFY, replace(TLS_1_2, cipher="ADH-AES256-GCM-SHA384"), Refusal.CIPHER),
        (EXIM, ENCRYPT, replace(TLS_1_2, cipher="ADH-AES256-GCM-SHA384"), Refusal.CIPHER),
        (POSTFIX_10, ENCRYPT, replace(TLS_1_2, cipher="SEED-SHA"), None),
        (POSTFIX_12, ENCRYPT, replace(TLS_1_2, cipher="SEED-SHA"), Refusal.CIPHER),
        (POSTFIX_12, ENCRYPT, replace(TLS_1_2, cipher=None), Refusal.CIPHER),
    ],
)
def test_what_a_library_refuses_of_a_handshake(
    one: Profile, checking: Checking, handshake: Handshake, refusal_: Refusal | None
) -> None:
    assert refused(one, checking, handshake) is refusal_


def test_the_version_is_named_before_the_suite_and_that_before_the_group() -> None:
    all_wrong = Handshake(version="TLSv1", cipher="RC4-SHA", group_bits=512)
    rules = QMAIL_12.rules(ENCRYPT)
    assert refusal(rules, TlsVersion.TLS_1_2, NEWEST, all_wrong) is Refusal.VERSION
    assert refusal(rules, OLDEST, NEWEST, all_wrong) is Refusal.CIPHER


@pytest.mark.parametrize(
    ("cipher", "anonymous"),
    [
        ("ADH-AES256-GCM-SHA384", True),
        ("AECDH-AES256-SHA", True),
        ("ECDHE-RSA-AES256-SHA", False),
        ("DHE-RSA-AES256-SHA", False),
        ("AES256-SHA", False),
        (None, False),
    ],
)
def test_a_suite_that_wants_no_certificate(cipher: str | None, *, anonymous: bool) -> None:
    assert is_anonymous(Handshake(version="TLSv1.2", cipher=cipher)) is anonymous


def of(algorithm: str, name: str = "") -> Key:
    return Key(name or algorithm, 0, algorithm)


@pytest.mark.parametrize(
    ("rules", "handshake", "key", "offered"),
    [
        # Groups in TLS 1.3, in either spelling of OpenSSL's.
        (POSTFIX_12, replace(MODERN, group="ffdhe2048"), RSA, False),
        (POSTFIX_13, replace(MODERN, group="ffdhe2048"), RSA, True),
        (EXIM, replace(MODERN, group="ffdhe4096"), RSA, True),
        (POSTFIX_13, replace(MODERN, group="ffdhe4096"), RSA, False),
        (POSTFIX_13, replace(MODERN, group="X25519MLKEM768"), RSA, False),
        (QMAIL_13, replace(MODERN, group="X25519MLKEM768"), RSA, True),
        *(
            (POSTFIX_13, replace(MODERN, group=group), RSA, True)
            for group in ("secp256r1", "secp384r1", "secp521r1", "x25519", "x448", "P-256")
        ),
        (POSTFIX_13, replace(MODERN, group="secp256k1"), RSA, False),
        (POSTFIX_13, replace(MODERN, group=None), RSA, True),
        # Below it a curve counts where the exchange is over curves.
        (POSTFIX_13, replace(TLS_1_2, group="brainpoolP256r1"), RSA, False),
        (POSTFIX_13, replace(DHE, group="ffdhe4096"), RSA, True),
        (POSTFIX_13, replace(TLS_1_2, cipher="AES256-SHA", group="ffdhe4096"), RSA, True),
        # Keys.
        (POSTFIX_13, MODERN, None, True),
        (POSTFIX_13, TLS_1_2, of("RSA"), True),
        (POSTFIX_13, TLS_1_2, of("DSA"), True),
        (EXIM, TLS_1_2, of("DSA"), False),
        (POSTFIX_13, MODERN, of("EC", "EC secp256r1"), True),
        (POSTFIX_13, TLS_1_2, of("EC", "EC secp256r1"), True),
        (POSTFIX_12, MODERN, of("EC", "EC brainpoolP256r1"), False),
        (POSTFIX_13, MODERN, of("EC", "EC brainpoolP256r1"), True),
        (POSTFIX_13, TLS_1_2, of("EC", "EC brainpoolP256r1"), False),
        (EXIM, MODERN, of("EC", "EC brainpoolP256r1"), False),
        (POSTFIX_13, MODERN, of("EC", "EC secp256k1"), False),
        (POSTFIX_13, TLS_1_2, of("EC", "EC secp256k1"), False),
        (POSTFIX_13, MODERN, of("Ed25519"), True),
        (POSTFIX_13, TLS_1_2, of("Ed448"), True),
        (POSTFIX_13, MODERN, of("MLDSA65"), True),
        (POSTFIX_12, MODERN, of("MLDSA65"), False),
        (EXIM, MODERN, of("MLDSA65"), False),
        (POSTFIX_13, MODERN, of("unknown"), False),
        # The group and the key must both be offered.
        (POSTFIX_12, replace(MODERN, group="ffdhe2048"), of("MLDSA65"), False),
    ],
)
def test_the_key_exchange_and_the_signature_that_a_sender_offers(
    rules: Profile, handshake: Handshake, key: Key | None, *, offered: bool
) -> None:
    assert is_offered(rules.rules(ENCRYPT), handshake, key) is offered


@pytest.mark.parametrize(
    ("cipher", "encrypts"),
    [
        ("AES128-GCM-SHA256", True),
        ("AES256-SHA", True),
        ("CAMELLIA256-SHA", True),
        ("ECDHE-RSA-AES128-GCM-SHA256", False),
        ("DHE-RSA-AES128-SHA", False),
        ("TLS_AES_256_GCM_SHA384", False),
        ("ADH-AES128-SHA", False),
        (None, False),
    ],
)
def test_to_which_key_a_secret_is_encrypted(cipher: str | None, *, encrypts: bool) -> None:
    assert encrypts_to_key(Handshake(cipher=cipher)) is encrypts
