"""All rules at once over one text: each phrase is looked for only where its first word occurs."""

from collections.abc import Iterable, Iterator

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import BEGINNING, Rule, Strength, beginnings, find_word, first_word

# What servers and programs write, and people hardly do.
_WRITTEN = Pattern(
    r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])|(?:\A|  |[:;,>\"'(] ?)(?:4[2357]"
    r"|5[0-57])\d[ -](?!bit)"
    r"|\b(?:status|dsn|relay|error)="
)


class Table:
    """Rules in their order, and their phrases by how these begin."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Sort the phrases of rules."""
        self.rules = tuple(rules)
        self._phrases: dict[str, list[tuple[int, int, str]]] = {}
        for number, rule in enumerate(self.rules):
            for rank, phrase in enumerate(rule.comparables):
                key = _key(phrase)
                self._phrases.setdefault(key, []).append((number, rank, phrase))
        self._always = self._phrases.pop("", [])
        self._keys = frozenset(self._phrases)

    def search(self, text: str) -> Iterator[tuple[Rule, tuple[int, int]]]:
        """What a text holds, in the order of the rules, but for what adds nothing to those before.

        Args:
            text: ``without_names`` and ``comparable``.
        """
        found: dict[int, tuple[int, int]] = {}
        is_spoken: bool | None = None
        most: Strength | None = None
        phrases = [*self._always]
        for key in self._keys & beginnings(text):
            phrases += self._phrases[key]
        for number, rank, phrase in phrases:
            # Of a rule's phrases the first in its order is its evidence.
            if phrase in text and not (number in found and found[number][0] < rank):
                start = find_word(text, phrase)
                if start >= 0:
                    found[number] = rank, start
        for number in sorted(found):
            rule = self.rules[number]
            if most is not None and _adds_nothing(rule, most):
                continue
            if rule.spoken:
                # What somebody tells counts where nothing else does.
                is_spoken = not _WRITTEN.search(text) if is_spoken is None else is_spoken
                if not is_spoken:
                    continue
            rank, start = found[number]
            span = rule.confirmed(text, start, start + len(rule.comparables[rank]))
            if span is not None:
                is_spoken = False
                most = rule.strength if most is None else max(most, rule.strength)
                yield rule, span


def _adds_nothing(rule: Rule, most: Strength) -> bool:
    """Whether a rule is of no use behind one that tells as much."""
    return rule.strength is not Strength.SPECIFIC and rule.strength <= most and rule.kind is None


def _key(phrase: str) -> str:
    """What a text with the phrase has among its ``beginnings``; nothing if it may be any."""
    word = first_word(phrase)
    if len(word) == BEGINNING or not word:
        return word
    # A word that ends within the phrase ends in the text as well.
    return f"{word} " if len(word) < len(phrase) else word[:3]
