"""The short answers for tickets: one for every problem, ready to be pasted."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from checker.problems import PROBLEMS
from tests.site.pages import page

LANGUAGES = ("de", "en")

OPPOSITE = {"tls-version-too-new": "tls-version"}
"""A case that needs other words than the problem that it belongs to."""

SHOWN = {"in-short", "recipient", "sender", "letter", "admin"}
"""What a result opens of a problem's page."""

BLOCK = re.compile(r"<pre>.*?<code>(.*?)</code></pre>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def answers(site: Path, language: str) -> dict[str, str]:
    """The text of each answer, by the problem that its heading names."""
    found = {}
    heading = ""
    for element in page(site, language, "tickets").elements:
        if element.tag == "h3":
            heading = element["id"]
        elif element.tag == "pre" and heading:
            found[heading] = element.text.strip()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_an_answer_with_its_permalink(site: Path, language: str) -> None:
    texts = answers(site, language)
    assert [id_ for id_ in texts if id_ not in OPPOSITE] == list(PROBLEMS)
    assert set(OPPOSITE) <= set(texts)
    for id_, text in texts.items():
        assert f"/p/{OPPOSITE.get(id_, id_)}/" in text.split()
        assert "[[" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", [*PROBLEMS, *OPPOSITE])
def test_an_answer_is_short_and_fits_a_mail(site: Path, language: str, problem: str) -> None:
    text = answers(site, language)[problem]
    greeting, *lines = text.splitlines()
    assert greeting in {"Guten Tag,", "Hello,"}
    assert all(len(line) <= 76 for line in lines)
    prose = "\n".join(line for line in lines if not line.startswith("/p/"))
    assert 3 <= len(re.findall(r"\.(?=\s|$)|:(?=\n)", prose)) <= 6


def test_german_goes_on_in_small_after_the_greeting(site: Path) -> None:
    begun = {
        id_: text.removeprefix("Guten Tag,\n\n")[0] for id_, text in answers(site, "de").items()
    }
    assert {id_: letter for id_, letter in begun.items() if not letter.islower()} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_called_outdated_for_speaking_only_the_newest_version(
    site: Path, language: str
) -> None:
    text = answers(site, language)["tls-version-too-new"]
    assert "TLS 1.3" in text
    assert "SSLv3" not in text
    assert {"de": "Veraltet ist keiner", "en": "Neither is outdated"}[language] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_takes_the_same_answers_and_the_sections_of_the_problem_s_page(
    site: Path, language: str
) -> None:
    texts: dict[str, str] = {}
    for id_ in PROBLEMS:
        root = site if language == "de" else site / language
        parts = json.loads((root / "problems" / id_ / "parts.json").read_text(encoding="utf-8"))
        texts |= parts["tickets"]
        whole = page(site, language, f"problems/{id_}")
        titles = {
            heading["id"]: heading.text.removesuffix("#")
            for heading in whole.all("h2")
            if heading["id"] in SHOWN
        }
        assert {name: part["title"] for name, part in parts["sections"].items()} == titles
        code = [element.text for element in whole.all("code")]
        for part in parts["sections"].values():
            assert "<h2" not in part["html"]
            for block in BLOCK.findall(part["html"]):
                assert unescape(TAG.sub("", block)) in code
    assert texts == answers(site, language)
