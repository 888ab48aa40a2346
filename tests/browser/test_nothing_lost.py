"""What was asked and answered stays with a visitor who goes on through the site."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Enter
from tests.browser.expected import words
from tests.browser.turns import in_a_language
from tests.browser.visitor import ANSWERED, CHECK, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADDRESS = "Secret.Name@expired.test"
LINK = "?domain=anna%40no-starttls.test&operator=profihost"
OTHER = {"de": "en", "en": "de"}


async def _switch(visitor: Visitor) -> None:
    """Choose the other language."""
    visitor.language = OTHER[visitor.language]
    await visitor.page.click(f".languages__link[hreflang={visitor.language}]")
    await expect(visitor.page.locator("html")).to_have_attribute("lang", visitor.language)


async def _holds(visitor: Visitor, address: str, operator: str) -> None:
    await expect(visitor.page.locator("#check-domain")).to_have_value(address)
    await expect(visitor.page.locator("#check-operator")).to_have_value(operator)


async def _shows(visitor: Visitor) -> str:
    """The page shows an answer, and no more than one check was made for it; the outcome."""
    await visitor.page.wait_for_selector(ANSWERED)
    assert len(visitor.checks()) == 1
    return await visitor.page.locator("#check-outcome").inner_text()


@in_a_language
@pytest.mark.parametrize("path", ["", "problems/tls-version/", "senders/profihost/"])
async def test_the_other_language_shows_the_same_question_and_answer(
    enter: Enter, language: str, path: str
) -> None:
    visitor = await enter(language, path)
    await visitor.check(ADDRESS, "mediafinanz")
    await _switch(visitor)
    await _holds(visitor, ADDRESS, "mediafinanz")
    said = await _shows(visitor)
    assert said.startswith(words(OTHER[language])["outcome"]["fails-now"].partition(":")[0])
    # Who looked at the answer goes on looking at it.
    await expect(visitor.page.locator("#check-outcome")).to_be_focused()
    await expect(visitor.page.locator("#check-outcome")).to_be_in_viewport()


@pytest.mark.parametrize("path", ["", LINK, "senders/profihost/"])
async def test_back_and_reload_show_what_was_asked_and_answered(enter: Enter, path: str) -> None:
    visitor = await enter("en", path)
    await visitor.check(ADDRESS, "mediafinanz")
    outcome = await _shows(visitor)
    await visitor.page.reload()
    await _holds(visitor, ADDRESS, "mediafinanz")
    assert await _shows(visitor) == outcome
    await expect(visitor.page.locator(".check__linked")).to_be_hidden()
    await visitor.open("about/")
    await visitor.page.go_back()
    await _holds(visitor, ADDRESS, "mediafinanz")
    assert await _shows(visitor) == outcome
    # It is the same question still, so who asks it again wants to know how it is now.
    async with visitor.page.expect_request(f"**{CHECK}") as sent:
        await visitor.submit()
    assert "fresh=1" in ((await sent.value).post_data or "")
    await visitor.read()


@in_a_language
async def test_everything_about_the_problem_begins_with_the_answer(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    await visitor.check(ADDRESS, "mediafinanz")
    outcome = await _shows(visitor)
    text = words(language)["section"]
    await visitor.page.get_by_role("link", name=text["whole_page"]).click()
    await visitor.page.wait_for_url("**/problems/certificate-expired/")
    await _holds(visitor, ADDRESS, "mediafinanz")
    assert await _shows(visitor) == outcome
    # The page is there to be read; it begins at its beginning.
    await expect(visitor.page.locator("h1")).to_be_in_viewport()
    rest = visitor.page.locator("#check-result > details")
    await expect(rest.locator("> summary")).to_have_text(text["whole_result"])
    letter = visitor.page.locator("#check-letter")
    await expect(letter).to_be_hidden()
    await visitor.page.locator(".check-verdict > .check-actions a").first.click()
    await expect(letter.locator("pre")).to_be_visible()
    await expect(letter.locator("> summary")).to_be_in_viewport()
    await visitor.page.go_back()
    await _shows(visitor)
    await expect(letter.locator("> summary")).to_be_visible()


async def test_a_page_about_a_sender_keeps_the_domain_and_its_own_sender(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check(ADDRESS, "mediafinanz")
    await visitor.open("senders/profihost/")
    await _holds(visitor, ADDRESS, "profihost")
    await visitor.page.wait_for_load_state("networkidle")
    await expect(visitor.page.locator("#check-result")).to_be_hidden()
    await visitor.open("problems/tls-version/")
    await _holds(visitor, ADDRESS, "profihost")


async def test_what_was_only_typed_is_kept_as_well(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.fill(ADDRESS, "mediafinanz")
    await _switch(visitor)
    await _holds(visitor, ADDRESS, "mediafinanz")
    await visitor.page.reload()
    await _holds(visitor, ADDRESS, "mediafinanz")
    await expect(visitor.page.locator("#check-result")).to_be_hidden()


async def test_a_link_says_what_it_is_about_whatever_was_asked_before(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check(ADDRESS, "mediafinanz")
    await visitor.open(LINK)
    await _holds(visitor, "anna@no-starttls.test", "profihost")
    await expect(visitor.page.locator(".check__linked")).to_be_visible()
    await expect(visitor.page.locator("#check-result")).to_be_hidden()


async def test_what_is_as_old_as_the_checker_s_own_results_is_not_shown(enter: Enter) -> None:
    visitor = await enter("en")

    async def earlier(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        then = datetime.now(UTC) - timedelta(minutes=5, seconds=2)
        real["attempts"][0]["checked_at"] = then.isoformat()
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", earlier)
    await visitor.check(ADDRESS, "mediafinanz")
    await visitor.page.reload()
    await visitor.page.wait_for_load_state("networkidle")
    await _holds(visitor, ADDRESS, "mediafinanz")
    await expect(visitor.page.locator("#check-result")).to_be_hidden()
    assert len(visitor.checks()) == 1


async def test_no_address_and_no_other_request_learns_of_it(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check(ADDRESS, "mediafinanz")
    await _switch(visitor)
    await _shows(visitor)
    await visitor.page.reload()
    await _shows(visitor)
    assert urlsplit(visitor.page.url).query == ""
    for request in visitor.requests:
        if request not in visitor.checks():
            sent = [request.url, request.post_data or "", *(await request.all_headers()).values()]
            assert not re.search(r"expired\.test|secret", " ".join(sent).lower())
    assert "expired.test" not in await visitor.page.evaluate("JSON.stringify(localStorage)")
    assert await visitor.page.context.cookies() == []


async def test_a_browser_that_keeps_nothing_checks_all_the_same(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException(); } })"
    )
    await visitor.open()
    await visitor.check(ADDRESS)
    await visitor.page.reload()
    await _holds(visitor, "", "careful")
    await visitor.check(ADDRESS)
