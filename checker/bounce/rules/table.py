"""All rules at once over one text: each phrase is looked for only where its first word occurs."""

from collections.abc import Iterable, Iterator

from checker.bounce.rules.rule import BEGINNING, Rule, beginnings, find_word, first_word


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
        """What a text holds, in the order of the rules.

        Args:
            text: ``without_names`` and ``comparable``.
        """
        found: dict[int, tuple[int, int]] = {}
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
            rank, start = found[number]
            span = rule.confirmed(text, start, start + len(rule.comparables[rank]))
            if span is not None:
                yield rule, span


def _key(phrase: str) -> str:
    """What a text with the phrase has among its ``beginnings``; nothing if it may be any."""
    word = first_word(phrase)
    if len(word) == BEGINNING or not word:
        return word
    # A word that ends within the phrase ends in the text as well.
    return f"{word} " if len(word) < len(phrase) else word[:3]
