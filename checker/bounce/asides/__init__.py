"""What stands in a text beside a fault and says nothing of it, though it speaks of TLS.

Five things are pasted together with a reason and are none: what a server noted in a header, what
a test client says of every connection, how a program is set, what may always be the reason, and
what somebody says of the encryption they use.
They are left out before the rules look at a text, so that these need not know them.
"""

from functools import lru_cache

from checker.bounce.asides.headers import HEADERS
from checker.bounce.asides.phrases import Phrases
from checker.bounce.asides.possibilities import POSSIBILITIES
from checker.bounce.asides.practice import PRACTICE, SUBJECTS
from checker.bounce.asides.settings import UNSIGNED, WORDS_OF_TLS, settings_in
from checker.bounce.asides.transcripts import TRANSCRIPTS
from checker.bounce.rules.rule import lower

OMITTED = "[…]"
"""Stands where something was left out, as in any quotation."""

_PHRASES = Phrases((*HEADERS, *TRANSCRIPTS, *POSSIBILITIES, *PRACTICE, *UNSIGNED))
_TELLTALES = (
    *WORDS_OF_TLS,
    *SUBJECTS,
    "zertifikat",
    "mta-sts",
    "dnssec",
    "received-spf:",
    "authentication-results:",
    "lost connection after",
    "timeout after",
    "-login: ",
)


@lru_cache(maxsize=64)
def without_asides(text: str) -> str:
    """A text without its asides.

    Args:
        text: With its line ends, where it has them: a setting ends with its line.

    Returns:
        The text with ``OMITTED`` in the place of each run of asides.
    """
    lowered = lower(text)
    for word in _TELLTALES:
        if word in lowered:
            break
    else:
        return text
    lowered = lowered.replace("\N{NO-BREAK SPACE}", " ").replace("\t", " ")
    found = [*_PHRASES.spans(lowered), *settings_in(lowered)]
    kept: list[str] = []
    at = 0
    for begin, end in sorted(found):
        if begin > at or not kept:
            between = text[at:begin]
            if between.strip() or not kept:
                kept += [between, OMITTED]
        at = max(at, end)
    return "".join([*kept, text[at:]])
