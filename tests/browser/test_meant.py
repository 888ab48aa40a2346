"""What the form asks back where something else was probably meant."""

from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import Enter
from tests.browser.expected import squeeze, words
from tests.browser.turns import in_a_language
from tests.browser.visitor import CHECK, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIELD = "#check-domain"
BUTTONS = "#check-meant button"
ASKED = "#check-meant [role=status]"


def _button(visitor: Visitor, name: str, key: str = "check_this") -> Locator:
    text = words(visitor.language)["form"][key].format(name=name)
    return visitor.page.locator(BUTTONS).get_by_text(text, exact=True)


async def _is_described(visitor: Visitor, *sentences: str) -> None:
    """The field has the focus, and whoever cannot see the page is told the sentences with it."""
    await expect(visitor.page.locator(FIELD)).to_be_focused()
    told = await visitor.page.locator(FIELD).evaluate(
        """(field) => field.getAttribute("aria-describedby").split(" ").map(
          (id) => document.getElementById(id).innerText).join(" ")"""
    )
    assert all(squeeze(sentence) in squeeze(told) for sentence in sentences), told


async def test_of_several_addresses_none_is_taken_for_the_last_question(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check("healthy.test")
    await visitor.fill("anna@expired.test, bob@healthy.test")
    await visitor.submit()
    assert await visitor.messages() == [words("en")["errors"]["several"]]


@in_a_language
async def test_of_several_addresses_one_is_checked(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.fill("anna@healthy.test; bob@expired.test, carl@healthy.test")
    await visitor.submit()
    assert await visitor.messages() == [words(language)["errors"]["several"]]
    await _is_described(visitor, words(language)["errors"]["several"])
    assert visitor.checks() == []
    await expect(visitor.page.locator(BUTTONS)).to_have_count(2)
    await _button(visitor, "bob@expired.test").click()
    assert "expired.test" in (await visitor.read()).verdict
    await expect(visitor.page.locator(FIELD)).to_have_value("bob@expired.test")
    await expect(visitor.page.locator(BUTTONS)).to_have_count(0)


@in_a_language
@pytest.mark.parametrize("typed", ["www.healthy.test", "https://www.healthy.test/kontakt"])
async def test_who_types_a_website_is_asked_for_the_domain(
    enter: Enter, language: str, typed: str
) -> None:
    visitor = await enter(language)
    await visitor.fill(typed)
    await visitor.page.press(FIELD, "Enter")
    question = words(language)["form"]["meant"].format(domains="healthy.test")
    await expect(visitor.page.locator(ASKED)).to_have_text(question)
    await _is_described(visitor, question)
    assert visitor.checks() == []
    # It is asked in the way of the keyboard, too.
    await visitor.page.keyboard.press("Shift+Tab")
    await visitor.page.keyboard.press("Shift+Tab")
    await expect(_button(visitor, "healthy.test")).to_be_focused()
    await visitor.page.keyboard.press("Enter")
    result = await visitor.read()
    assert "healthy.test" in result.verdict
    assert "www." not in result.verdict
    await expect(visitor.page.locator(FIELD)).to_have_value("healthy.test")
    await expect(visitor.page.locator(BUTTONS)).to_have_count(0)


async def test_a_name_that_begins_like_a_website_can_be_checked(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.fill("anna@www.healthy.test")
    await visitor.submit()
    await _button(visitor, "www.healthy.test", "check_anyway").click()
    result = await visitor.read()
    assert "www.healthy.test" in result.verdict
    # Whoever asks the same once more is not asked again.
    async with visitor.page.expect_request(f"**{CHECK}"):
        await visitor.submit()
    assert "www.healthy.test" in (await visitor.read()).verdict


@in_a_language
async def test_a_slip_is_mended_with_one_click(enter: Enter, language: str) -> None:
    visitor = await enter(language)

    async def resembling(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        for problem in real["problems"]:
            if problem["id"] == "domain-not-found":
                problem["evidence"]["alike"] = ["healthy.test", "expired.test"]
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", resembling)
    result = await visitor.check("anna@heatlhy.test")
    joined = {"de": "healthy.test oder expired.test", "en": "healthy.test or expired.test"}
    question = words(language)["form"]["meant"].format(domains=joined[language])
    outcome = await visitor.page.locator("#check-outcome").inner_text()
    assert result.focused == "check-domain"
    await _is_described(visitor, question, outcome)
    await expect(visitor.page.locator(FIELD)).to_be_in_viewport()
    await _button(visitor, "healthy.test").click()
    await expect(visitor.page.locator("#check-outcome")).to_contain_text("healthy.test")
    await expect(visitor.page.locator(FIELD)).to_have_value("anna@healthy.test")
    await expect(visitor.page.locator(BUTTONS)).to_have_count(0)


async def test_what_resembles_nothing_is_corrected_in_the_field(enter: Enter) -> None:
    visitor = await enter("en")
    result = await visitor.check("anna@does-not-exist.test")
    assert result.focused == "check-domain"
    assert await visitor.page.locator(ASKED).inner_text() == ""
    await _is_described(visitor, await visitor.page.locator("#check-outcome").inner_text())
