"""Which mutants are tried, what they are called, and how their fates are told."""

from dataclasses import replace

import pytest

from scripts.benchmarks.mutants.mutant import Equivalent, Fate, Mutant, sample, share, table

TEXT = "def weigh(a: int) -> bool:\n    return a < 3\n"
MUTANT = Mutant("checker/delivery/habits.py", "weigh", "swap_op", 1, TEXT.index("<"), "<", "<=")
MANY = [
    replace(MUTANT, function=f"{kind}.weigh", occurrence=number)
    for kind in ("Postfix", "Exim")
    for number in range(1, 51)
]


def test_a_mutant_is_the_module_with_one_change() -> None:
    assert MUTANT.apply(TEXT) == TEXT.replace("<", "<=")


def test_a_mutant_of_another_text_is_not_made() -> None:
    with pytest.raises(ValueError, match="weigh swap_op 1"):
        MUTANT.apply(f"# What decides.\n{TEXT}")


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("checker/delivery/habits.py", "checker.delivery.habits"),
        ("checker/bounce/__init__.py", "checker.bounce"),
        ("checker/domain.py", "checker.domain"),
    ],
)
def test_the_module_is_told_and_the_function_named(path: str, module: str) -> None:
    mutant = replace(MUTANT, path=path)
    assert mutant.module == module
    assert mutant.name == MUTANT.name


def test_the_same_mutants_are_tried_wherever_their_functions_stand() -> None:
    moved = [replace(one, path="checker/policy.py", begin=one.begin + 400) for one in MANY]
    names = [one.name for one in sample(MANY, 20, 1)]
    assert [one.name for one in sample(reversed(moved), 20, 1)] == names
    assert len(set(names)) == 20


def test_what_is_new_takes_few_places_of_what_was_tried_before() -> None:
    new = [replace(one, function="Sendmail.weigh") for one in MANY[:10]]
    before, after = set(sample(MANY, 50, 1)), set(sample([*MANY, *new], 50, 1))
    assert len(before - after) == len(after & set(new)) <= 10


def test_another_seed_tries_others() -> None:
    assert sample(MANY, 20, 1) != sample(MANY, 20, 2)
    assert set(sample(MANY, 100, 1)) == set(sample(MANY, 200, 2)) == set(MANY)


def test_a_change_that_nobody_can_notice_is_known_by_what_it_changes() -> None:
    known = Equivalent("weigh", "swap_op", "<", "<=", "a is never 3")
    assert known.is_of(replace(MUTANT, occurrence=2, path="checker/policy.py"))
    assert not known.is_of(replace(MUTANT, after="=="))
    assert not known.is_of(replace(MUTANT, function="Exim.weigh"))


def test_the_table_tells_each_module_and_all() -> None:
    other = replace(MUTANT, path="checker/domain.py")
    fates = [
        (MUTANT, Fate.CAUGHT),
        (MUTANT, Fate.SURVIVED),
        (MUTANT, Fate.EQUIVALENT),
        (other, Fate.CAUGHT),
        (other, Fate.CAUGHT),
        (replace(MUTANT, path="checker/bounce/text.py"), Fate.EQUIVALENT),
    ]
    assert table(fates) == [
        "| module | caught | survived | share |",
        "|---|---|---|---|",
        "| checker.bounce.text | 0 | 0 | - |",
        "| checker.delivery.habits | 1 | 1 | 50.0% |",
        "| checker.domain | 2 | 0 | 100.0% |",
        "| all | 3 | 1 | 75.0% |",
    ]
    assert share(fates) == 0.75
