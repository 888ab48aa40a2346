"""What a visitor gets from the built site."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from checker import operators
from checker.operators import DEFAULT, SUPPORT_TOPICS
from checker.problems import PROBLEMS, Family
from scripts.hooks import search
from scripts.hooks.words import load
from tests.conftest import Build
from tests.site.pages import (
    LANGUAGES,
    ROOT,
    Document,
    built,
    is_ours,
    own_part,
    page,
    read,
    sources,
)

ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)

REASONS = {
    "empty",
    "too-long",
    "ip-address",
    "single-label",
    "special-use",
    "invalid-characters",
    "invalid-idna",
    "several",
    "unknown-operator",
    "too-many-checks",
    "opted-out",
    "overloaded",
}
"""What the function may answer instead of an outcome."""


def _loaded(document: Document) -> list[str]:
    """Every address that a browser asks for by itself, or that the form is sent to."""
    addresses = []
    for element in document.elements:
        if element.tag == "link" and element["rel"].strip() not in {"canonical", "alternate"}:
            addresses.append(element["href"])
        addresses += [element["src"], element["srcset"], element["action"], element["poster"]]
        addresses += re.findall(r"url\(['\"]?([^)]*)", element["style"])
        if element.tag == "style":
            addresses += re.findall(r"url\(['\"]?([^)]*)", element.text)
    return addresses


def test_no_page_asks_another_origin_for_anything(site: Path) -> None:
    abroad = {
        (path.relative_to(site).as_posix(), address)
        for path in built(site)
        for address in _loaded(read(path))
        if ELSEWHERE.match(address)
    }
    assert abroad == set()


def test_no_style_sheet_asks_another_origin_for_anything(site: Path) -> None:
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), path


def test_every_link_within_the_site_arrives(site: Path) -> None:
    missing = set()
    for path in built(site):
        here = "/" + path.relative_to(site).as_posix().removesuffix("index.html")
        for link in read(path).all("a"):
            address = urlsplit(urljoin(here, link["href"]))
            if address.scheme or address.netloc:
                continue
            target = site / unquote(address.path).lstrip("/")
            target = target / "index.html" if address.path.endswith("/") else target
            found = target.is_file() and (
                not address.fragment
                or address.fragment.startswith("__")
                or unquote(address.fragment) in read(target).ids
            )
            if not found:
                missing.add((here, link["href"]))
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id_", PROBLEMS)
def test_every_problem_has_its_page_and_the_list_leads_to_it(
    site: Path, language: str, id_: str
) -> None:
    assert page(site, language, f"problems/{id_}").one("h1").text.strip("# ")
    links = [link["href"] for link in page(site, language, "problems").all("a")]
    assert f"{id_}/" in links


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_stands_where_somebody_may_want_to_check(site: Path, language: str) -> None:
    presets = {"": "careful"}
    presets |= {f"senders/{name}": name for name in operators.names()}
    presets |= {f"problems/{id_}": "careful" for id_ in PROBLEMS}
    for address, preset in presets.items():
        document = page(site, language, address)
        form = document.one("form", id="check-form")
        assert (form["action"], form["method"]) == ("/api/v1/check", "post"), address
        assert document.one("input", name="lang")["value"] == language
        assert [option["value"] for option in document.all("option")] == operators.names()
        chosen = [o["value"] for o in document.all("option") if "selected" in o.attributes]
        assert chosen == [preset], address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_labelled_and_described(site: Path, language: str) -> None:
    document = page(site, language)
    field = document.one("input", name="domain")
    assert document.one("label", for_=field["id"]).text
    assert document.one("label", for_=document.one("select")["id"]).text
    assert set(field["aria-describedby"].split()) <= document.ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_every_error_has_its_message(site: Path, language: str) -> None:
    document = page(site, language)
    for reason in REASONS:
        assert document.one("p", id=f"error-{reason}").text.strip(), reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_every_outcome_is_told_on_the_problem_s_page(
    site: Path, language: str
) -> None:
    for id_, problem in PROBLEMS.items():
        healthy = problem.family is Family.NOTHING_WRONG
        faulty = {"delivers-with-warnings", "fails-now", "unknown"}
        outcomes = {"delivers"} if healthy else faulty
        expected = {f"outcome-{o}-{name}" for o in outcomes for name in operators.names()}
        if not healthy:
            expected |= {"outcome-fails-later-profihost", "outcome-fails-later-careful"}
        assert expected <= page(site, language, f"problems/{id_}").ids, id_


def test_without_javascript_the_outcome_differs_by_sender(site: Path) -> None:
    document = page(site, "en", "problems/certificate-expired")
    once = document.one("div", id="outcome-fails-now-mediafinanz").text
    later = document.one("div", id="outcome-fails-later-profihost").text
    assert "mediaFinanz" in once
    assert "three days" not in once
    assert "Profihost" in later
    assert "three days" in later


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_the_reason_and_the_steps_are_told(site: Path, language: str) -> None:
    words = load(language)
    for id_, problem in PROBLEMS.items():
        document = page(site, language, f"problems/{id_}")
        outcome = "delivers" if problem.family is Family.NOTHING_WRONG else "fails-now"
        for operator in operators.names():
            told = document.one("div", id=f"outcome-{outcome}-{operator}").text
            plain = words["reason"]["problem"][id_]["plain"]
            assert plain[1:] in told
            assert words["steps"]["heading"] in told
            assert not set("{}[]=") & set(told)


def test_without_javascript_a_server_that_is_too_new_is_not_called_outdated(site: Path) -> None:
    document = page(site, "en", "problems/tls-version")
    told = document.one("div", id="outcome-fails-now-mediafinanz-too-new").text
    assert "speaks only TLS 1.3; the sender speaks only TLS 1.2" in told
    assert "Nothing about its TLS version is outdated" in told


def test_what_a_sender_states_of_one_problem_is_probable_for_the_others(site: Path) -> None:
    for id_, is_stated in {"tls-version": True, "certificate-expired": False}.items():
        document = page(site, "en", f"problems/{id_}")
        for notice in ("fails-now-mediafinanz", "fails-later-profihost"):
            told = document.one("div", id=f"outcome-{notice}").text
            assert ("probably" in told) is not is_stated
    cells = [cell.text for cell in page(site, "en", "senders/mediafinanz").all("td")]
    assert load("en")["facts"]["stated_for"].format(problems="No TLS version in common") in cells


def test_a_mail_that_comes_back_at_once_is_told_so_for_a_patient_sender_too(site: Path) -> None:
    document = page(site, "en", "problems/null-mx")
    assert "three days" not in document.one("div", id="outcome-fails-now-profihost").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_says_its_language_and_the_switch_keeps_the_page(
    site: Path, language: str
) -> None:
    for address in ["", "no-mail", "problems/tls-version", "senders/profihost", "legal/imprint"]:
        document = page(site, language, address)
        assert document.one("html")["lang"] == language
        (switch,) = [link for link in document.all("a") if link["hreflang"]]
        path = f"/{address}/" if address else "/"
        german, english = path, f"/en{path}"
        here, there = (german, english) if language == "de" else (english, german)
        assert urljoin(here, switch["href"]) == there


def test_the_page_for_wrong_addresses_speaks_both_languages(site: Path) -> None:
    document = read(site / "404.html")
    spoken = {section["lang"]: section.text for section in document.all("section")}
    assert set(spoken) == set(LANGUAGES)
    assert "Diese Seite gibt es nicht" in spoken["de"]
    assert "There is no such page" in spoken["en"]
    assert {"/", "/en/"} <= {link["href"] for link in document.all("a")}


def test_navigation_and_footer_are_in_the_page_s_language(site: Path) -> None:
    document = page(site, "en", "problems/tls-version")
    tabs = [link.text.strip() for link in document.all("a", class_="md-tabs__link")]
    assert tabs == [
        "Check",
        "No mail received",
        "Mail came back",
        "For server admins",
        "Senders",
        "All messages",
        "Basics",
    ]
    assert document.one("ul", class_="footer-links").text.split("\n")


def test_search_engines_learn_where_the_other_language_is(published: Path) -> None:
    root = "https://zustellbar.example/"
    for language, start in [("de", ""), ("en", "en/")]:
        for address in ["", "problems/tls-version/"]:
            document = page(published, language, address)
            assert document.one("link", rel="canonical")["href"] == root + start + address
            alternates = {
                link["hreflang"]: link["href"] for link in document.all("link") if link["hreflang"]
            }
            assert alternates == {
                "de": root + address,
                "en": f"{root}en/{address}",
                "x-default": root + address,
            }
            assert document.one("meta", name="description")["content"]


def test_the_form_asks_the_configured_checker(published: Path) -> None:
    form = page(published, "de").one("form", id="check-form")
    assert form["action"] == "https://check.zustellbar.example/api/v1/check"


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_the_lab_the_start_page_lists_what_to_type_in(published: Path, language: str) -> None:
    offers = [
        link.text for link in page(published, language).all("a") if "?domain=" in link["href"]
    ]
    assert len(offers) > 5
    assert all(address.endswith(".test") for address in offers)


def test_without_the_lab_no_page_mentions_it(site: Path) -> None:
    assert not [
        link for path in built(site) for link in read(path).all("a") if ".test" in link["href"]
    ]


def test_a_build_for_real_use_names_what_is_missing(build: Build, tmp_path: Path) -> None:
    done = build(tmp_path / "site", ZUSTELLBAR_RELEASE="1")
    assert done.returncode != 0
    for language in LANGUAGES:
        assert re.search(rf"docs/{language}/legal/imprint\.md:\d+: \S", done.stderr), done.stderr
        for name, operator in operators.load_all().items():
            unstated = [
                topic for topic in SUPPORT_TOPICS if topic not in operator.support.get(language, {})
            ]
            told = rf"{name}\.toml does not state: .*\[support\.{language}\] {', '.join(unstated)}"
            assert bool(re.search(told, done.stderr)) is (name != DEFAULT and unstated != [])


def test_a_preview_shows_what_is_missing(site: Path) -> None:
    assert page(site, "de", "legal/imprint").all("mark", class_="fill-in")
    assert "[[fill-in" not in page(site, "de", "legal/imprint").one("article").text


def test_what_only_the_build_reads_is_not_published(site: Path) -> None:
    assert not [*site.rglob("*.yml")]
    assert not [*site.rglob("snippets")]


def test_comments_in_style_sheets_stay_with_their_sources(site: Path) -> None:
    for name in ("site.css", "permalink.css"):
        shipped = own_part(site, site / "assets" / name).decode()
        source = (ROOT / "overrides" / "assets" / name).read_text("utf-8")
        assert "/*" not in shipped
        assert shipped.count("{") == source.count("{")
        assert shipped.count("}") == source.count("}")


def test_our_own_scripts_and_styles_stay_small(site: Path) -> None:
    def compressed(page_: Path, addresses: set[str]) -> int:
        paths = [(page_.parent / address.partition("?")[0]).resolve() for address in addresses]
        return sum(
            len(gzip.compress(own_part(site, path)))
            for path in paths
            if is_ours(path.relative_to(site.resolve()))
        )

    for path in built(site):
        if path.name == "404.html":
            continue
        document = read(path)
        assert compressed(path, {s["src"] for s in document.all("script")} - {""}) <= 12 * 1024
        styles = {link["href"] for link in document.all("link", rel="stylesheet")}
        assert compressed(path, styles) <= 6 * 1024


def test_our_own_pages_need_no_inline_style(site: Path) -> None:
    content = (page(site, "de"), page(site, "de", "problems/tls-version"))
    assert not [e for document in content for e in document.elements if e["style"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_descriptions_are_written_and_each_page_s_own(language: str) -> None:
    for key in ("title", "description"):
        seen: dict[str, str] = {}
        for path, text in sources(language).items():
            if not path.startswith("snippets/"):
                written = re.search(
                    rf'^{key}: "(.{{4,}})"$', text.partition("\n---\n")[0], re.MULTILINE
                )
                assert written, f"{path} has no {key}"
                assert seen.setdefault(written[1], path) == path


def test_pages_load_as_wholes() -> None:
    # With "navigation.instant" the switch of languages leads astray, and i18n refuses to build.
    assert "navigation.instant" not in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_no_page_makes_the_browser_look_for_further_sitemaps(published: Path) -> None:
    # Material's script does, beside the address of every link whose rel is just "alternate".
    for path in built(published):
        links = read(path).all("link")
        assert not [link for link in links if link["rel"] == "alternate"], path
    assert [link for link in read(published / "index.html").all("link") if link["hreflang"]]


def test_all_our_scripts_together_stay_small(site: Path) -> None:
    # Who sees the form in the page of somebody else loads these, and neither search nor paste box.
    elsewhere = {"embed.js", "framed.js"}
    scripts = [path for path in _our_scripts(site) if path.name not in elsewhere]
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 28 * 1024


def test_no_visitor_loads_what_only_the_sources_need(site: Path) -> None:
    for path in _our_scripts(site):
        text = path.read_text("utf-8")
        # The worker's name is that of its content.
        if not path.name.startswith("worker"):
            assert not [line for line in text.splitlines() if line.startswith(("//", " "))], path
        for address in re.findall(r'\b(?:from|import) ?\(?"(\.[^"]+)"', text):
            assert (path.parent / address).is_file(), (path, address)
    # It comes with what imports it.
    assert not (site / "assets" / "check" / "explain.js").exists()


def _our_scripts(site: Path) -> list[Path]:
    scripts = [path for path in site.rglob("*.js") if is_ours(path.relative_to(site))]
    assert {"form.js", "paste.js", "search.js"} <= {path.name for path in scripts}
    return scripts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_to_embed_has_the_form_alone_and_leads_out_of_its_frame(
    site: Path, language: str
) -> None:
    document = page(site, language, "embed")
    assert document.one("html")["lang"] == language
    # Without JavaScript the answer is a page that nobody can frame.
    assert document.one("form", id="check-form")["target"] == "_top"
    links = [link for link in document.all("a") if link["class"] != "headerlink"]
    assert links
    for link in links:
        assert (link["target"], link["rel"]) == ("_blank", "noopener"), link
    assert [e.tag for e in document.elements if e.tag in {"nav", "header", "footer"}] == []
    loaded = [script["src"] for script in document.all("script")]
    assert all("assets/javascripts" not in address for address in loaded)
    assert document.one("meta", name="robots")["content"] == "noindex"


def test_the_script_that_embeds_it_is_small_and_needs_no_other(site: Path) -> None:
    script = (site / "assets" / "embed.js").read_bytes()
    assert len(script) <= 2_048
    assert not re.search(rb"\b(?:import|eval|fetch|innerHTML)\b", script)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_does_not_find_the_page_to_embed(site: Path, language: str) -> None:
    start = site if language == "de" else site / language
    assert '"location":"embed/' not in (start / search.SECTIONS).read_text("utf-8")
