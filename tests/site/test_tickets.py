"""The short answers for tickets: one for every problem, ready to be pasted."""

import re
from pathlib import Path

import pytest

from checker.problems import PROBLEMS
from tests.site.pages import page

LANGUAGES = ("de", "en")


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
    assert list(texts) == list(PROBLEMS)
    for problem, text in texts.items():
        assert f"/p/{problem}/" in text.split()
        assert "[[" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_an_answer_is_short_and_fits_a_mail(site: Path, language: str, problem: str) -> None:
    text = answers(site, language)[problem]
    greeting, *lines = text.splitlines()
    assert greeting in {"Guten Tag,", "Hello,"}
    assert all(len(line) <= 76 for line in lines)
    prose = "\n".join(line for line in lines if not line.startswith("/p/"))
    assert 3 <= len(re.findall(r"\.(?=\s|$)|:(?=\n)", prose)) <= 6
