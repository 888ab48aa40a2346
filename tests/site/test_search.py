"""What each language's search holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.hooks import search, words
from tests.site.pages import LANGUAGES, ROOT, page

FOLDERS = {"de": "", "en": "en"}


def _index(site: Path, language: str) -> dict[str, Any]:
    """What is loaded with each page, and what its search then fetches."""
    path = site / FOLDERS[language] / search.INDEX
    index: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert index["docs"] == []
    worker = site / "assets" / "javascripts" / "workers"
    index["docs"] = json.loads((worker / index["config"]["sections"]).read_text(encoding="utf-8"))
    return index


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_search_of_its_own_pages(site: Path, language: str) -> None:
    index = _index(site, language)
    places = {entry["location"] for entry in index["docs"]}
    assert {"", "problems/tls-version/", "problems/tls-version/#admin"} <= places
    assert index["config"]["lang"] == [language]
    for place in places:
        address, _, anchor = place.partition("#")
        assert not anchor or anchor in page(site, language, address).ids, place


def test_what_stands_alike_in_both_languages_is_in_both_searches() -> None:
    entry = {"title": "TLS", "text": "1.3"}
    docs = [{**entry, "location": "tls/"}, {**entry, "location": "en/tls/"}]
    parts = search.split({"config": {"lang": ["de", "en"]}, "docs": docs}, "de", ["en"])
    expected = [{**entry, "location": "tls/"}]
    assert {name: part["docs"] for name, part in parts.items()} == {"de": expected, "en": expected}


def test_a_page_whose_name_begins_like_a_language_stays_where_it_is() -> None:
    docs = [{"title": "", "text": "", "location": place} for place in ("end/", "en")]
    parts = search.split({"config": {}, "docs": docs}, "de", ["en"])
    assert [entry["location"] for entry in parts["de"]["docs"]] == ["end/", "en"]
    assert parts["en"]["docs"] == []


def test_the_words_of_the_form_are_not_what_the_search_finds(site: Path) -> None:
    texts = " ".join(entry["text"] for entry in _index(site, "de")["docs"])
    assert page(site, "de").one("p", id="error-ip-address").text.strip() not in texts


def test_quoted_messages_and_what_a_page_says_in_short_count_more_than_its_letter(
    site: Path,
) -> None:
    boosts = {entry["location"]: entry.get("boost", 1) for entry in _index(site, "en")["docs"]}
    problem = "problems/tls-version/#"
    assert boosts[f"{problem}messages"] > boosts[f"{problem}in-short"] > boosts[f"{problem}letter"]


def test_an_editor_s_boost_of_a_page_holds_for_its_messages_too() -> None:
    docs = [
        {"title": "", "text": "", "location": place, "boost": 2} for place in ("a/", "a/#messages")
    ]
    whole, messages = search.split({"config": {}, "docs": docs}, "de", [])["de"]["docs"]
    assert messages["boost"] > whole["boost"] == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_readers_type_who_look_for_a_page_stands_beside_that_page(
    site: Path, language: str
) -> None:
    typed = words.parse(ROOT / "docs" / search.SOURCE)
    entries = {entry["location"]: entry for entry in _index(site, language)["docs"]}
    assert typed.keys() <= entries.keys()
    for page_, lines in typed.items():
        assert set(lines) <= {"both", *LANGUAGES}
        assert set(lines.get(language, ())) <= set(entries[page_]["phrases"])
        assert not set(lines.get("both", ())) & set(lines.get(language, ()))


def test_a_site_that_lacks_a_page_has_none_to_look_for() -> None:
    docs = [{"location": "a/"}, {"location": "a/#b"}]
    search.hand_over(docs, {"a/": {"both": ["x"], "en": ["y"], "de": ["z"]}, "c/": {}}, "de")
    assert docs == [{"location": "a/", "phrases": ["x", "z"]}, {"location": "a/#b"}]
