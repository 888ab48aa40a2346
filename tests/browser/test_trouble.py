"""What a visitor is told when a check could not be done, and while it takes its time."""

import asyncio
import json

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import Enter
from tests.browser.expected import words
from tests.browser.turns import in_a_language
from tests.browser.visitor import ANSWERED, CHECK, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

RESOURCE_FAILED = "Failed to load resource"
PATTERN = f"**{CHECK}"


async def ask(visitor: Visitor, domain: str = "healthy.test") -> None:
    """Type a domain and press the button."""
    await visitor.fill(domain)
    await visitor.submit()


def again(visitor: Visitor) -> Locator:
    """The button that tries again."""
    label = words(visitor.language)["waiting"]["again"]
    return visitor.page.locator("#check-trouble").get_by_role("button", name=label)


async def refuse(page: Page, headers: dict[str, str], **members: object) -> None:
    """Have the function refuse every check."""

    async def answer(route: Route) -> None:
        await route.fulfill(
            status=429, headers=headers, content_type="application/json", body=json.dumps(members)
        )

    await page.route(PATTERN, answer)


@in_a_language
async def test_a_countdown_tells_when_to_try_again(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.page.clock.install()
    await refuse(visitor.page, {}, code="too-many-checks", retry_after=75)
    await ask(visitor)
    waiting = words(language)["waiting"]
    box = visitor.page.locator("#check-trouble")
    await expect(again(visitor)).to_be_disabled()
    await expect(box.locator(".admonition-title")).to_be_focused()
    await expect(box).to_contain_text(waiting["possible_in"].partition("{")[0])
    await visitor.page.clock.fast_forward(30_000)
    await expect(box.locator(".check-trouble__wait")).to_contain_text("0:4")
    await visitor.page.unroute(PATTERN)
    await visitor.page.clock.fast_forward(46_000)
    await expect(again(visitor)).to_be_enabled()
    await expect(box.get_by_role("status")).to_have_text(waiting["possible"])
    await again(visitor).click()
    await visitor.page.wait_for_selector(ANSWERED)
    await expect(box).to_be_hidden()
    visitor.forgive(RESOURCE_FAILED)


async def test_what_a_platform_says_in_its_header_counts_as_well(enter: Enter) -> None:
    visitor = await enter()
    await refuse(visitor.page, {"Retry-After": "600"})
    await ask(visitor)
    await expect(visitor.page.locator(".check-trouble__wait")).to_contain_text(
        words("en")["waiting"]["possible_in"].partition("{")[0]
    )
    await expect(again(visitor)).to_be_disabled()
    visitor.forgive(RESOURCE_FAILED)


async def test_without_a_connection_nothing_is_lost(enter: Enter) -> None:
    visitor = await enter()
    await visitor.page.wait_for_load_state("networkidle")
    await visitor.page.context.set_offline(True)
    await ask(visitor)
    box = visitor.page.locator("#check-trouble")
    await expect(box).to_have_attribute("data-reason", "offline")
    await visitor.page.context.set_offline(False)
    await again(visitor).click()
    await visitor.page.wait_for_selector(ANSWERED)
    visitor.complaints.clear()


async def test_who_never_answers_is_not_waited_for_for_ever(enter: Enter) -> None:
    visitor = await enter()
    await visitor.page.clock.install()
    silent = asyncio.Event()

    async def hold(_route: Route) -> None:
        silent.set()

    await visitor.page.route(PATTERN, hold)
    await ask(visitor)
    await silent.wait()
    progress = visitor.page.locator("#check-progress")
    await expect(progress).to_contain_text(words("en")["waiting"]["start"])
    await visitor.page.clock.fast_forward(20_000)
    await expect(progress.locator(".check__elapsed")).to_contain_text("0:2")
    await visitor.page.clock.fast_forward(20_000)
    box = visitor.page.locator("#check-trouble")
    await expect(box).to_have_attribute("data-reason", "timed-out")
    await expect(again(visitor)).to_be_enabled()
    await expect(progress).to_be_hidden()
    await again(visitor).click()
    await expect(progress).to_be_visible()
    await expect(visitor.page.locator("#check-form [type=submit]")).to_be_focused()


async def test_who_wants_no_checks_is_not_asked_again(enter: Enter) -> None:
    visitor = await enter()
    body = json.dumps({"code": "opted-out"})
    await visitor.page.route(PATTERN, lambda route: route.fulfill(status=403, body=body))
    await ask(visitor)
    await expect(visitor.page.locator("#check-trouble")).to_be_visible()
    await expect(again(visitor)).to_be_hidden()
    visitor.forgive(RESOURCE_FAILED)


async def test_steps_are_read_out_without_chattering(enter: Enter) -> None:
    visitor = await enter()
    await visitor.page.clock.install()
    await visitor.page.clock.pause_at(4_000_000_000_000)
    await visitor.page.evaluate("""() => {
      window.heard = [];
      const status = document.getElementById("check-status");
      const hear = () => status.textContent && heard.push(status.textContent);
      new MutationObserver(hear).observe(status, { childList: true });
    }""")
    await ask(visitor, "many-servers.test")
    await visitor.page.wait_for_selector(ANSWERED)
    assert await visitor.page.evaluate("heard") == [words("en")["waiting"]["start"]]


FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_moves_when_the_result_arrives(enter: Enter, width: int) -> None:
    visitor = await enter(width=width)
    await visitor.page.wait_for_load_state("networkidle")
    # That the page makes room at the click is the visitor's doing, however late a busy machine is.
    await ask(visitor, "greeting-slow.test")
    await expect(visitor.page.locator("#check-progress")).to_be_visible()
    await visitor.page.evaluate(FRAMES)
    await visitor.page.evaluate("""() => {
      window.moved = 0;
      window.watching = new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) moved += value;
      });
      watching.observe({ type: "layout-shift" });
    }""")
    await visitor.page.wait_for_selector(ANSWERED)
    await visitor.page.evaluate(FRAMES)
    # Less than what a digit of the clock moves.
    assert await visitor.page.evaluate("moved") < 0.001
