"""Gives each language a search of its own: Material builds one index for all of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.hooks import own_report, words

INDEX = "search/search_index.json"
"""Where Material's script looks on each page, below the address that ``__config`` names as base."""

SECTIONS = "search/sections.json"
"""What is searched, which is fetched when somebody types."""

_WORKER = "../../.."
"""Of the folder of the search's script, which fetches that."""

_BOOSTS = {
    own_report.ANCHOR: 6,
    **dict.fromkeys(("messages", "mailbox", "hosting", "business", "gateway", "not-listed"), 4),
    "in-short": 2,
}
"""What counts more: quoted error messages, for who types in a part of one looks for its page. Those
of one sender alone count most. And the names of providers, which others mention as examples."""

SOURCE = "searches.yml"
"""What readers type who look for a page, below the folder of the pages' sources."""


def write(docs: Path, site: Path, default: str, others: list[str]) -> None:
    """Replace the index of the whole site by one for each language, below its start page.

    What is searched weighs as much as a page with all else, and is not in it but beside it.

    Args:
        docs: Folder of the pages' sources.
        site: Where the site is built.
        default: The language whose pages lie at the top.
        others: The languages that have a folder each.
    """
    index = json.loads((site / INDEX).read_text(encoding="utf-8"))
    typed = words.parse(docs / SOURCE)
    for language, part in split(index, default, others).items():
        hand_over(part["docs"], typed, language)
        start = "" if language == default else f"{language}/"
        config = {**part["config"], "sections": f"{_WORKER}/{start}{SECTIONS}"}
        _dump(site / start / INDEX, {"config": config, "docs": []})
        _dump(site / start / SECTIONS, part["docs"])


def _dump(target: Path, content: object) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text, encoding="utf-8")


def hand_over(
    docs: list[dict[str, Any]], typed: Mapping[str, Mapping[str, list[str]]], language: str
) -> None:
    """Put beside a page's entry what readers type who look for it; a site may lack a page."""
    entries = {entry["location"]: entry for entry in docs}
    for page in typed.keys() & entries:
        entries[page]["phrases"] = [*typed[page].get("both", ()), *typed[page].get(language, ())]


def split(index: dict[str, Any], default: str, others: list[str]) -> dict[str, dict[str, Any]]:
    """One index per language, whose places are relative to that language's start page.

    Quoted messages and what a page says in short count more than the same words elsewhere.

    Args:
        index: As Material writes it: ``config``, and ``docs`` with a ``location`` each.
        default: The language whose pages lie at the top.
        others: The languages that have a folder each.
    """
    parts: dict[str, list[dict[str, Any]]] = {language: [] for language in (default, *others)}
    for raw in index["docs"]:
        boost = _BOOSTS.get(raw["location"].partition("#")[2])
        entry = {**raw, "boost": boost * raw.get("boost", 1)} if boost else raw
        folder, slash, rest = entry["location"].partition("/")
        if slash and folder in others:
            parts[folder].append({**entry, "location": rest})
        else:
            parts[default].append(entry)
    return {
        language: {"config": {**index["config"], "lang": [language]}, "docs": docs}
        for language, docs in parts.items()
    }
