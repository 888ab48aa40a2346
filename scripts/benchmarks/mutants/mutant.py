"""What a mutant is called, which ones are tried, and what came of them. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function.

    Attributes:
        path: The module's file, below the project's folder.
        function: The function's qualified name, without its module: that may move.
        operator: mutmut's word for the kind of change.
        occurrence: The number of this change among those of its kind in the function.
        begin: Where in the module's text it is.
        before: What stands there.
        after: What the mutant has in its place.
    """

    path: str
    function: str
    operator: str
    occurrence: int
    begin: int
    before: str
    after: str

    @property
    def name(self) -> str:
        """The same as long as the function is, wherever it stands."""
        return f"{self.function} {self.operator} {self.occurrence}"

    @property
    def module(self) -> str:
        """The module's dotted name."""
        path = PurePosixPath(self.path)
        parts = path.parent.parts if path.stem == "__init__" else (*path.parent.parts, path.stem)
        return ".".join(parts)

    def apply(self, text: str) -> str:
        """The module's text with this change."""
        end = self.begin + len(self.before)
        if text[self.begin : end] != self.before:
            raise ValueError(f"{self.path} is not what {self.name} was made of")
        return text[: self.begin] + self.after + text[end:]


class Fate(StrEnum):
    """What came of a mutant."""

    CAUGHT = "caught"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    LOADING = "loading"
    """It survived, but what was worked out while modules were loaded was not changed by it."""

    NONE = "none"
    """Python compiles it to the very same, or not at all: it is no mutant."""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A change that nobody can notice.

    Attributes:
        function: As in :class:`Mutant`.
        operator: As in :class:`Mutant`.
        before: As in :class:`Mutant`.
        after: As in :class:`Mutant`.
        why: Why nobody can.
    """

    function: str
    operator: str
    before: str
    after: str
    why: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether the mutant is this change; its occurrence moves when the function grows."""
        return (self.function, self.operator, self.before, self.after) == (
            mutant.function,
            mutant.operator,
            mutant.before,
            mutant.after,
        )


def sample(mutants: Iterable[Mutant], number: int, seed: int) -> list[Mutant]:
    """The mutants to try.

    Whether one is among them depends on its name and the seed, so that two commits are tried with
    the same ones wherever both have them.

    Args:
        mutants: All that there are.
        number: How many to take; all where there are fewer.
        seed: Another one takes others.
    """

    def rank(mutant: Mutant) -> bytes:
        return hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()

    return sorted(mutants, key=lambda mutant: (rank(mutant), mutant.path))[:number]


def table(fates: Sequence[tuple[Mutant, Fate]]) -> list[str]:
    """Rows of Markdown: for each module and for all, how many were caught and survived."""
    count = Counter((mutant.module, fate) for mutant, fate in fates)
    modules = sorted({mutant.module for mutant, _ in fates})
    rows = [_row(name, count[name, Fate.CAUGHT], count[name, Fate.SURVIVED]) for name in modules]
    caught = sum(count[module, Fate.CAUGHT] for module in modules)
    survived = sum(count[module, Fate.SURVIVED] for module in modules)
    head = ["| module | caught | survived | share |", "|---|---|---|---|"]
    return [*head, *rows, _row("all", caught, survived)]


def _row(name: str, caught: int, survived: int) -> str:
    share = f"{caught / (caught + survived):.1%}" if caught + survived else "-"
    return f"| {name} | {caught} | {survived} | {share} |"


def share(fates: Iterable[tuple[Mutant, Fate]]) -> float:
    """The part of the mutants that was caught; those that nobody can notice do not count."""
    count = Counter(fate for _, fate in fates)
    tried = count[Fate.CAUGHT] + count[Fate.SURVIVED]
    return count[Fate.CAUGHT] / tried if tried else 1.0
