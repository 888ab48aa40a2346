"""The finished configuration of each sender's mail server, on the page for senders and as files."""

from pathlib import Path

import pytest
from mkdocs.exceptions import BuildError

from checker import links, operators
from checker.links import Mta
from scripts.hooks import configurations, search, words
from tests.site.pages import LANGUAGES, page

SITE = "https://zustellbar.example/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sender_finds_every_file_to_copy_and_to_download(
    published: Path, language: str
) -> None:
    document = page(published, language, "support")
    shown = [block.text for block in document.all("pre")]
    offered = {link["href"]: link.text for link in document.all("a", download="")}
    for mta in Mta:
        for name, operator in operators.load_all().items():
            document.one("details", id=f"{mta}-{name}")
            for file in links.configuration(mta, operator, SITE):
                path = f"links/{name}/{mta}/{file.name}"
                assert file.text in shown
                assert (published / path).read_bytes() == file.text.encode("ascii")
                start = "../" if language == "de" else "../../"
                assert offered[start + path] == file.name


@pytest.mark.parametrize("mta", [Mta.POSTFIX, Mta.EXIM])
def test_one_command_fetches_them_all(mta: Mta) -> None:
    folder = {Mta.POSTFIX: "/etc/postfix", Mta.EXIM: "/etc/exim4"}[mta]
    html = configurations.fill(f"<!-- links: {mta} -->", "support/", "en", SITE)
    for name, operator in operators.load_all().items():
        names = ",".join(file.name for file in links.configuration(mta, operator, SITE))
        assert f'cd {folder}\ncurl -fsSO "{SITE}links/{name}/{mta}/{{{names}}}"\n' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_does_not_find_what_stands_in_the_files(published: Path, language: str) -> None:
    start = published / ("" if language == "de" else language)
    assert "zustellbar-domain.pcre" not in (start / search.SECTIONS).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_preview_says_that_it_has_no_address(language: str) -> None:
    marker = "<!-- links: exchange -->"
    said = words.look_up(language, "configurations", "preview").format(
        address=configurations.ADDRESS
    )
    assert said in configurations.fill(marker, "support/", language, "")
    assert said not in configurations.fill(marker, "support/", language, SITE)


def test_an_address_that_no_link_can_have_stops_the_build() -> None:
    with pytest.raises(BuildError, match="names no host; write one with umlauts as xn--"):
        configurations.fill("<!-- links: exim -->", "support/", "en", "https://zustellbär.example/")
