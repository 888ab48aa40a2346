"""Finds and shows ``[[fill-in: ...]]``: what only the operator of the site can say.

A build for real use is one with ``ZUSTELLBAR_RELEASE=1``, and it fails as long as anything is
missing. A preview may be incomplete: it shows the places and says how many there are. The
variable decides, and not the address of the site, so that a preview may be published as well.

What only a sender's support can say may stay open: its page says that as well.
"""

import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mkdocs.exceptions import BuildError

from checker.operators import DEFAULT
from scripts.hooks import facts, single, words

MARKER = re.compile(r"\[\[fill-in:\s*(?P<what>.+?)\s*\]\]")
"""A place that is to be filled in, and what with."""

_log = logging.getLogger("mkdocs.hooks.fill_in")


def missing(docs: Path, own: Mapping[str, Path] = MappingProxyType({})) -> list[str]:
    """One line for each place: file, line and what is missing.

    Args:
        docs: The pages.
        own: Those that a sender has in place of some of them, by the path below ``docs``.
    """
    pages = list(docs.rglob("*.md"))
    if own:
        pages = [own.get(path.relative_to(docs).as_posix(), path) for path in pages]
    return [
        f"{path.relative_to(docs.parent).as_posix()}:{number}: {match['what']}"
        for path in sorted(pages)
        # A few pages have any.
        if MARKER.search(text := path.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), start=1)
        for match in MARKER.finditer(line)
    ]


def unstated() -> list[str]:
    """One line for each sender of the site: what its support does not state, by language."""
    lines = []
    for operator in single.known().values():
        tables = {
            language: ", ".join(facts.silent(operator, language)) for language in words.languages()
        }
        told = "; ".join(f"[support.{name}] {topics}" for name, topics in tables.items() if topics)
        if told and operator.name != DEFAULT:
            lines.append(f"checker/operators/{operator.name}.toml does not state: {told}")
    return lines


def demand(docs: Path, own: Mapping[str, Path] = MappingProxyType({})) -> None:
    """Fail a build for real use that lacks anything; tell a preview."""
    places = missing(docs, own)
    release = os.environ.get("ZUSTELLBAR_RELEASE") == "1"
    if release:
        for line in unstated():
            _log.info(line)
    if release and places:
        message = "To be filled in before the site is published:\n  " + "\n  ".join(places)
        raise BuildError(message)
    if places:
        _log.info("%d places are still to be filled in, from %s on", len(places), places[0])


def highlight(html: str) -> str:
    """Show the places, so that nobody takes a preview for a finished page."""
    return MARKER.sub(r'<mark class="fill-in">[\g<what>]</mark>', html)
