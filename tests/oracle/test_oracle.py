"""What the checker foretells is what real mail servers do: they send mail to every lab domain."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.delivery.verdict import Outcome
from tests.lab.domains import DOMAINS
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.root import become_root, prepare
from tests.oracle.fate import Delivery, Fate
from tests.oracle.run import SENDERS, all_operators, names_of

pytestmark = pytest.mark.programs

_PATIENCE = 240

NAMES = [domain.domain for domain in DOMAINS]
OPERATORS = {operator.name: operator for operator in all_operators()}
EVERYONE = frozenset(OPERATORS)


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


DIFFERENCES = (
    Difference(
        "a check sends no mail, so that it never learns what a server makes of the recipient",
        frozenset({"recipient-refused.test", "greylisted.test"}),
        EVERYONE - {"dane-only"},
    ),
    Difference(
        "the operator does not say whether it would send in clear; the Postfix here does not",
        frozenset(domain for domain in NAMES if "no-starttls" in domain and "first" not in domain)
        | {"starttls-masked.test", "hello-only.test", "ehlo-450.test", "ehlo-550.test"},
        frozenset({"profihost"}),
    ),
    Difference(
        "Postfix takes a signature that does not fit for a name server that is down",
        frozenset({"dnssec-bogus.test", "dane-bogus.test"}),
        frozenset({"dane", "dane-only"}),
    ),
    Difference(
        "Postfix learns of MTA-STS from another program, and matches wildcards in its own way",
        frozenset({"sts-wildcard-too-deep.test"}),
        frozenset({"sts-enforcing"}),
    ),
    Difference(
        "the server hopes to reach an address that is not public later; the checker knows better",
        frozenset({"mx-private-address.test"}),
        EVERYONE - {"dane-only"},
    ),
    Difference(
        "the same, where the MX record holds such an address, which Exim refuses",
        frozenset({"mx-ip-address.test"}),
        EVERYONE - {"dane-only", "exim"},
    ),
    Difference(
        "which of two equal servers is picked is chance, and the outcome depends on it",
        frozenset({"equal-one-starttls-502.test"}),
        EVERYONE - {"dane", "dane-only", "exim", "may", "sts-enforcing"},
    ),
    Difference(
        "Exim has habits of its own",
        frozenset({"starttls-421.test"}),
        frozenset({"exim"}),
    ),
)


@pytest.fixture(scope="session")
def found(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - it is JSON
    """What the checker foretold, and what happened, by operator and domain."""
    # In the network of the run there is nobody to fetch packages from.
    for root in {RECEIVERS, *(sender.root for sender in SENDERS)}:
        prepare(root)
    folder = tmp_path_factory.mktemp("oracle")
    namespaces = ["unshare", "--net", "--pid", "--fork", "--kill-child"]
    python = [sys.executable, "-B", "-m", "tests.oracle.network", "tests.oracle.run"]
    python += ["all"] if pytestconfig.getoption("all") else []
    with (folder / "found.json").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a module of our own
            [*become_root(), *namespaces, *python],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(timeout=_PATIENCE)
        finally:
            end(process)
    assert process.returncode == 0, (folder / "errors").read_text()
    return json.loads((folder / "found.json").read_text())


def difference(foretold: Sequence[str], delivery: Delivery) -> str:
    """How the checker's word differs from what happened; nothing where it does not."""
    outcome, disposition, problem = foretold
    agrees = delivery.fate == disposition
    if agrees and delivery.fate is not Fate.ACCEPTED:
        agrees = (outcome == Outcome.FAILS) is not delivery.passing
    said = f"{outcome}, {disposition}: {problem}"
    return "" if agrees else f"{said} != {delivery.fate}: {' / '.join(delivery.reasons)[-300:]}"


@pytest.mark.parametrize("operator", sorted(EVERYONE))
def test_the_checker_foretells_what_real_servers_do(
    found: Any,  # noqa: ANN401 - it is JSON
    pytestconfig: pytest.Config,
    operator: str,
) -> None:
    foretold, happened = found["foretold"][operator], found["happened"][operator]
    asked = set(names_of(OPERATORS[operator], whole=pytestconfig.getoption("all")))
    assert set(foretold) == set(happened) == asked
    differences = {
        name: difference(
            foretold[name], Delivery(Fate(delivery["fate"]), tuple(delivery["reasons"]))
        )
        for name, delivery in happened.items()
    }
    named = {name for one in DIFFERENCES if operator in one.operators for name in one.domains}
    named &= asked
    assert {name: how for name, how in differences.items() if how and name not in named} == {}
    # One that is gone need not be named any longer.
    assert {name for name in named if not differences[name]} == set()
