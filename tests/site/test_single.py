"""A site for one sender alone: OPERATOR=name mkdocs build."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError

from checker import operators
from checker.problems import PROBLEMS
from scripts.hooks import fill_in, own, single
from tests.conftest import Build
from tests.site.pages import LANGUAGES, ROOT, built, page, read

SENDERS = [name for name in operators.names() if name != operators.DEFAULT]

ADDRESS = "https://help.example/help/mail/"

_ADDRESSES = re.compile(r'\s(href|src|action)="([^"]*)"')

READ_BY_MACHINES = {".html", ".json", ".xml", ".css", ".js", ".txt"}


_FIRST, *_OTHERS = SENDERS


@pytest.fixture(
    scope="module",
    params=[_FIRST, *(pytest.param(other, marks=pytest.mark.repeats) for other in _OTHERS)],
)
def alone(
    request: pytest.FixtureRequest, build: Build, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The sender, and its site."""
    target = tmp_path_factory.mktemp(f"site-of-{request.param}")
    done = build(
        target,
        OPERATOR=request.param,
        # Below a path, where all else of that origin is somebody else's.
        ZUSTELLBAR_SITE_URL=ADDRESS,
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


def test_below_a_path_nothing_leaves_it(alone: tuple[str, Path]) -> None:
    _, site = alone
    for path in built(site):
        place = path.relative_to(site).as_posix()
        # Whoever is lost is at any address.
        base = ADDRESS + ("some/where/" if place == "404.html" else place)
        for name, written in set(_ADDRESSES.findall(path.read_text(encoding="utf-8"))):
            address = urlsplit(urljoin(base, unescape(written)))
            if address.netloc != urlsplit(ADDRESS).netloc:
                continue
            asks = address.path == "/help/mail/api/v1/check"
            assert asks is (name == "action" and "/api/" in written), (place, written)
            assert address.path.startswith("/help/mail/"), (place, written)
            found = site / unquote(address.path.removeprefix("/help/mail/"))
            assert asks or found.exists(), (place, written)


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
    for its in ("docs/de/senders/profihost.md", "docs/de/senders/careful.md", "docs/de/index.md"):
        assert not single.mentions_another(its)
    monkeypatch.delenv("OPERATOR")
    assert not single.mentions_another("docs/de/senders/mediafinanz.md")


IMPRINT = "legal/imprint.md"


def _put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# Acme {#title}\n\n[[fill-in: name]]\n", encoding="utf-8")


def test_a_sender_s_own_pages_take_the_place_of_the_project_s(tmp_path: Path) -> None:
    docs, acme = ROOT / "docs", tmp_path / "acme"
    assert own.pages(acme, docs) == {}
    _put(acme, f"de/{IMPRINT}", f"en/{IMPRINT}", "en/notes.txt")
    pages = own.pages(acme, docs)
    assert pages == {name: acme / name for name in (f"de/{IMPRINT}", f"en/{IMPRINT}")}


def test_what_a_sender_s_own_pages_lack_is_named_and_theirs_alone(tmp_path: Path) -> None:
    docs, acme = tmp_path / "docs", tmp_path / "sites" / "acme"
    _put(docs, f"de/{IMPRINT}", "de/about.md")
    _put(acme, f"de/{IMPRINT}")
    theirs = {f"de/{IMPRINT}": acme / "de" / IMPRINT}
    assert fill_in.missing(docs, theirs) == [
        "docs/de/about.md:3: name",
        f"sites/acme/de/{IMPRINT}:3: name",
    ]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([f"de/{IMPRINT}"], f"acme/en/{IMPRINT} is missing"),
        (["de/legal/impressum.md", "en/legal/impressum.md"], "docs/de/legal/impressum.md"),
        (["de/problems/tls-version.md", "en/problems/tls-version.md"], "cannot be replaced"),
    ],
)
def test_a_page_that_replaces_nothing_stops_the_build(
    tmp_path: Path, names: list[str], told: str
) -> None:
    _put(tmp_path / "acme", *names)
    with pytest.raises(BuildError, match=re.escape(told)):
        own.pages(tmp_path / "acme", ROOT / "docs")


def test_a_drawing_goes_before_pixels(tmp_path: Path) -> None:
    _put(tmp_path, "logo.png", "favicon.png", "logo.svg", "logo.txt", "other.svg")
    found = {name: file.name for name, file in own.pictures(tmp_path).items()}
    assert found == {"logo": "logo.svg", "favicon": "favicon.png"}
