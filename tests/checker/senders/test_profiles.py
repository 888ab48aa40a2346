"""A profile is there for every sender that was measured, and for no other."""

from itertools import product

import pytest

from checker.senders import PROFILES, Profile, Server, System, UnmeasuredError, profile
from checker.senders.hello import Checking, Rules
from checker.tls_version import TlsVersion

_UNMEASURED = {(Server.EXIM, System.DEBIAN_10)}

_NEWEST = System.DEBIAN_13


def _all_rules(one: Profile) -> list[Rules]:
    return list(one.measured.values())


def test_every_pair_is_there_but_those_that_nobody_has_measured() -> None:
    assert set(PROFILES) == set(product(Server, System)) - _UNMEASURED
    for (server, system), found in PROFILES.items():
        assert profile(server, system) is found
        assert (found.server, found.system) == (server, system)


def test_a_pair_that_nobody_has_measured_names_those_that_are() -> None:
    with pytest.raises(UnmeasuredError, match=r"^exim is known on debian-12, debian-13 alone$"):
        profile(Server.EXIM, System.DEBIAN_10)


@pytest.mark.parametrize("system", System)
def test_what_a_qmail_does_with_certificates_nobody_has_measured(system: System) -> None:
    qmail = profile(Server.QMAIL, system)
    for checking in (Checking.CERTIFICATE, Checking.UNUSABLE_DANE):
        with pytest.raises(UnmeasuredError, match=f"^what qmail on {system} makes of certif"):
            qmail.rules(checking)


def test_who_verifies_offers_no_suite_without_a_certificate() -> None:
    for found in PROFILES.values():
        if Checking.CERTIFICATE in found.measured:
            suites = found.rules(Checking.CERTIFICATE).hello.ciphers
            assert not [suite for suite in suites if suite.startswith(("ADH-", "AECDH-"))]


def test_nothing_is_offered_twice_and_each_key_share_is_of_a_group() -> None:
    for found in PROFILES.values():
        for rules in _all_rules(found):
            hello = rules.hello
            for offered in (
                (*hello.ciphersuites, *hello.ciphers),
                hello.groups,
                hello.key_shares,
                hello.signature_algorithms,
            ):
                assert len(set(offered)) == len(offered) > 0
            assert set(hello.key_shares) <= set(hello.groups)


def test_openssl_3_5_says_nothing_where_its_level_leaves_no_version() -> None:
    postfix, qmail = PROFILES[Server.POSTFIX, _NEWEST], PROFILES[Server.QMAIL, _NEWEST]
    for checking in (Checking.NONE, Checking.UNUSABLE_DANE):
        assert postfix.rules(checking).hello.is_said(TlsVersion.TLS_1_1)
    for rules in (postfix.rules(Checking.CERTIFICATE), qmail.rules(Checking.NONE)):
        assert not rules.hello.is_said(TlsVersion.TLS_1_1)
        assert rules.hello.is_said(TlsVersion.TLS_1_2)


@pytest.mark.parametrize("system", [System.DEBIAN_12, System.DEBIAN_13])
def test_postfix_has_chosen_its_suites_when_it_finds_no_usable_record(system: System) -> None:
    postfix = profile(Server.POSTFIX, system)
    unusable = postfix.rules(Checking.UNUSABLE_DANE)
    below = postfix.rules(Checking.NONE)
    assert unusable.limits == below.limits
    assert unusable.hello.signature_algorithms == below.hello.signature_algorithms
    assert unusable.hello.ciphers == tuple(
        suite for suite in below.hello.ciphers if not suite.startswith(("ADH-", "AECDH-"))
    )
