"""A site for one sender alone: OPERATOR=name mkdocs build."""

import re
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError

from checker import operators
from checker.problems import PROBLEMS
from scripts.hooks import single
from tests.conftest import Build
from tests.site.pages import LANGUAGES, page, read

SENDERS = [name for name in operators.names() if name != operators.DEFAULT]

READ_BY_MACHINES = {".html", ".json", ".xml", ".css", ".js", ".txt"}


@pytest.fixture(scope="module", params=SENDERS)
def alone(
    request: pytest.FixtureRequest, build: Build, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The sender, and its site."""
    target = tmp_path_factory.mktemp(f"site-of-{request.param}")
    done = build(
        target,
        OPERATOR=request.param,
        ZUSTELLBAR_SITE_URL="https://help.example/",
        ZUSTELLBAR_EDIT_URL="https://git.help.example/edit/main",
    )
    assert done.returncode == 0, done.stderr
    return request.param, target


def test_no_other_sender_is_mentioned_anywhere(alone: tuple[str, Path]) -> None:
    name, site = alone
    others = {other: operators.load(other) for other in SENDERS if other != name}
    for path in site.rglob("*"):
        place = path.relative_to(site).as_posix()
        assert not [other for other in others if other in place.lower()], place
        if path.suffix in READ_BY_MACHINES:
            text = path.read_text(encoding="utf-8")
            for other, operator in others.items():
                for word in (other, operator.title):
                    # Short names may be parts of other words.
                    assert not re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE), place


def test_the_form_offers_the_sender_first_and_any_careful_one(alone: tuple[str, Path]) -> None:
    name, site = alone
    for language in LANGUAGES:
        for address in ["", "problems/tls-version", f"senders/{name}"]:
            options = page(site, language, address).all("option")
            assert [option["value"] for option in options] == [name, operators.DEFAULT]
            assert [o["value"] for o in options if "selected" in o.attributes] == [name]


def test_its_own_pages_are_there(alone: tuple[str, Path]) -> None:
    name, site = alone
    for language in LANGUAGES:
        links = [link["href"] for link in page(site, language, "senders").all("a")]
        assert f"{name}/" in links
        assert page(site, language, f"senders/{name}").one("h1")
        for id_ in PROBLEMS:
            assert page(site, language, f"problems/{id_}").one("h1")
    assert len(read(site / "o" / name / "index.html").all("h1")) == len(LANGUAGES)
    assert {path.name for path in (site / "o").iterdir()} == {name, operators.DEFAULT}


def test_it_bears_the_sender_s_name(alone: tuple[str, Path]) -> None:
    name, site = alone
    title = operators.load(name).title
    assert page(site, "de", "problems/tls-version").one("title").text.endswith(f" - {title}")
    assert read(site / "p" / "tls-version" / "index.html").one("header").text.strip() == title


def test_an_unknown_sender_is_named_with_those_that_there_are(build: Build, tmp_path: Path) -> None:
    done = build(tmp_path / "site", OPERATOR="nobody")
    assert done.returncode != 0
    assert "OPERATOR=nobody" in done.stderr
    assert ", ".join(operators.names()) in done.stderr
    assert "Traceback" not in done.stderr


def _acme(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> MkDocsConfig:
    """The configuration of a site for a sender whose file ends in those lines."""
    text = '[operator]\nname = "Acme"\n[tls]\nminimum = "1.2"\nlevel = "encrypt"\n'
    (folder / "acme.toml").write_text(text + lines, encoding="utf-8")
    monkeypatch.setattr(operators, "FOLDER", folder)
    monkeypatch.setenv("OPERATOR", "acme")
    config = MkDocsConfig()
    config.extra_css = ["assets/site.css"]
    single.configure(config)
    return config


def test_it_has_the_sender_s_own_name_and_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = '[site]\nname = "Acme hilft"\ncolour = "#8a1c1c"\n'
    config = _acme(tmp_path, monkeypatch, lines)
    assert config.site_name == "Acme hilft"
    single.configure(config)  # as for the second language
    address = single.write(tmp_path / "site")
    assert address is not None
    assert config.extra_css == ["assets/site.css", address]
    assert "--md-primary-fg-color: #8a1c1c;" in (tmp_path / "site" / address).read_text()


def test_without_a_colour_it_keeps_the_site_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _acme(tmp_path, monkeypatch, "")
    assert config.site_name == "Acme"
    assert config.extra_css == ["assets/site.css"]
    assert single.write(tmp_path) is None


def test_a_bad_file_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BuildError, match=r"acme\.toml: site\.colour: is too light"):
        _acme(tmp_path, monkeypatch, '[site]\ncolour = "#ffffff"\n')


def test_a_text_about_another_sender_is_told_from_one_about_the_site_s_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPERATOR", "profihost")
    assert single.mentions_another("docs/de/senders/mediafinanz.md")
    assert single.mentions_another("<p>Die MEDIAFINANZ GMBH")
    for own in ("docs/de/senders/profihost.md", "docs/de/senders/careful.md", "docs/de/index.md"):
        assert not single.mentions_another(own)
    monkeypatch.delenv("OPERATOR")
    assert not single.mentions_another("docs/de/senders/mediafinanz.md")
