"""Things and what is said of them, in any order, within one clause or sentence of a person.

People put the same in countless ways, so that no phrase of theirs comes twice; but what belongs
together stands together.
"""

from collections.abc import Sequence
from functools import lru_cache

from checker.bounce.patterns import Pattern

# A stop behind a lone number is of a day or a list.
_SENTENCE_ENDS = Pattern(
    r"[!?](?=[\s\"')\]]|\Z)|(?<![^.\d]\d)(?<![^.\d]\d\d)\.(?=[\s\"')\]]|\Z)|;|  "
)
_CLAUSE_ENDS = Pattern(
    r"[,:()\N{EN DASH}\N{EM DASH}](?=\s|\Z)|[\s]\(| (?:>|\N{RIGHTWARDS ARROW}) "
    r"|\b(?:but|though|although|while|whereas|however|because|since|aber|doch|jedoch|obwohl|trotzdem"
    r"|während|sondern|weil|mais|pero|però|maar|omdat|parce que|porque)\b"
)
_WHOLE = 4_000
"""Characters of a text that are looked at; nobody tells more in words of their own."""

Span = tuple[int, int]


class Found:
    """Where what was looked for stands, as a match of an expression tells it."""

    def __init__(self, span: Span) -> None:
        """Keep the place."""
        self._span = span

    def span(self) -> Span:
        """From where to where."""
        return self._span


class Together:
    """Expressions that all fit within one clause, or one sentence, whichever comes first.

    Attributes:
        concepts: The expressions.
        without: What must not stand there as well.
    """

    def __init__(
        self, *concepts: str, without: str = "", clause: bool = True, whole: bool = False
    ) -> None:
        """Keep the expressions.

        Args:
            concepts: Over comparable text; nothing in them may repeat without a bound.
            without: Another, which must not fit.
            clause: Whether they stand within a clause, or else within a sentence.
            whole: Whether they may stand in several sentences.
        """
        self.concepts = tuple(map(Pattern, concepts))
        self.without = Pattern(without) if without else None
        self._parts = _text if whole else _clauses if clause else _sentences

    @property
    def pattern(self) -> str:
        """All expressions, for whoever looks through those of all rules."""
        return "|".join(one.pattern for one in (*self.concepts, *filter(None, [self.without])))

    def search(self, text: str) -> Found | None:
        """The first clause or sentence of a text that all fit."""
        text = text[:_WHOLE]
        if not all(concept.search(text) for concept in self.concepts):
            return None
        for begin, part in self._parts(text):
            found = [concept.search(part) for concept in self.concepts]
            if all(found) and not (self.without and self.without.search(part)):
                places = [place for one in found if one for place in one.span()]
                return Found((begin + min(places), begin + max(places)))
        return None


class AnyOf:
    """The first of several that fits."""

    def __init__(self, *ways: "Together") -> None:
        """Keep the ways."""
        self.ways = ways

    @property
    def pattern(self) -> str:
        """All expressions, for whoever looks through those of all rules."""
        return "|".join(way.pattern for way in self.ways)

    def search(self, text: str) -> Found | None:
        """What fits."""
        for way in self.ways:
            found = way.search(text)
            if found is not None:
                return found
        return None


def _text(text: str) -> Sequence[tuple[int, str]]:
    return [(0, text)]


@lru_cache(maxsize=16)
def _sentences(text: str) -> Sequence[tuple[int, str]]:
    return _split(text, 0, _SENTENCE_ENDS)


@lru_cache(maxsize=16)
def _clauses(text: str) -> Sequence[tuple[int, str]]:
    return [
        clause
        for begin, sentence in _sentences(text)
        for clause in _split(sentence, begin, _CLAUSE_ENDS)
    ]


def _split(text: str, begin: int, ends: Pattern) -> Sequence[tuple[int, str]]:
    parts = []
    at = 0
    for end in ends.finditer(text):
        parts.append((begin + at, text[at : end.start()]))
        at = end.end()
    return [*parts, (begin + at, text[at:])]
