"""What a page costs its visitor, measured in the browser that loads it."""

import asyncio
import gzip
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route

from scripts.benchmarks import stock
from tests.site.pages import is_ours, own_part

pytestmark = pytest.mark.asyncio(loop_scope="session")

ORIGIN = "http://site.test"
KILOBYTE = 1024

PAGES = (
    "/",
    "/en/",
    "/came-back/",
    "/problems/tls-version/",
    "/senders/profihost/",
    "/p/tls-version/",
    "/p/tls-version/?domain=example.org",
)


MOVED = """() => new Promise((resolve) => {
  const moved = [];
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      moved.push(...sources.map(({ node }) => node?.outerHTML ?? node?.textContent ?? "something"));
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(moved), 300);
})"""


@asynccontextmanager
async def _opened(
    browser: Browser, site: Path, address: str, *, width: int = 1280, wait: float = 0.0
) -> AsyncIterator[tuple[Page, list[Path]]]:
    """A page of the built site in a browser, and the files that it loads.

    Args:
        browser: Where it is opened.
        site: The built site.
        address: Of the page on the site.
        width: Of the window, in pixels.
        wait: Seconds until a script arrives.
    """
    files: list[Path] = []
    elsewhere: list[str] = []

    async def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        path = site / url.path.lstrip("/")
        path = path / "index.html" if url.path.endswith("/") else path
        if route.request.url.startswith(ORIGIN) and path.is_file():
            files.append(path)
            type_ = mimetypes.guess_type(path)[0]
            if path.suffix == ".js":
                await asyncio.sleep(wait)
            await route.fulfill(content_type=type_, body=path.read_bytes())
        else:
            elsewhere.append(route.request.url)
            await route.abort()

    context = await browser.new_context(viewport={"width": width, "height": 900})
    await context.route("**/*", answer)
    page = await context.new_page()
    await page.goto(ORIGIN + address)
    yield page, files
    await context.close()
    assert elsewhere == []


async def _loaded(browser: Browser, site: Path, address: str) -> list[Path]:
    """The files that a page loads by itself; the search comes after it, and is left out."""
    async with _opened(browser, site, address) as (_, files):
        pass
    search = ("search", "lunr", "workers")
    return sorted(path for path in set(files) if not set(search) & set(path.parts))


def _size(files: list[Path]) -> int:
    """Bytes as sent, compressed."""
    return sum(len(gzip.compress(path.read_bytes())) for path in files)


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_loads_little_of_ours_and_no_pyodide(
    browser: Browser, site: Path, address: str
) -> None:
    files = await _loaded(browser, site, address)
    own = [path for path in files if is_ours(path.relative_to(site))]
    scripts = [path for path in own if path.suffix == ".js"]
    styles = [path for path in own if path.suffix == ".css"]
    assert scripts
    assert styles
    assert _size(scripts) <= 12 * KILOBYTE
    assert sum(len(gzip.compress(own_part(site, path))) for path in styles) <= 6 * KILOBYTE
    assert not [path for path in files if "runtime" in path.parts or path.suffix == ".wasm"]
    assert not [path for path in files if path.name.startswith("worker")]


@pytest.mark.parametrize("width", [320, 412, 1280])
@pytest.mark.parametrize("address", PAGES)
async def test_nothing_moves_when_the_scripts_arrive(
    browser: Browser, site: Path, address: str, width: int
) -> None:
    async with _opened(browser, site, address, width=width, wait=0.3) as (page, _):
        assert await page.evaluate(MOVED) == []


def _search(site: Path) -> list[Path]:
    """What the theme's script loads after the page: the index, and what looks into it."""
    index, scripts = site / "search" / "search_index.json", site / "assets" / "javascripts"
    if (own := scripts / "workers" / "search.js").is_file():
        # It loads the others when somebody types.
        return [index, own]
    lunr = [scripts / "lunr" / "min" / f"lunr.{part}.min.js" for part in ("stemmer.support", "de")]
    workers = [path for path in (scripts / "workers").iterdir() if path.suffix == ".js"]
    return [index, *lunr, *workers]


async def test_the_start_page_weighs_at_most_a_tenth_more_than_stock_material_s(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    config = stock.all_pages(site, tmp_path)
    stock.build(config, tmp_path)
    other = tmp_path / "site"
    listed = 'href="tls-version/"'
    assert listed in (other / "de" / "problems" / "index.html").read_text("utf-8")
    theirs = _size(await _loaded(browser, other, f"/{stock.START}") + _search(other))
    assert _size(await _loaded(browser, site, "/") + _search(site)) <= 1.1 * theirs
