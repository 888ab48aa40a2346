"""What the ready-made letters hold, so that they can be sent as they are."""

import re
from pathlib import Path

import pytest

from checker.problems import PROBLEMS, Family
from scripts.hooks.words import load
from tests.site.pages import LANGUAGES, page, sources

PLACEHOLDERS = {
    "[Domain]": "[domain]",
    "[Mailserver]": "[mail server]",
    "[Datum, Uhrzeit]": "[date, time]",
    "[Name]": "[name]",
    "[Ablaufdatum]": "[expiry date]",
    "[Beginn der Gültigkeit]": "[start of validity]",
    "[Namen im Zertifikat]": "[names in the certificate]",
    "[Aussteller]": "[issuer]",
    "[gefundene Version]": "[version found]",
    "[Art und Länge des Schlüssels]": "[kind and length of the key]",
    "[Grund aus der Prüfung]": "[reason from the check]",
    "[Antwort des Servers]": "[reply of the server]",
    "[MX-Eintrag]": "[MX record]",
    "[Fehlerbericht]": "[error report]",
    "[Adresse oder Domain des Absenders]": "[address or domain of the sender]",
    "[meine Adresse]": "[my address]",
    "[Datum, ungefähre Uhrzeit]": "[date, approximate time]",
}
"""Everything that a reader, or the check in their place, fills in."""

REPLY = {"de": "geben Sie", "en": "let me know"}

COMMAND = re.compile(r"^(?:openssl|dig|nc|curl|posttls-finger) ", re.MULTILINE)

WITHOUT_COMMAND = {Family.SENDER_SIDE, Family.NOTHING_WRONG}
"""The first go to one's own provider with the report; the last asks for a look into the log."""


TWO_CASES = {"tls-version"}
"""A server may be too old for its sender, or too new: each case has its letter."""


def _letters(site: Path, language: str, id_: str) -> list[str]:
    """The letters' texts; a page without one has none to send."""
    document = page(site, language, f"problems/{id_}")
    opening = {"de": "Betreff: ", "en": "Subject: "}[language]
    letters = [code.text for code in document.all("code") if code.text.startswith(opening)]
    has_one = "{#letter}" in sources(language)[f"problems/{id_}.md"]
    assert len(letters) == (2 if id_ in TWO_CASES else int(has_one)), id_
    return letters


def _ids() -> list[str]:
    return [id_ for id_ in PROBLEMS if "{#letter}" in sources("de")[f"problems/{id_}.md"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id_", _ids())
def test_a_letter_says_what_to_change_how_to_see_it_and_asks_for_an_answer(
    published: Path, language: str, id_: str
) -> None:
    start = "https://zustellbar.example/" + ("" if language == "de" else f"{language}/")
    for letter in _letters(published, language, id_):
        assert f"\n{start}problems/{id_}/#admin\n" in letter
        assert REPLY[language] in letter.replace("\n", " ")
        if PROBLEMS[id_].family not in WITHOUT_COMMAND:
            assert COMMAND.search(letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_in_a_letter_leads_to_a_part_that_is_there(published: Path, language: str) -> None:
    for id_ in _ids():
        assert "admin" in page(published, language, f"problems/{id_}").ids, id_


@pytest.mark.parametrize("id_", _ids())
def test_a_letter_has_the_same_places_to_fill_in_in_both_languages(site: Path, id_: str) -> None:
    pairs = zip(*(_letters(site, language, id_) for language in ("de", "en")), strict=True)
    for pair in pairs:
        german, english = (sorted(set(re.findall(r"\[[^\[\]]+\]", letter))) for letter in pair)
        assert sorted(PLACEHOLDERS.get(place, place) for place in german) == english
        assert set(german) <= set(PLACEHOLDERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_of_a_letter_are_short_enough_for_plain_text(site: Path, language: str) -> None:
    for id_ in _ids():
        for letter in _letters(site, language, id_):
            assert [line for line in letter.splitlines() if len(line) > 78] == [], id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_about_a_fault_has_one_place_for_the_reason(site: Path, language: str) -> None:
    labels = "|".join(map(re.escape, load(language)["letter"]["found"]))
    about_mail_servers = [
        id_
        for id_ in _ids()
        if PROBLEMS[id_].family not in {Family.SENDER_SIDE, Family.NOTHING_WRONG}
    ]
    for id_ in about_mail_servers:
        for letter in _letters(site, language, id_):
            assert len(re.findall(rf"^(?:{labels}) +\S", letter, re.MULTILINE)) == 1, id_
