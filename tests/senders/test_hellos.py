"""Our hello is the sender's, but for what is named in ``expected``."""

import pytest
from OpenSSL import SSL

from checker.senders import PROFILES, Profile, Server
from tests.senders import stored
from tests.senders.client_hello import ClientHello, differences
from tests.senders.expected import NEVER_SAID, expected, in_any_order
from tests.senders.ours import say
from tests.senders.real import all_cases, hellos

_ALL = [pytest.param(profile, id=stored.name(profile)) for profile in PROFILES.values()]


def _unexpected(profile: Profile, theirs: stored.Hellos) -> dict[str, object]:
    """What differs from what ours must be, by case."""
    found: dict[str, object] = {}
    for case in all_cases(profile):
        ours, real = say(profile, case), theirs[case.name]
        if ours is None or real is None:
            if ours is not real:
                found[case.name] = "only one says hello"
            continue
        mine = in_any_order(ours) if profile.server is Server.EXIM else ours
        if how := differences(mine, expected(profile, case, real)):
            found[case.name] = how
    return found


@pytest.mark.parametrize("profile", _ALL)
def test_ours_is_the_senders(profile: Profile) -> None:
    assert _unexpected(profile, stored.read(profile)) == {}


@pytest.mark.parametrize("profile", _ALL)
def test_what_matters_to_a_server_is_equal_without_exception(profile: Profile) -> None:
    theirs = stored.read(profile)
    for case in all_cases(profile):
        ours, real = say(profile, case), theirs[case.name]
        if ours is not None and real is not None and case.minimum < "1.3":
            assert _chosen_from(ours) == _chosen_from(real), case.name


def _chosen_from(hello: ClientHello) -> object:
    suites = tuple(suite for suite in hello.cipher_suites if suite != "00ff")
    return (
        hello.legacy_version,
        suites,
        hello.supported_versions,
        hello.groups,
        hello.key_shares,
        hello.signature_algorithms,
        hello.server_name,
    )


@pytest.mark.parametrize("number", NEVER_SAID)
def test_what_openssl_leaves_out_cannot_be_added_either(number: str) -> None:
    library, nothing = SSL._lib, SSL._ffi.NULL  # type: ignore[attr-defined]  # noqa: SLF001
    handle = SSL.Context(SSL.TLS_CLIENT_METHOD)._context  # noqa: SLF001
    refused = library.SSL_CTX_add_client_custom_ext(handle, int(number), *[nothing] * 5)
    library.ERR_clear_error()
    assert refused == 0


@pytest.mark.programs
@pytest.mark.parametrize("profile", _ALL)
def test_real_senders_still_say_what_is_kept(profile: Profile) -> None:
    theirs = hellos(profile)
    assert theirs == stored.read(profile)
    assert _unexpected(profile, theirs) == {}
