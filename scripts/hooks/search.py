"""Gives each language a search of its own: Material builds one index for all of them."""

import json
from pathlib import Path
from typing import Any

from scripts.hooks import own_report

INDEX = "search/search_index.json"
"""Where Material's script looks below the address that ``__config`` names as the base."""

_BOOSTS = {own_report.ANCHOR: 6, "messages": 4, "in-short": 2}
"""What counts more: quoted error messages, for who types in a part of one looks for its page. Those
of one sender alone count most."""


def write(site: Path, default: str, others: list[str]) -> None:
    """Replace the index of the whole site by one for each language, below its start page."""
    index = json.loads((site / INDEX).read_text(encoding="utf-8"))
    for language, part in split(index, default, others).items():
        target = (site if language == default else site / language) / INDEX
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
        target.write_text(text, encoding="utf-8")


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
