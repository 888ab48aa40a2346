"""The site's files as a browser gets them: compressed, and kept as long as their name says."""

import gzip
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it brings no types
import httpx
import pytest

from checker.function import security
from checker.function.options import Options
from tests.function.conftest import Connect

RUNTIME = "/assets/runtime/0123456789abcdef"
WORKER = "/assets/paste/worker-0123456789abcdef.js"
CONTENT = b"\0asm of a test"


@pytest.fixture
def browser(connect: Connect, tmp_path: Path) -> httpx.AsyncClient:
    """A client of a site with a few files, some of them with compressed copies."""
    runtime = tmp_path / RUNTIME[1:]
    runtime.mkdir(parents=True)
    for name in ("a.wasm", "b.mjs", "c.zip", "d.json"):
        (runtime / name).write_bytes(CONTENT)
        (runtime / f"{name}.br").write_bytes(brotli.compress(CONTENT))
        (runtime / f"{name}.gz").write_bytes(gzip.compress(CONTENT))
    worker = tmp_path / WORKER[1:]
    worker.parent.mkdir()
    worker.write_bytes(CONTENT)
    (tmp_path / "index.html").write_text("<title>Start</title>")
    (tmp_path / "404.html").write_text("<title>Not here</title>")
    return connect(Options(site=tmp_path))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/assets", "./assets/"),
        ("/assets/runtime?a=b&c", "./runtime/?a=b&c"),
        ("/%C3%A4%3A%20b", "./%C3%A4%3A%20b/"),
        ("http://function.test//assets", "./assets/"),
        ("/api/v1/operators/", "../operators"),
        ("/api/v1/operators/?x=1", "../operators?x=1"),
    ],
)
async def test_a_redirect_for_a_slash_names_no_host(
    browser: httpx.AsyncClient, tmp_path: Path, asked: str, found: str
) -> None:
    for folder in ("ä: b", "assets"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "index.html").touch()
    (tmp_path / RUNTIME[1:]).parent.joinpath("index.html").touch()
    answer = await browser.get(asked, headers={"Host": "evil.example/x"})
    assert (answer.status_code, answer.headers["location"]) == (307, found)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.1, gzip;q=1.0", "br"),
        ("br;q=0, gzip", "gzip"),
        ("BR ; q=0.000, GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_a_browser_gets_the_best_that_it_takes(
    browser: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    answer = await browser.get(f"{RUNTIME}/a.wasm", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    # Decoded by what the answer says of its coding.
    assert answer.content == CONTENT


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("a.wasm", "application/wasm"),
        ("b.mjs", "text/javascript; charset=utf-8"),
        ("c.zip", "application/zip"),
        ("d.json", "application/json"),
    ],
)
@pytest.mark.parametrize("accepted", ["br", "identity"])
async def test_the_type_is_that_of_the_file_and_not_of_its_copy(
    browser: httpx.AsyncClient, name: str, type_: str, accepted: str
) -> None:
    answer = await browser.get(f"{RUNTIME}/{name}", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Type"] == type_


async def test_a_name_with_a_hash_is_kept_and_no_other(browser: httpx.AsyncClient) -> None:
    for path in (f"{RUNTIME}/a.wasm", WORKER):
        assert "immutable" in (await browser.get(path)).headers["Cache-Control"]
    for path in ("/", "/missing/", f"{RUNTIME}/missing.wasm"):
        assert "immutable" not in (await browser.get(path)).headers.get("Cache-Control", "")


async def test_what_a_browser_has_is_not_sent_again(browser: httpx.AsyncClient) -> None:
    path = f"{RUNTIME}/a.wasm"
    first = await browser.get(path, headers={"Accept-Encoding": "br"})
    known = {"If-None-Match": first.headers["ETag"]}
    again = await browser.get(path, headers={"Accept-Encoding": "br", **known})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Vary"] == "Accept-Encoding"
    # The copies differ, and so does what names them.
    assert (await browser.get(path, headers={"Accept-Encoding": "gzip"})).headers[
        "ETag"
    ] != first.headers["ETag"]


async def test_pages_are_served_as_before(browser: httpx.AsyncClient) -> None:
    start = await browser.get("/")
    assert (start.status_code, start.text) == (200, "<title>Start</title>")
    assert "Vary" not in start.headers
    missing = await browser.get("/missing/")
    assert (missing.status_code, missing.text) == (404, "<title>Not here</title>")


async def test_a_site_s_own_headers_are_sent_with_all_of_it(
    connect: Connect, tmp_path: Path
) -> None:
    headers = security.of_site(
        security.content_security_policy(["'sha256-x'"], [], "https://check.test")
    )
    (tmp_path / security.FILE).write_text(security.write(headers))
    (tmp_path / "index.html").write_text("<title>Start</title>")
    (tmp_path / "404.html").write_text("<title>Not here</title>")
    browser = connect(Options(site=tmp_path))
    first = await browser.get("/")
    known = {"If-None-Match": first.headers["ETag"]}
    for answer in (first, await browser.get("/missing/"), await browser.get("/", headers=known)):
        assert {name: answer.headers.get_list(name) for name in headers} == {
            name: [value] for name, value in headers.items()
        }
    # It is for those who serve the site, and no part of it.
    assert (await browser.get(f"/{security.FILE}")).status_code == 404


async def test_of_a_site_that_names_none_nothing_is_forbidden_but_to_frame_it(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/")
    assert answer.headers[security.POLICY] == "frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_answer_of_the_function_may_do_nothing_in_a_browser(
    browser: httpx.AsyncClient,
) -> None:
    answers = [
        await browser.get("/healthz"),
        await browser.get("/openapi.json"),
        await browser.get("/api/v1/operators"),
        await browser.get("/api/v1/nothing"),
        await browser.post("/api/v1/check", json={"domain": "example.test"}),
        await browser.post("/api/v1/check", json={"domain": "192.0.2.1"}),
        await browser.post("/"),
    ]
    for answer in answers:
        for name, value in security.EVERYWHERE.items():
            assert answer.headers.get_list(name) == [value], answer.url
        assert answer.headers["Cache-Control"] == "no-store", answer.url
        assert answer.headers["Vary"] == "Accept, Origin", answer.url
