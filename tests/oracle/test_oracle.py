"""What the checker foretells is what real mail servers do: they send mail to every lab domain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from checker.delivery.verdict import Outcome
from checker.operators import Level, Operator
from checker.senders import Server
from tests.lab.domains import DOMAINS
from tests.oracle.fate import Delivery, Fate
from tests.oracle.launch import send_and_check
from tests.oracle.profiles import all_profiles
from tests.oracle.run import names_of

pytestmark = pytest.mark.programs

NAMES = [domain.domain for domain in DOMAINS]
PROFILES = {profile.name: profile for profile in all_profiles()}
EVERYONE = frozenset(PROFILES)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the checker says on purpose what a real server does not do.

    Attributes:
        reason: Why.
        domains: Where.
        operators: Whose servers do otherwise.
    """

    reason: str
    domains: frozenset[str]
    operators: frozenset[str]


def _names(wanted: Callable[[Operator], bool]) -> frozenset[str]:
    return frozenset(name for name, profile in PROFILES.items() if wanted(profile.operator))


EXIMS = _names(lambda operator: operator.delivery.server is Server.EXIM)
ASK_FOR_DANE = _names(lambda operator: operator.tls.level in {Level.DANE, Level.DANE_ONLY})

_NOT_PUBLIC = (
    "the server hopes to reach an address that is not public later, which the checker knows not to"
    " happen; Exim takes none at all out of an MX record"
)
DIFFERENCES = (
    Difference(
        "a check sends no mail, so that it never learns what a server makes of the recipient",
        frozenset({"recipient-refused.test", "greylisted.test"}),
        EVERYONE - {"dane-only"},
    ),
    Difference(
        "Postfix takes a signature that does not fit for a name server that is down",
        frozenset({"dnssec-bogus.test", "dane-bogus.test"}),
        ASK_FOR_DANE,
    ),
    Difference(
        "Postfix learns of MTA-STS from another program, which reads policies in its own way",
        frozenset({"sts-wildcard-too-deep.test", "sts-vertical-tab.test"}),
        frozenset({"sts-enforcing"}),
    ),
    Difference(
        _NOT_PUBLIC,
        frozenset({"mx-private-address.test"}),
        EVERYONE - {"dane-only"},
    ),
    Difference(
        _NOT_PUBLIC,
        frozenset({"mx-ip-address.test"}),
        EVERYONE - {"dane-only"} - EXIMS,
    ),
    Difference(
        "Exim does not say that a server which refuses STARTTLS asks for a later attempt",
        frozenset({"starttls-421.test"}),
        EXIMS - _names(lambda operator: operator.tls.level is Level.MAY),
    ),
)


@pytest.fixture(scope="session")
def found(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - it is JSON
    """What the checker foretold, and what happened, by operator and domain."""
    arguments = ["all"] if _is_whole(pytestconfig) else []
    return send_and_check(tmp_path_factory.mktemp("oracle"), *arguments)


def _is_whole(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("all", default=False))


def tries_of(found: Any, operator: str, name: str) -> list[Delivery]:  # noqa: ANN401 - it is JSON
    """What became of the mails to a domain.

    Where chance is foretold, the tries of those count together of whose software the same is
    foretold: there are many profiles, and sooner or later each try of one would have the same end.
    """
    foretold = found["foretold"]
    word, software = foretold[operator][name], PROFILES[operator].operator.delivery.server
    alike = [operator]
    if word[0] == Outcome.UNKNOWN and len(found["happened"][operator][name]) > 1:
        alike = [
            other
            for other, profile in PROFILES.items()
            if profile.operator.delivery.server is software
            and foretold.get(other, {}).get(name) == word
        ]
    return [
        Delivery(Fate(one["fate"]), tuple(one["reasons"]))
        for other in alike
        for one in found["happened"][other][name]
    ]


def difference(foretold: Sequence[str], tries: Sequence[Delivery]) -> str:
    """How the checker's word differs from what happened; nothing where it does not."""
    outcome, disposition, problem = foretold
    fates = {one.fate for one in tries}
    if len(fates) > 1:
        agrees = outcome == Outcome.UNKNOWN
    elif fates == {Fate.ACCEPTED}:
        agrees = disposition == Fate.ACCEPTED
    else:
        passing = any(one.passing for one in tries)
        agrees = fates == {disposition} and (outcome == Outcome.FAILS) is not passing
    said = f"{outcome}, {disposition}: {problem}"
    one_of_each = {one.fate: " / ".join(one.reasons)[-300:] for one in tries}
    happened = "; ".join(f"{fate}: {reasons}" for fate, reasons in sorted(one_of_each.items()))
    return "" if agrees else f"{said} != {happened}"


@pytest.mark.parametrize("operator", sorted(EVERYONE))
def test_the_checker_foretells_what_real_servers_do(
    found: Any,  # noqa: ANN401 - it is JSON
    pytestconfig: pytest.Config,
    operator: str,
) -> None:
    foretold, happened = found["foretold"][operator], found["happened"][operator]
    asked = set(names_of(PROFILES[operator], whole=_is_whole(pytestconfig)))
    assert set(foretold) == set(happened) == asked
    differences = {
        name: difference(foretold[name], tries_of(found, operator, name)) for name in happened
    }
    named = {name for one in DIFFERENCES if operator in one.operators for name in one.domains}
    named &= asked
    assert {name: how for name, how in differences.items() if how and name not in named} == {}
    # One that is gone need not be named any longer.
    assert {name for name in named if not differences[name]} == set()
