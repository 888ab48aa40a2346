"""Marks what mail servers say as English, so that it is not read aloud as German."""

import re

_SECTION = re.compile(r'(?<=<h2 id="messages">).*?(?=<h2|\Z)', re.DOTALL)
"""The section of a problem's page that quotes messages."""


def mark(html: str, language: str) -> str:
    """Name the language of the blocks in the section with messages, where it is not the page's."""
    if language == "en":
        return html
    return _SECTION.sub(lambda section: section[0].replace("<pre>", '<pre lang="en">'), html)
