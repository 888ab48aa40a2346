"""One row of the table of rules, and how text is made comparable."""

import re
from dataclasses import dataclass, field
from enum import IntEnum

from checker.bounce.model import Kind

_LEVELLED = str.maketrans(
    {"_": " ", "-": " ", "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{NO-BREAK SPACE}": " "}
)
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
    return lower(text).translate(_LEVELLED)


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
    do hosts for one purpose alone: of an MTA-STS policy (RFC 8461, section 3.3), of a block list.
    """
    return _NAME.sub(_crossed_out, text)


def _crossed_out(found: re.Match[str]) -> str:
    name = found[0]
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


_BEGINNING = re.compile(f"(?<![{''.join(sorted(_WORD))}])[{''.join(sorted(_WORD))}]{{3}}")


def beginnings(text: str) -> frozenset[str]:
    """The first three characters of each word, by which most phrases are ruled out at once."""
    return frozenset(_BEGINNING.findall(text))


def _find_word(text: str, phrase: str) -> int:
    """Where a phrase begins a word: "rbl" is not in "garbled"."""
    start = text.find(phrase)
    while start > 0 and _WORD.issuperset((text[start - 1], phrase[0])):
        start = text.find(phrase, start + 1)
    return start


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
    _beginnings: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make the phrases comparable once."""
        comparables = tuple(map(comparable, self.phrases))
        object.__setattr__(self, "comparables", comparables)
        object.__setattr__(
            self,
            "_beginnings",
            tuple((p, p[:3] if _WORD.issuperset(p[:3]) else "") for p in comparables),
        )

    def find(self, text: str, begun: frozenset[str] | None = None) -> tuple[int, int] | None:
        """Where a text holds what the rule is about.

        Args:
            text: ``without_names`` and ``comparable``.
            begun: The ``beginnings`` of the text.
        """
        if begun is None:
            begun = beginnings(text)
        for phrase, beginning in self._beginnings:
            if beginning in begun or not beginning:
                start = _find_word(text, phrase)
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
