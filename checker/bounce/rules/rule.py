"""One row of the table of rules, and how text is made comparable."""

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from checker.bounce.model import Kind

_LEVELLED = {"_": " ", "-": " ", "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{NO-BREAK SPACE}": " "}
_ASCII_LOWER = str.maketrans({chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)})


def lower(text: str) -> str:
    """Lower case; every character keeps its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_ASCII_LOWER)


def comparable(text: str) -> str:
    """Lower case, and hyphens and underscores as spaces; every character keeps its place.

    "self-signed" and "self signed", "UNSUPPORTED_PROTOCOL" and "unsupported protocol" are the same
    reason to us.
    """
    text = lower(text)
    # To translate them at once takes ten times as long.
    for character, level in _LEVELLED.items():
        text = text.replace(character, level)
    return text


_NAME = re.compile(
    r"(?<![\w@./+-])(?:"
    r"[a-z]{2,8}://[^\s\"'<>]{1,2000}"
    r"|[\w.+-]{1,64}@[^\W_](?:[\w.-]{0,252}\w)?"
    r"|(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
    r"|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|(?:\*\.)?(?:[\w-]{1,63}\.){1,12}[a-z][a-z0-9-]{1,17}(?![\w-]|\.[A-Z])"
    r")"
)


_TELLING_HOSTS = (
    *("mta-sts.", "spamhaus", "spamcop", "barracuda", "sorbs", "abusix", "uceprotect", "surbl"),
    *("uribl", "dnsbl", "rbl.", "postgrey", "cloudmark", "/spam", "blacklist", "blocklist"),
)


def without_names(text: str) -> str:
    """A text with its addresses, host names, URLs and dates crossed out, each of the same length.

    A server may be called ``tls.example.org`` and a mailbox ``certificates@example.org``. Names of
    programs' classes, as ``javax.net.ssl.SSLException``, stay: their last word is capitalised. So
    do hosts for one purpose alone, of an MTA-STS policy (RFC 8461, section 3.3) or of a block list,
    and addresses that stand for the host itself or its own network.
    """
    return _NAME.sub(_crossed_out, text)


# Of such an address it matters which it is (RFC 1122, section 3.2.1.3; RFC 1918; RFC 3927).
_LOCAL = re.compile(r"(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){2,3}")


def _crossed_out(found: re.Match[str]) -> str:
    name = found[0]
    if _LOCAL.fullmatch(name):
        return name
    if "@" not in name and any(word in name.lower() for word in _TELLING_HOSTS):
        return name
    return "x" * len(name)


class Strength(IntEnum):
    """How much a rule tells; a stronger one elsewhere in the same report counts more."""

    WEAK = 0
    GENERAL = 1
    SPECIFIC = 2


# Scripts without spaces between words stand in no word of theirs.
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzäöüßéèê0123456789")


BEGINNING = 5
"""Letters of a word that tell it from most others."""

_BEGINNINGS = re.compile(
    f"(?<![{''.join(sorted(_WORD))}])[{''.join(sorted(_WORD))}]{{3,{BEGINNING}}}"
)


def beginnings(text: str) -> frozenset[str]:
    """How the words of a text begin, by which most phrases are ruled out at once.

    Returns:
        Of each word its first five characters, or the whole with a blank behind it where it is
        shorter; and of each its first three. What is shorter than that is left out.
    """
    words = set(_BEGINNINGS.findall(text))
    return frozenset(
        [word if len(word) == BEGINNING else f"{word} " for word in words]
        + [word[:3] for word in words]
    )


def first_word(phrase: str) -> str:
    """The word that a phrase begins with, at most its first letters; nothing if it has no such."""
    found = _BEGINNINGS.match(phrase)
    return found[0] if found else ""


def find_word(text: str, phrase: str) -> int:
    """Where a phrase begins a word: "rbl" is not in "garbled"."""
    start = text.find(phrase)
    while start > 0 and _WORD.issuperset((text[start - 1], phrase[0])):
        start = text.find(phrase, start + 1)
    return start


class _Place(Protocol):
    def span(self) -> tuple[int, int]:
        """From where to where."""


class Expression(Protocol):
    """What tells where in a text it fits."""

    @property
    def pattern(self) -> str:
        """As it is written."""

    def search(self, text: str) -> _Place | None:
        """The first place that fits."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases, and what they mean.

    Attributes:
        problems: The problem that the phrases name, then those that they leave possible.
        phrases: Any of them, compared by ``comparable``.
        example: A message that the rule is for.
        pattern: An expression over the comparable text that must match as well; the
            phrases then are its quick test, and its match is the evidence.
        beside: Any of them must occur as well, anywhere in the text; in comparable form.
        without: Phrases that forbid the rule, in comparable form.
        kind: Of ``not-tls``.
        strength: How much it tells.
        in_reply: Whether it also holds for a reply to MAIL, RCPT or DATA.
        spoken: Whether it only holds for what somebody tells, with no code of a reply.
    """

    problems: tuple[str, ...]
    phrases: tuple[str, ...]
    example: str
    pattern: Expression | None = None
    beside: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    kind: Kind | None = None
    strength: Strength = Strength.SPECIFIC
    in_reply: bool = False
    spoken: bool = False
    comparables: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make the phrases comparable once."""
        object.__setattr__(self, "comparables", tuple(map(comparable, self.phrases)))

    def find(self, text: str) -> tuple[int, int] | None:
        """Where a text holds what the rule is about.

        Args:
            text: ``without_names`` and ``comparable``.
        """
        for phrase in self.comparables:
            start = find_word(text, phrase)
            if start >= 0:
                return self.confirmed(text, start, start + len(phrase))
        return None

    def confirmed(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """What the rule has found where its first phrase stands in a text; nothing if it fails."""
        if self.beside and not any(phrase in text for phrase in self.beside):
            return None
        if any(phrase in text for phrase in self.without):
            return None
        if self.pattern is None:
            return start, end
        found = self.pattern.search(text)
        return found.span() if found else None
