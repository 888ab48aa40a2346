"""What the benchmark of many domains makes of what it measured, and whom it asks."""

from dataclasses import replace

import pytest

from scripts.benchmarks.bulk import Result, targets
from scripts.benchmarks.customers import Customers
from scripts.benchmarks.watched import Measured

PEER = Measured(10.0, 10.0, 50.0, "")
SHARED = Result(
    own_names=False,
    domains=20_000,
    own=Measured(20.0, 30.0, 200.0, ""),
    uneven=0,
    differing=0,
    peers=900,
    peer=PEER,
    unverified=0,
    cluster=Measured(39.0, 30.0, 100.0, ""),
)
OWN = replace(SHARED, own_names=True, own=Measured(70.0, 90.0, 200.0, ""), cluster=None)


def test_all_is_well() -> None:
    assert all(good for good, _ in targets([SHARED, OWN]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"own": Measured(23.0, 30.0, 200.0, "")}, "9.7 times posttls-finger"),
        ({"uneven": 1}, "1 healthy addresses not met once"),
        ({"differing": 2}, "2 domains with another verdict"),
        ({"own": Measured(20.0, 30.0, 251.0, "")}, "251 MB in all processes"),
        ({"unverified": 3}, "verifies all but 3"),
        ({"cluster": Measured(41.0, 30.0, 100.0, "")}, "two Dask workers 0.49 times"),
    ],
)
def test_each_target_can_be_missed(change: dict[str, object], said: str) -> None:
    missed = [text for good, text in targets([replace(SHARED, **change), OWN]) if not good]  # type: ignore[arg-type]
    assert len(missed) == 1
    assert said in missed[0]


def test_who_has_names_of_their_own_needs_three_times_as_fast() -> None:
    slow = replace(OWN, own=Measured(75.0, 90.0, 200.0, ""))
    assert [text for good, text in targets([slow]) if not good] == [
        "each MX a name of its own: 3.0 times posttls-finger (target: 3)"
    ]


@pytest.mark.parametrize("own_names", [False, True])
def test_domains_are_spread_evenly_over_servers_of_which_some_hang(*, own_names: bool) -> None:
    customers = Customers(2_000, 200, own_names=own_names)
    addresses = [customers.address(f"d{number}") for number in range(2_000)]
    assert len(set(addresses)) == 200
    assert [customers.address(customers.label(f"d{n}")) for n in range(2_000)] == addresses
    assert len({customers.host(number) for number in range(2_000)}) == (2_000 if own_names else 200)
    hanging = {addresses[number] for number in range(2_000) if customers.hangs(number)}
    assert len(hanging) == 4
    assert customers.healthy == {str(one) for one in addresses} - {str(one) for one in hanging}
