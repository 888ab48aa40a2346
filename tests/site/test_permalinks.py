"""What a reader gets from a link in a bounce: /p/<id>/ and /o/<sender>/."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker import operators
from checker.operators import SupportFact
from checker.problems import PROBLEMS
from scripts.hooks import permalinks
from tests.site.pages import LANGUAGES, page, read

ADDRESSES = {
    **{f"p/{id_}": f"problems/{id_}" for id_ in PROBLEMS},
    **{f"o/{name}": f"senders/{name}" for name in operators.names()},
}


@pytest.mark.parametrize(("permalink", "target"), ADDRESSES.items())
def test_a_permalink_answers_in_both_languages_and_leads_on(
    site: Path, permalink: str, target: str
) -> None:
    document = read(site / permalink / "index.html")
    links = [link["href"] for link in document.all("a")]
    said = {section["lang"]: section.text for section in document.all("section")}
    for language in LANGUAGES:
        whole = page(site, language, target)
        assert whole.one("h1").text.strip("# \n") in said[language]
        assert whole.one("meta", name="description")["content"] in said[language]
        start = "" if language == "de" else "en/"
        assert f"../../{start}{target}/" in links
        assert f"../../{start}{target}/#check" in links
        if permalink.startswith("o/"):
            # On the telephone somebody dictates this address, and both pages say so.
            assert f" /{permalink}" in said[language]
            assert whole.one("p", class_="dictate").text.endswith(f" /{permalink}")


def test_every_permalink_leads_to_a_form(site: Path) -> None:
    for target in ADDRESSES.values():
        assert "check" in page(site, "de", target).ids, target


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/", "example.org/o/acme"),
        ("https://example.org/help/mail/", "example.org/help/mail/o/acme"),
        ("", "/o/acme"),
    ],
)
def test_an_address_is_dictated_without_what_a_browser_adds(address: str, said: str) -> None:
    assert permalinks.dictated(address, "o/acme") == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", operators.names())
def test_the_first_answer_says_what_to_do_and_what_the_support_states_of_it(
    language: str, name: str
) -> None:
    silent = replace(operators.load(name), support={})
    answer = permalinks.first_answer(silent, language)
    assert len(answer["steps"]) == 3
    assert not any(set(step) & set("{}") for step in answer["steps"])
    assert answer["said"] == []
    resend = SupportFact("Write to **us**.", date(2026, 11, 30))
    stated = replace(silent, support={language: {"resend": resend, "deadlines": resend}})
    (said,) = permalinks.first_answer(stated, language)["said"]
    assert "Write to <strong>us</strong>." in said
    assert "2026" in said
