"""Drawings: whoever cannot see them gets their text, and they suit light and dark."""

import re
from pathlib import Path

import pytest

from tests.site.pages import LANGUAGES, page

COLOURS = re.compile(r'\b(?:fill|stroke|color)(?:="|:\s*)([^";]+)')


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_of_an_e_mail_is_drawn_and_told(site: Path, language: str) -> None:
    document = page(site, language, "basics/mail-route")
    drawing = document.one("svg", **{"aria-labelledby": "mail-route-title mail-route-text"})
    assert drawing["role"] == "img"
    assert document.one("title", id="mail-route-title").text
    assert "DNS" in document.one("desc", id="mail-route-text").text
    assert len(document.all("circle")) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_has_the_colour_of_the_text_and_no_other(site: Path, language: str) -> None:
    start = site if language == "de" else site / language
    html = (start / "basics" / "mail-route" / "index.html").read_text(encoding="utf-8")
    drawing = html[html.index("<figure>") : html.index("</figure>")]
    assert set(COLOURS.findall(drawing)) == {"currentColor", "none"}
