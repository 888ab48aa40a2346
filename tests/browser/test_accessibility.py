"""Nobody meets a barrier: what axe-core can find, on every page and in every state of one."""

from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, ViewportSize

from tests.browser import axe
from tests.browser.conftest import Enter
from tests.browser.expected import words
from tests.browser.paste import UNVERIFIED, paste, pretend, title
from tests.browser.turns import in_a_language
from tests.browser.visitor import CHECK, Visitor
from tests.serving import Server
from tests.site.pages import VOID, built

pytestmark = pytest.mark.asyncio(loop_scope="session")

NARROW: ViewportSize = {"width": 320, "height": 800}
WIDE: ViewportSize = {"width": 1280, "height": 900}

Appearance = tuple[str, ViewportSize]

APPEARANCES: tuple[Appearance, ...] = tuple(product(("default", "slate"), (NARROW, WIDE)))
"""Light and dark, narrow and wide."""

# Seen in turn: each kind of page light and dark, each kind of element in one of both at least.
IN_TURN = {"de": (APPEARANCES[0], APPEARANCES[3]), "en": (APPEARANCES[1], APPEARANCES[2])}

# The scripts of each page have run, but the window stays: a new one would have to compile axe, and
# that takes longer than to look for barriers.
_TURN_TO = """async (address) => {
  const html = await (await fetch(address)).text();
  history.replaceState(null, "", address);
  document.open();
  const loaded = new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  document.write(html);
  document.close();
  await loaded;
}"""

# What a reader would have to move sideways, but for code, whose lines have their length.
_TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("main *, footer *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
  .filter((one) => one === document.documentElement
    || ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
  .filter((one) => !one.closest("pre"))
  .map((one) => one.outerHTML.slice(0, 120))"""

# Material's script sees to it after the page has got another width, and where a fold opens: what
# is folded, such as a difference on the page for editors, no key can reach.
_CODE_HAS_THE_FOCUS = """() => [...document.querySelectorAll("main pre > code")].every(
  (code) => !code.checkVisibility() || code.scrollWidth <= code.clientWidth || code.tabIndex === 0,
)"""


async def _context(browser: Browser) -> BrowserContext:
    # Each page may have a policy of its own, and the window that stays has that of the first.
    return await browser.new_context(viewport=NARROW, reduced_motion="reduce", bypass_csp=True)


def _address(site: Path, path: Path) -> str:
    return path.relative_to(site).as_posix().removesuffix("index.html")


class _Kinds(HTMLParser):
    """What kinds of elements a page has: each by all that a style or a script may go by."""

    def __init__(self, path: Path) -> None:
        """Read the page in a file."""
        super().__init__()
        self.found: set[tuple[str, ...]] = set()
        self._open: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it with what it is in."""
        values = dict(attrs)
        told = (values.get("class") or "", values.get("role") or "", *sorted(values))
        self.found.add(((self._open or [""])[-1], tag, *told))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that it ends."""
        while self._open and self._open.pop() != tag:
            pass


def _telling(site: Path) -> list[str]:
    """Pages that together have every kind of element."""
    kinds = {_address(site, path): _Kinds(path).found for path in built(site)}
    left = set().union(*kinds.values())
    chosen = []
    while left:
        best = max(sorted(kinds), key=lambda address: len(kinds[address] & left))
        chosen.append(best)
        left -= kinds[best]
    return chosen


async def test_no_kind_of_element_is_a_barrier_light_and_dark_narrow_and_wide(
    browser: Browser, server: Server, site: Path, pytestconfig: pytest.Config
) -> None:
    whole = pytestconfig.getoption("all")
    addresses = [_address(site, path) for path in built(site)] if whole else _telling(site)
    # The scripts of a page without the theme's frame would miss it where they come after one with.
    addresses.sort(key=lambda address: not address.startswith(("p/", "o/")))
    context = await _context(browser)
    page = await context.new_page()
    await page.goto(f"{server.origin}/404.html")
    await axe.bring(page)
    found = {}
    for address in addresses:
        await page.evaluate(_TURN_TO, f"{server.origin}/{address}")
        language = "en" if address.startswith("en/") else "de"
        found[address] = await in_appearances(page, IN_TURN[language])
    await context.close()
    assert {address: barriers for address, barriers in found.items() if barriers} == {}


async def test_each_page_fits_a_narrow_screen(browser: Browser, server: Server, site: Path) -> None:
    # Its width is one of text and style alone.
    context = await browser.new_context(viewport=NARROW, java_script_enabled=False)
    page = await context.new_page()
    found = {}
    for address in (_address(site, path) for path in built(site)):
        await page.goto(f"{server.origin}/{address}", wait_until="load")
        found[address] = await page.evaluate(_TOO_WIDE)
    await context.close()
    assert {address: wide for address, wide in found.items() if wide} == {}


async def in_appearances(
    page: Page, appearances: Iterable[Appearance]
) -> list[tuple[str, int, axe.Barrier]]:
    """What is found on the page in some appearances."""
    found = []
    for scheme, size in appearances:
        await page.evaluate(
            """(scheme) => document.querySelector(
              `[data-md-component=palette] [data-md-color-scheme=${scheme}]`)?.click()""",
            scheme,
        )
        await page.emulate_media(color_scheme="light" if scheme == "default" else "dark")
        await page.set_viewport_size(size)
        await page.wait_for_function(_CODE_HAS_THE_FOCUS)
        found += [(scheme, size["width"], barrier) for barrier in await axe.barriers(page)]
    return found


async def _found_in(
    visitor: Visitor, appearances: Iterable[Appearance] = APPEARANCES
) -> list[tuple[str, int, axe.Barrier]]:
    page = visitor.page
    await page.evaluate(
        """() => { for (const fold of document.querySelectorAll("details")) fold.open = true; }"""
    )
    await axe.bring(page)
    return await in_appearances(page, appearances)


@pytest.mark.parametrize(
    ("language", "address", "operator"),
    [("de", "anna@expired.test", "profihost"), ("en", "anna@first-expired.test", "mediafinanz")],
)
async def test_a_result_with_its_letter_and_all_else_open_has_no_barrier(
    enter: Enter, language: str, address: str, operator: str
) -> None:
    visitor = await enter(language)
    await visitor.check(address, operator)
    assert await _found_in(visitor) == []


@in_a_language
async def test_a_message_beside_the_field_has_no_barrier(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.fill("example")
    await visitor.submit()
    await visitor.messages()
    visitor.forgive("Failed to load resource")
    assert await _found_in(visitor, IN_TURN[language]) == []


async def test_a_countdown_has_no_barrier(enter: Enter) -> None:
    visitor = await enter("de")
    body = '{"code": "too-many-checks", "retry_after": 3000}'
    await visitor.page.route(f"**{CHECK}", lambda route: route.fulfill(status=429, body=body))
    await visitor.fill("healthy.test")
    await visitor.submit()
    await visitor.page.wait_for_selector("#check-trouble:visible")
    visitor.forgive("Failed to load resource")
    assert await _found_in(visitor) == []


async def test_a_result_that_is_no_new_look_and_is_looked_at_again_has_no_barrier(
    enter: Enter,
) -> None:
    visitor = await enter("de")

    async def answer(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real = await (await route.fetch(headers=headers)).json()
        await route.fulfill(json=real | {"retry_after": 3_000})

    await visitor.page.route(f"**{CHECK}", answer)
    await visitor.check("connection-refused.test")
    label = words("de")["watch"]["start"].partition("{")[0]
    await visitor.page.get_by_role("button", name=label).click()
    await visitor.page.wait_for_selector(".check-watch")
    assert await _found_in(visitor) == []


@in_a_language
async def test_a_pasted_report_has_no_barrier(enter: Enter, language: str) -> None:
    visitor = await enter(language, "came-back/")
    await pretend(visitor.page, UNVERIFIED)
    await paste(visitor, UNVERIFIED)
    await title(visitor)
    assert await _found_in(visitor, IN_TURN[language]) == []


@in_a_language
async def test_the_open_search_has_no_barrier(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.search("tls")
    await visitor.page.wait_for_selector(".md-search-result__item")
    assert await _found_in(visitor, IN_TURN[language]) == []
