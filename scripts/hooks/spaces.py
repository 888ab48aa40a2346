"""Keeps in one line what belongs together: a number and the word before it."""

import re

_OPAQUE = re.compile(
    r"(<(?:pre|code|script|style)\b.*?</(?:pre|code|script|style)>|<[^>]*>)", re.DOTALL
)
_MONTHS = (
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    "January|February|March|May|June|July|October|December"
)
# The space itself comes first: a pattern that begins with a plain letter is many times as quick.
_TOGETHER = re.compile(
    rf" (?:(?=\d)(?:(?<=\bTLS )|(?<=§ ))|(?=(?:{_MONTHS})\b)(?:(?<=\d )|(?<=\d\. )))"
)


def unbroken(html: str) -> str:
    """Put a space that does not break into "TLS 1.2", "§ 5" and "30. Juni".

    What is code stays as it is, for it is copied.

    Args:
        html: A page's content.
    """
    pieces = _OPAQUE.split(html)
    pieces[::2] = [_TOGETHER.sub("\N{NO-BREAK SPACE}", text) for text in pieces[::2]]
    return "".join(pieces)
