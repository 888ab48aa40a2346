"""However somebody uses the pages: with keys alone, enlarged, with their own colours, on paper."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.expected import LANGUAGES, START
from tests.browser.turns import in_a_language, in_the_longer_language
from tests.serving import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = ("", "problems/tls-version/")

# What has the focus: a name to tell it by, whether it can be seen, and whether its focus can.
# The header stays on top of what is scrolled.
_FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  // A hidden option is shown by the label behind it.
  const place = one.matches(".md-option") ? one.nextElementSibling : one;
  const box = place.getBoundingClientRect();
  const ring = getComputedStyle(place);
  const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
  const top = place.closest(".md-content, .md-footer") ? header : 0;
  window.__order ??= new Map();
  if (!window.__order.has(one)) window.__order.set(one, window.__order.size);
  return {
    number: window.__order.get(one),
    name: `${one.tagName}#${one.id}.${one.className} ${one.textContent.trim().slice(0, 30)}`,
    seen: box.width > 0 && box.height > 0 && box.bottom > top && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth && getComputedStyle(place).opacity > 0,
    ring: (ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) > 0)
      || one.matches(".md-search__input"),
  };
}"""

# As many as can be reached by the tab key, and perhaps a few more.
_REACHABLE = """() => document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex='0']").length"""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [320, 1280])
async def test_the_tab_key_leads_through_the_page_and_always_shows_where_it_is(
    enter: Enter, place: str, width: int
) -> None:
    visitor = await enter("de", place, width=width)
    page = visitor.page
    await page.wait_for_load_state()
    most = await page.evaluate(_REACHABLE)
    passed: list[str] = []
    for _ in range(most + 3):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(_FOCUSED)
        if focused is None or focused["number"] < len(passed):
            break
        passed.append(focused["name"])
        assert focused["seen"], focused["name"]
        assert focused["ring"], focused["name"]
    else:
        pytest.fail(f"The focus never comes to the end: {passed}")
    await page.locator("footer a").last.focus()
    for _ in passed[1:]:
        await page.keyboard.press("Shift+Tab")
        # The menu in the header comes back once the page is scrolled to its beginning.
        await page.wait_for_function(f"() => ({_FOCUSED})().seen")
    assert "md-skip" in passed[0]
    assert any("check-domain" in name for name in passed)
    footer = await page.locator("footer a").all_inner_texts()
    assert passed[-1].endswith(footer[-1][:30])


@in_a_language
async def test_the_first_key_skips_to_the_content(enter: Enter, language: str) -> None:
    visitor = await enter(language, "problems/tls-version/")
    await visitor.page.keyboard.press("Tab")
    await expect(visitor.page.locator(".md-skip")).to_be_focused()
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Tab")
    inside = "document.querySelector('.md-content').contains(document.activeElement)"
    assert await visitor.page.evaluate(inside)


async def test_who_wants_no_motion_sees_none(enter: Enter) -> None:
    visitor = await enter("de", "came-back/")
    moving = """() => [...document.querySelectorAll("*")].flatMap((one) =>
      ["", "::before", "::after"].map((part) => [one, getComputedStyle(one, part)]))
      .filter(([, style]) => Math.max(...style.transitionDuration.split(",").map(parseFloat)) > 0.01
        || (style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01))
      .map(([one]) => one.outerHTML.slice(0, 80))"""
    assert await visitor.page.evaluate(moving) == []


@in_a_language
async def test_with_forced_colours_every_field_and_button_keeps_its_border(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    await visitor.page.emulate_media(forced_colors="active")
    await visitor.check("expired.test", "mediafinanz")
    bare = """() => [...document.querySelectorAll(
        "main :is(.md-button, input:not([type=hidden], [type=file]), select, .check-verdict)")]
      .filter((one) => one.getClientRects().length)
      .filter((one) => {
        const style = getComputedStyle(one);
        return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) === 0;
      }).map((one) => one.outerHTML.slice(0, 80))"""
    assert await visitor.page.evaluate(bare) == []
    # What shows that a part can be unfolded is a mask, which would be painted over.
    painted = """() => [...document.querySelectorAll("main summary")]
      .filter((one) => getComputedStyle(one, "::after").forcedColorAdjust !== "none")
      .map((one) => one.textContent)"""
    assert await visitor.page.evaluate(painted) == []


@in_a_language
async def test_without_javascript_the_menu_opens_and_nothing_dead_is_shown(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language, script=False, width=320)
    page = visitor.page
    for dead in ("[data-md-component=search-query]", "[for=__search]", "[for^=__palette]"):
        for one in await page.locator(dead).all():
            await expect(one).to_be_hidden()
    await page.click("header [for=__drawer]")
    await page.click(".md-nav--primary [href$='no-mail/']")
    await page.wait_for_url(f"**{START[language]}no-mail/")
    await page.click(".languages a")
    (other,) = set(LANGUAGES) - {language}
    await page.wait_for_url(f"**{START[other]}no-mail/")


async def test_without_javascript_a_bounce_s_link_leads_to_its_section(
    enter: Enter, server: Server
) -> None:
    visitor = await enter("de", "p/tls-version/?domain=example.org", script=False)
    await visitor.page.click("section[lang=en] .main")
    await visitor.page.wait_for_url(f"{server.origin}/en/problems/tls-version/")
    await expect(visitor.page.locator("#in-short")).to_be_visible()


async def _sides(page: Page) -> int:
    """How many sides of A4 the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", await page.pdf(format="A4")))


async def _is_clean_on_paper(page: Page) -> None:
    await page.emulate_media(media="print")
    shown = page.locator(
        ":is(.md-header, .md-tabs, .md-sidebar, .md-footer, .md-skip, .md-code__nav, .headerlink,"
        " .check, .paste, .languages, .edit-links, button, .md-button):visible"
    )
    assert [
        await one.evaluate("one => one.outerHTML.slice(0, 80)") for one in await shown.all()
    ] == []


@in_the_longer_language
async def test_a_problem_s_page_is_clean_on_paper(enter: Enter, language: str) -> None:
    visitor = await enter(language, "problems/tls-version/")
    await _is_clean_on_paper(visitor.page)
    await expect(visitor.page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_problem_s_page_makes_one_sheet(enter: Enter, site: Path, language: str) -> None:
    root = site / START[language].strip("/")
    pages = sorted(root.glob("problems/*/index.html"), key=lambda path: path.stat().st_size)
    visitor = await enter(language)
    for longest in pages[-5:]:
        await visitor.open(f"{longest.parent.relative_to(root).as_posix()}/")
        # Both of its sides.
        assert await _sides(visitor.page) <= 2, longest
    await visitor.open("problems/no-mail-server/")
    assert await _sides(visitor.page) == 1


@in_the_longer_language
async def test_a_result_makes_one_clean_sheet(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.check("expired.test", "mediafinanz")
    await _is_clean_on_paper(visitor.page)
    await expect(visitor.page.locator("#check-result .check-verdict")).to_be_visible()
    # Paper has no links.
    more = visitor.page.locator(".check-faq > p:last-child > a")
    written = await more.evaluate("one => getComputedStyle(one, '::after').content")
    assert await more.get_attribute("href") in written
    assert await _sides(visitor.page) == 1
