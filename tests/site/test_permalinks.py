"""What a reader gets from a link in a bounce: /p/<id>/ and /o/<sender>/."""

from pathlib import Path

import pytest

from checker import operators
from checker.problems import PROBLEMS
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


def test_every_permalink_leads_to_a_form(site: Path) -> None:
    for target in ADDRESSES.values():
        assert "check" in page(site, "de", target).ids, target
