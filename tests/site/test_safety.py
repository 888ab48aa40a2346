"""What the site's pages may do: all that they do, and nothing that somebody else brings in."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from mkdocs.exceptions import BuildError

from checker.function import security
from scripts.hooks import safety
from tests.site.pages import built, read

PAGE = '<!doctype html><meta charset="utf-8">'

Policy = dict[str, list[str]]


def parsed(text: str) -> Policy:
    """A policy's sources by directive."""
    return {name: sources for name, *sources in map(str.split, text.split(";"))}


def of_page(path: Path) -> Policy:
    """The policy that a page names."""
    return parsed(read(path).one("meta", **{"http-equiv": security.POLICY})["content"])


def of_site(site: Path) -> Policy:
    """The policy that a host sends with every page."""
    return parsed(security.read(site)[security.POLICY])


def hash_of(text: str) -> str:
    """As a browser computes it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_each_page_allows_the_scripts_that_stand_in_it_and_so_does_the_host(site: Path) -> None:
    sent = of_site(site)
    for path in built(site):
        html = path.read_text(encoding="utf-8")
        own = {
            hash_of(text)
            for attributes, text in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
            if "src=" not in attributes and "json" not in attributes
        }
        named = of_page(path)
        assert {one for one in named["script-src"] if "sha256" in one} == own, path
        assert own <= set(sent["script-src"]), path
        # What comes before it would not be judged by it.
        assert html.index(security.POLICY) < html.index("<link"), path


def test_no_policy_allows_what_anybody_could_bring_in(site: Path) -> None:
    for policy in (of_site(site), *map(of_page, built(site))):
        assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == ["'none'"]
        sources = {source for some in policy.values() for source in some}
        assert {source for source in sources if not source.startswith("'sha256-")} == {
            "'none'",
            "'self'",
            "'wasm-unsafe-eval'",
            "data:",
        }
        assert [name for name, some in policy.items() if "data:" in some] == ["img-src"]
    assert of_site(site)["frame-ancestors"] == ["'none'"]


def test_the_checker_elsewhere_may_be_asked_and_nobody_else(published: Path) -> None:
    for policy in (of_site(published), of_page(published / "en" / "index.html")):
        assert policy["connect-src"] == ["'self'", "https://check.zustellbar.example"]
        assert policy["form-action"] == policy["connect-src"]


def test_hosts_find_the_headers_as_they_read_them(site: Path) -> None:
    headers = security.read(site)
    everywhere, *lines = (site / "_headers").read_text(encoding="utf-8").splitlines()
    assert everywhere == "/*"
    assert lines == [f"  {name}: {value}" for name, value in headers.items()]
    # Cloudflare Pages reads no more of a line.
    assert all(len(line) < 2_000 for line in lines)
    nginx = (site / safety.NGINX).read_text(encoding="utf-8").splitlines()
    assert nginx == [f'add_header {name} "{value}" always;' for name, value in headers.items()]
    apache = (site / safety.APACHE).read_text(encoding="utf-8").splitlines()
    assert apache == [f'Header always set {name} "{value}"' for name, value in headers.items()]
    assert not any(character in value for value in headers.values() for character in '"\\$%')


def test_hosts_let_the_named_origins_frame_the_form_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    origins = "https://www.acme.example https://help.acme.example"
    safety.write(tmp_path, "", pages=True, framed_by=origins, start="/help/mail/")
    everywhere = security.read(tmp_path)
    policy = everywhere[security.POLICY]
    framed = policy.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    rules = re.split(r"^(?=/)", (tmp_path / "_headers").read_text(), flags=re.MULTILINE)
    single = {path: lines for path, *lines in map(str.splitlines, rules[1:])}
    for path in ("/embed/", "/en/embed/"):
        # Cloudflare Pages would send both policies, and then both would hold.
        assert single[path][:2] == [
            f"  ! {security.POLICY}",
            f"  {security.POLICY}: {framed}",
        ]
        assert security.read_single(tmp_path)[path][security.POLICY] == framed
    assert list(single) == ["/*", "/embed/", "/en/embed/", "/assets/embed.js"]
    assert policy.endswith("frame-ancestors 'none'")
    for file, variable in (
        (safety.NGINX, "$zustellbar_content_security_policy"),
        (safety.APACHE, ""),
    ):
        text = (tmp_path / file).read_text()
        assert text.count("frame-ancestors 'none'") == 1
        assert text.count(f"frame-ancestors {origins}") == 2
        assert text.count(variable) >= 4
        pattern = re.compile(re.search(r"\^/help/mail/en/embed.*?\$", text)[0])  # type: ignore[index]
        assert pattern.search("/help/mail/en/embed/")
        assert pattern.search("/help/mail/en/embed/index.html")
        assert not pattern.search("/help/mail/en/embed/more/")
        assert not pattern.search("/en/embed/")


def test_what_is_no_origin_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    with pytest.raises(BuildError, match=r"ZUSTELLBAR_EMBED_ORIGINS: .* not '\*'"):
        safety.write(tmp_path, "", pages=True, framed_by="https://www.acme.example *")


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<p onclick=alert(1)>",
        '<a href=" JavaScript:alert(1)">',
        '<a href="&#106;avascript:alert(1)">',
        "<P title=a\nSTYLE = 'color: red'>",
        '<img src="a"onerror=alert(1)>',
        "<svg/onload=alert(1)>",
    ],
)
def test_a_page_that_could_not_do_what_it_wants_stops_the_build(tmp_path: Path, html: str) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "index.html").write_text(PAGE + html)
    with pytest.raises(BuildError, match=r"p/index\.html: <"):
        safety.write(tmp_path, "", pages=True)


@pytest.mark.parametrize(
    ("html", "scripts", "styles"),
    [
        ("<script>a && '</p>'</script>", {"a && '</p>'"}, set()),
        ("<script type=module>a</script><SCRIPT>b</SCRIPT>", {"a", "b"}, set()),
        ('<script type="application/json">{}</script><script src=a.js></script>', set(), set()),
        ("<style>p > a { color: red }</style>", set(), {"p > a { color: red }"}),
        ("<p>&lt;script&gt;a</p>", set(), set()),
    ],
)
def test_what_stands_in_a_page_is_told_by_its_hash(
    html: str, scripts: set[str], styles: set[str]
) -> None:
    found = safety.read(html)
    assert (found.scripts, found.styles) == (
        set(map(hash_of, scripts)),
        set(map(hash_of, styles)),
    )


def test_a_build_in_two_steps_leaves_one_policy(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(f"{PAGE}<script>a</script>")
    safety.write(tmp_path, "", pages=True)
    once = page.read_text()
    safety.write(tmp_path, "", pages=True)
    assert page.read_text() == once
    assert once.count(security.POLICY) == 1


def test_an_editor_s_preview_has_no_policy_that_would_stop_it(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    safety.write(tmp_path, "", pages=False)
    assert (tmp_path / "index.html").read_text() == PAGE


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""),
        ("https://check.example.org", "https://check.example.org"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_policy_names_the_checker_by_its_origin(address: str, origin: str) -> None:
    assert safety.origin_of(address) == origin


@pytest.mark.parametrize(
    "address", ["check.example.org", "https://a; script-src *", "https://a'", "ftp://a", "https://"]
)
def test_an_address_without_an_origin_stops_the_build(address: str) -> None:
    with pytest.raises(BuildError, match=re.escape(f"ZUSTELLBAR_CHECKER={address}: ")):
        safety.origin_of(address)
