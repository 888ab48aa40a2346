"""Looking again by itself, every few minutes, for who mends a mail server."""

from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from checker.function.interface import FRESH, RESULT_LIFETIME
from tests.browser.conftest import Enter
from tests.browser.expected import words
from tests.browser.turns import in_a_language
from tests.browser.visitor import CHECK, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERY = RESULT_LIFETIME * 1_000
MINUTES = RESULT_LIFETIME // 60
HOUR = 3_600_000
FINE: dict[str, Any] = {
    "outcome": "delivers",
    "disposition": "accepted",
    "when": None,
    "report_to": None,
    "problems": [
        {"id": "no-problem-found", "decisive": True, "host": None, "address": None, "evidence": {}}
    ],
}
HIDE = """((hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
})"""


async def _watching(visitor: Visitor) -> Locator:
    """Check, and have it looked again; the box that tells of it."""
    await visitor.page.clock.install()
    await visitor.check("expired.test", "mediafinanz")
    await visitor.unfold()
    label = words(visitor.language)["watch"]["start"].format(minutes=MINUTES)
    await visitor.page.get_by_role("button", name=label).click()
    box = visitor.page.locator(".check-watch")
    await expect(box.get_by_role("button")).to_be_focused()
    return box


async def _after(visitor: Visitor, milliseconds: int) -> None:
    await visitor.page.clock.run_for(milliseconds)
    await visitor.page.wait_for_load_state("networkidle")


async def _answer(visitor: Visitor, **changed: object) -> None:
    async def answer(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        await route.fulfill(json=real | changed)

    await visitor.page.route(f"**{CHECK}", answer)


@in_a_language
async def test_it_looks_again_until_the_mail_gets_through(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    text = words(language)
    expired = text["problem"]["certificate-expired"]
    box = await _watching(visitor)
    await expect(box).to_contain_text(text["watch"]["running"].format(minutes=MINUTES))
    # It cannot begin twice.
    await expect(visitor.page.locator(".check-begin")).to_be_hidden()
    await _after(visitor, 30_000)
    await expect(box).to_contain_text(text["watch"]["next"].partition("{")[0] + "4:")
    assert len(visitor.checks()) == 1
    await visitor.page.locator(".check-technical > summary").click()
    await _after(visitor, EVERY)
    news = box.get_by_role("status")
    await expect(news).to_contain_text(text["again"]["unchanged"].format(now=expired))
    # What somebody is reading stays as it is.
    await expect(visitor.page.locator(".check-technical dl").first).to_be_visible()
    await _answer(visitor, **FINE)
    await _after(visitor, EVERY)
    await expect(news).to_contain_text(
        text["again"]["changed"].format(before=expired, now=text["again"]["fine"])
    )
    await expect(news).to_contain_text(text["watch"]["fine"])
    await expect(visitor.page.locator("#check-result .check-delivers")).to_be_visible()
    await expect(visitor.page.locator("#check-outcome")).to_be_focused()
    await _after(visitor, EVERY)
    sent = [request.post_data or "" for request in visitor.checks()]
    assert ["fresh=1" in fields for fields in sent] == [False, True, True]
    # All of these looks are granted.
    assert FRESH.seconds <= RESULT_LIFETIME


async def test_it_ends_after_an_hour_and_says_so(enter: Enter) -> None:
    visitor = await enter("en")
    box = await _watching(visitor)
    for _ in range(HOUR // EVERY + 2):
        await _after(visitor, EVERY)
    await expect(box.get_by_role("status")).to_contain_text(words("en")["watch"]["over"])
    await expect(box.get_by_role("button")).to_have_count(0)
    assert 2 <= len(visitor.checks()) <= HOUR // EVERY


async def test_it_looks_only_while_somebody_looks_at_the_page(enter: Enter) -> None:
    visitor = await enter("en")
    await _watching(visitor)
    await visitor.page.evaluate(f"{HIDE}(true)")
    await _after(visitor, 3 * EVERY)
    assert len(visitor.checks()) == 1
    async with visitor.page.expect_response(f"**{CHECK}"):
        await visitor.page.evaluate(f"{HIDE}(false)")
    assert len(visitor.checks()) == 2


@pytest.mark.parametrize("how", ["button", "check"])
async def test_it_can_be_ended(enter: Enter, how: str) -> None:
    visitor = await enter("en")
    box = await _watching(visitor)
    if how == "button":
        await box.get_by_role("button", name=words("en")["watch"]["stop"]).click()
        await expect(visitor.page.locator("#check-outcome")).to_be_focused()
    else:
        await visitor.check("healthy.test")
    await expect(box).to_have_count(0)
    asked = len(visitor.checks())
    await _after(visitor, EVERY + 2_000)
    assert len(visitor.checks()) == asked


async def test_it_waits_as_long_as_it_is_told_to(enter: Enter) -> None:
    visitor = await enter("en")
    box = await _watching(visitor)

    async def refuse(route: Route) -> None:
        body = {"title": "x", "status": 429, "code": "too-many-checks", "retry_after": 600}
        await route.fulfill(status=429, content_type="application/problem+json", json=body)

    await visitor.page.route(f"**{CHECK}", refuse)
    await _after(visitor, EVERY + 2_000)
    text = words("en")["watch"]
    await expect(box.get_by_role("status")).to_have_text(text["failed"])
    await expect(visitor.page.locator("#check-outcome")).to_be_visible()
    await visitor.page.clock.run_for(2_000)
    await expect(box).to_contain_text(text["next"].partition("{")[0] + "9:5")
    visitor.forgive("Failed to load resource")


async def test_it_is_offered_only_where_there_is_something_to_wait_for(enter: Enter) -> None:
    visitor = await enter("en")
    button = visitor.page.get_by_role(
        "button", name=words("en")["watch"]["start"].partition(" {")[0]
    )
    await visitor.check("healthy.test")
    await visitor.unfold()
    await expect(button).to_have_count(0)
    await visitor.check("connection-refused.test")
    await expect(button).to_be_visible()
