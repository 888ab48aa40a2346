"""Keeps a word of a heading in one line that browsers would break behind its hyphen."""

import re

_HEADING = re.compile(r"(<h([1-6])\b[^>]*>)(.*?)(</h\2>)", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_WORD = re.compile(r"e-mail", re.IGNORECASE)


def unbroken(html: str) -> str:
    """Mark each "E-Mail" in a heading; what else a heading holds stays as it is.

    Args:
        html: A page's content.
    """
    return _HEADING.sub(lambda found: found[1] + _marked(found[3]) + found[4], html)


def _marked(heading: str) -> str:
    pieces = _TAG.split(heading)
    pieces[::2] = [_WORD.sub(r'<span class="unbroken">\g<0></span>', text) for text in pieces[::2]]
    return "".join(pieces)
