"""Puts into a ready-made letter the address of the part for admins on the letter's own page."""

from mkdocs.structure.pages import Page

MARKER = "[[admin-address]]"


def address(html: str, page: Page) -> str:
    """Replace the marker; a preview that has no address of its own gets the path alone.

    The letter stands once per family, so it cannot name the page that includes it; that is known
    only once the page's Markdown has been put together.
    """
    return html.replace(MARKER, f"{page.canonical_url or f'/{page.url}'}#admin")
