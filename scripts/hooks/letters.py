"""Completes the ready-made letters, which are put together from pieces that several pages share."""

import re

from mkdocs.structure.pages import Page

MARKER = "[[admin-address]]"

_BLOCK = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_TWO_FACTS = re.compile(r"^(\w[\w ]{0,14}: .*)\n\n(?=\w[\w ]{0,14}: )", re.MULTILINE)


def complete(html: str, page: Page) -> str:
    """Put in the address of the part for admins on the letter's own page.

    The letter stands once per family, so it cannot name the page that includes it; that is known
    only once the page's Markdown has been put together. A preview that has no address of its own
    gets the path alone. A piece that is included ends in an empty line, which would part what was
    found from where and when it was found.
    """
    address = f"{page.canonical_url or f'/{page.url}'}#admin"

    def filled(block: re.Match[str]) -> str:
        if MARKER not in block[0]:
            return block[0]
        return _TWO_FACTS.sub(r"\1\n", block[0]).replace(MARKER, address)

    return _BLOCK.sub(filled, html)
