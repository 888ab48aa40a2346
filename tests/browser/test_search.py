"""What the search finds, as somebody types."""

import tomllib
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enter
from tests.browser.expected import LANGUAGES, START
from tests.browser.turns import in_a_language
from tests.browser.visitor import SEARCH, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEARCHES = tomllib.loads(Path(__file__).with_name("searches.toml").read_text(encoding="utf-8"))

FIRST = 2

OTHER = ".search-other"
"""Where else to look."""

_LINK = "a.md-search-result__link"

# Types one after another, as ``Visitor.search`` does, without a way to and fro for each.
_SEARCH_FOR_EACH = f"""async ([texts, invitation]) => {{
  const query = document.querySelector("{SEARCH}");
  const told = document.querySelector(".md-search-result__meta");
  const type = async (text, isThere) => {{
    query.value = text;
    query.dispatchEvent(new KeyboardEvent("keyup", {{ key: "End", bubbles: true }}));
    while (!isThere()) await new Promise(requestAnimationFrame);
  }};
  const found = {{}};
  for (const text of texts) {{
    await type("", () => told.textContent.trim() === invitation);
    await type(text, () => told.textContent.trim() !== invitation);
    const links = [...document.querySelectorAll("{_LINK}")];
    found[text] = [...new Set(links.map((link) => new URL(link.href).pathname))];
  }}
  return found;
}}"""


async def _search(visitor: Visitor, text: str) -> list[str]:
    """The paths of the pages found, in their order."""
    await visitor.search(text)
    paths = await visitor.page.locator(_LINK).evaluate_all(
        "links => links.map((link) => new URL(link.href).pathname)"
    )
    return list(dict.fromkeys(paths))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_a_reader_types_finds_the_page_that_helps(enter: Enter, language: str) -> None:
    visitor = await enter(language, "problems/not-smtp/")
    searches = SEARCHES["both"] | SEARCHES[language]
    # The first one waits for the index.
    assert await _search(visitor, "tls")
    texts = [list(searches), await visitor.search_invitation()]
    found = await visitor.page.evaluate(_SEARCH_FOR_EACH, texts)
    wrong = {
        text: found[text][: FIRST + 1]
        for text, page in searches.items()
        if START[language] + page not in found[text][:FIRST]
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_results_are_in_the_page_s_language_alone(enter: Enter, language: str) -> None:
    visitor = await enter(language, "basics/tls/")
    found = await _search(visitor, "tls")
    assert len(found) > 5
    assert {path.startswith("/en/") for path in found} == {language == "en"}


async def test_a_word_of_the_other_language_finds_nothing(enter: Enter) -> None:
    assert await _search(await enter("en"), "abgelaufen") == []


async def test_a_word_is_found_however_its_umlauts_are_written(enter: Enter) -> None:
    visitor = await enter("de")
    for words in [("Größe", "groesse", "GRÖSSE"), ("Schlüssel", "schluessel"), ("heißt", "heisst")]:
        first, *others = [await _search(visitor, word) for word in words]
        assert first
        assert others == [first] * len(others), words


SEARCHED = "**/search/sections.json"


@in_a_language
async def test_what_is_searched_is_fetched_for_those_who_search(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    page = visitor.page
    await page.wait_for_load_state("networkidle")
    loaded = [request.url for request in visitor.requests]
    assert not [url for url in loaded if "lunr" in url or url.endswith("sections.json")]
    await page.route(SEARCHED, lambda route: route.abort())
    async with page.expect_event("requestfailed", lambda one: "sections" in one.url):
        await page.fill(SEARCH, "t")
        await page.keyboard.press("End")
    await page.unroute(SEARCHED)
    # Whoever types on tries again.
    assert await _search(visitor, "tls")
    visitor.forgive("Failed to load resource")


async def test_a_result_leads_to_its_page(enter: Enter) -> None:
    visitor = await enter("en", "legal/imprint/")
    await _search(visitor, "certificate has expired")
    await visitor.page.locator(_LINK).first.click()
    await visitor.page.wait_for_url("**/en/problems/certificate-expired/**")


NARROW = {390}
"""In windows as wide as these a button opens the search."""


@pytest.mark.parametrize("width", [*NARROW, 1280])
@in_a_language
async def test_who_finds_nothing_is_led_to_the_paste_box_and_the_list(
    enter: Enter, language: str, width: int
) -> None:
    for place, text in enumerate(("came-back/", "problems/")):
        visitor = await enter(language, "problems/tls-cipher/", width=width)
        page = visitor.page
        if width in NARROW:
            await page.click("label.md-header__button[for=__search]")
        assert await _search(visitor, "qqqqqqqq") == []
        # Whoever cannot see the page is told so.
        await expect(page.locator(".md-search-result__meta")).to_have_role("status")
        await expect(page.locator(OTHER)).to_be_visible()
        for _ in range(place + 1):
            await page.keyboard.press("ArrowDown")
        await expect(page.locator(f"{OTHER} a").nth(place)).to_be_focused()
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**{START[language]}{text}*")


async def test_who_finds_something_is_led_nowhere_else(enter: Enter) -> None:
    visitor = await enter()
    assert await _search(visitor, "tls")
    await expect(visitor.page.locator(OTHER)).to_have_count(0)
    assert await _search(visitor, "qqqqqqqq") == []
    await expect(visitor.page.locator(OTHER)).to_be_visible()


TOGGLE = "[data-md-toggle=search]"

NEXT = {1280: ".md-tabs__link", 390: ".md-nav--primary a"}
"""The first of these comes after the search; in a narrow window the menu does."""

_WATCH = """() => document.addEventListener(
  "focusout", ({ relatedTarget }) => (window.next = relatedTarget), { once: true })"""


@pytest.mark.parametrize("width", NEXT)
@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
async def test_the_tab_key_closes_the_search_and_goes_on_from_there(
    enter: Enter, key: str, width: int
) -> None:
    visitor = await enter("en", width=width)
    page = visitor.page
    beyond = page.locator(NEXT[width] if key == "Tab" else ".languages__link").first
    for text in ("", "tls"):
        await visitor.search(text) if text else await page.focus(SEARCH)
        await expect(page.locator(TOGGLE)).to_be_checked()
        await page.evaluate(_WATCH)
        await page.keyboard.press(key)
        await expect(page.locator(TOGGLE)).not_to_be_checked()
        await expect(beyond).to_be_focused()
        # If nothing has the focus in between, WebKit goes on from the top of the page.
        assert await page.evaluate("next === document.activeElement")


@pytest.mark.parametrize("width", NEXT)
async def test_whoever_leaves_the_search_without_a_key_types_where_the_focus_is(
    enter: Enter, width: int
) -> None:
    visitor = await enter("en", width=width)
    page = visitor.page
    await visitor.search("tls")
    await page.focus("#check-domain")
    await expect(page.locator(TOGGLE)).not_to_be_checked()
    await page.keyboard.type("anna@example.org")
    await expect(page.locator("#check-domain")).to_have_value("anna@example.org")
    await expect(page.locator(SEARCH)).to_have_value("tls")


async def test_the_arrow_keys_move_through_what_was_found(enter: Enter) -> None:
    visitor = await enter()
    await visitor.search("tls")
    await visitor.page.keyboard.press("ArrowDown")
    await expect(visitor.page.locator(_LINK).first).to_be_focused()
    await expect(visitor.page.locator(TOGGLE)).to_be_checked()
    await visitor.page.keyboard.press("Tab")
    await expect(visitor.page.locator(TOGGLE)).not_to_be_checked()
    await expect(visitor.page.locator(NEXT[1280]).first).to_be_focused()
