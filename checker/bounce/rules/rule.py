"""One row of the table of rules, and how text is made comparable."""

import re
from dataclasses import dataclass, field
from enum import IntEnum

from checker.bounce.model import Kind

_LEVELLED = str.maketrans(
    {"_": " ", "-": " ", "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{NO-BREAK SPACE}": " "}
)
_ASCII_LOWER = str.maketrans({chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)})


def comparable(text: str) -> str:
    """Lower case, and hyphens and underscores as spaces; every character keeps its place.

    "self-signed" and "self signed", "UNSUPPORTED_PROTOCOL" and "unsupported protocol" are the same
    reason to us.
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = text.translate(_ASCII_LOWER)
    return lower.translate(_LEVELLED)


class Strength(IntEnum):
    """How much a rule tells; a stronger one elsewhere in the same report counts more."""

    WEAK = 0
    GENERAL = 1
    SPECIFIC = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases, and what they mean.

    Attributes:
        problems: The problem that the phrases name, then those that they leave possible.
        phrases: Any of them, compared by ``comparable``.
        example: A message that the rule is for.
        pattern: A regular expression over the comparable text that must match as well; the
            phrases then are its quick test, and its match is the evidence.
        beside: Any of them must occur as well, anywhere in the text; in comparable form.
        without: Phrases that forbid the rule, in comparable form.
        kind: Of ``not-tls``.
        strength: How much it tells.
        in_reply: Whether it also holds for a reply to MAIL, RCPT or DATA.
    """

    problems: tuple[str, ...]
    phrases: tuple[str, ...]
    example: str
    pattern: re.Pattern[str] | None = None
    beside: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    kind: Kind | None = None
    strength: Strength = Strength.SPECIFIC
    in_reply: bool = False
    comparables: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make the phrases comparable once."""
        object.__setattr__(self, "comparables", tuple(map(comparable, self.phrases)))

    def find(self, text: str) -> tuple[int, int] | None:
        """Where a comparable text holds what the rule is about."""
        for phrase in self.comparables:
            start = text.find(phrase)
            if start >= 0:
                break
        else:
            return None
        if self.beside and not any(phrase in text for phrase in self.beside):
            return None
        if any(phrase in text for phrase in self.without):
            return None
        if self.pattern is None:
            return start, start + len(phrase)
        found = self.pattern.search(text)
        return found.span() if found else None
