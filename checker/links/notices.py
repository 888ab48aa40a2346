"""The sentences of reports, from a file for each language."""

import tomllib
from functools import cache
from pathlib import Path

from checker.links.site import Site

LANGUAGES = ("en", "de")
"""In the order of a report: what programs look for in a subject is English."""


def subject(kind: str) -> str:
    """The subject of a report in all languages.

    Args:
        kind: ``failure`` or ``delay``.
    """
    return " / ".join(sentence(f"{kind}_subject", language) for language in LANGUAGES)


def paragraphs(kind: str, site: Site) -> str:
    """What a report begins with, in all languages.

    Args:
        kind: ``failure`` or ``delay``.
        site: Where its links lead.
    """
    texts = (
        sentence(kind, language).strip().format(start=site.start(language))
        for language in LANGUAGES
    )
    return "\n\n".join(texts)


def sentence(key: str, language: str) -> str:
    """A sentence in a language."""
    return _load(language)[key]


@cache
def _load(language: str) -> dict[str, str]:
    path = Path(__file__).with_name(f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
