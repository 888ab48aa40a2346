"""Whoever follows a link out of a bounce."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.conftest import Enter
from tests.browser.expected import START, words
from tests.browser.turns import in_a_language
from tests.browser.visitor import Visitor
from tests.serving import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = {
    "p/certificate-expired/": "problems/certificate-expired/",
    "o/profihost/": "senders/profihost/",
}


async def _arrive(visitor: Visitor, place: str, **known: str) -> Locator:
    """Open a link; the part in the visitor's language."""
    await visitor.page.goto(f"{visitor.origin}/{place}?{urlencode(known)}")
    return visitor.page.locator(f"section[lang={visitor.language}]")


@in_a_language
@pytest.mark.parametrize("place", PLACES)
async def test_the_domain_is_named_and_checking_it_comes_first(
    enter: Enter, language: str, place: str
) -> None:
    visitor = await enter(language)
    part = await _arrive(visitor, place, domain="Secret.Name@müller.test", operator="mediafinanz")
    first = part.get_by_role("link").first
    label = words(language)["site"]["permalink_check_domain"].format(domain="müller.test")
    await expect(first).to_have_text(label)
    await expect(part.locator(".main")).to_have_text(label)
    assert "Secret" not in await visitor.page.locator("body").inner_text()
    await first.click()
    await visitor.page.wait_for_url(f"**{START[language]}{PLACES[place]}?*#check")
    await expect(visitor.page.locator("#check-domain")).to_have_value("Secret.Name@müller.test")
    await expect(visitor.page.locator("#check-operator")).to_have_value("mediafinanz")
    assert visitor.checks() == []


@pytest.mark.parametrize("place", PLACES)
async def test_without_a_domain_the_explanation_comes_first(enter: Enter, place: str) -> None:
    visitor = await enter("en")
    for known in ({}, {"operator": "careful"}, {"domain": ""}):
        part = await _arrive(visitor, place, **known)
        text = words("en")["site"]
        labels = [text["permalink_more"], text["permalink_check"]]
        await expect(part.get_by_role("link")).to_have_text(labels)
        await expect(part.locator(".main")).to_have_text(text["permalink_more"])


@pytest.mark.parametrize(
    "typed",
    [
        "<img src=x onerror=alert(1)>.test",
        "Call 0190 123456. Now",
        "https://evil.test/",
        "exam\u202eple.test",
        "localhost",
        "x" * 250 + ".test",
        "a.test\nb.test",
    ],
)
async def test_nothing_but_a_name_is_shown(enter: Enter, typed: str) -> None:
    visitor = await enter("en")
    part = await _arrive(visitor, "p/tls-version/", domain=typed)
    await expect(part.get_by_role("link").last).to_have_text(words("en")["site"]["permalink_check"])
    # The form says what is wrong with it.
    target = await part.get_by_role("link").last.get_attribute("href") or ""
    assert parse_qs(urlsplit(target).query)["domain"] == [typed]


@pytest.mark.parametrize(
    ("locale", "first"),
    [("de-AT", "de"), ("en-GB", "en"), ("en", "en"), ("fr-FR", "de")],
)
async def test_the_browser_s_language_comes_first(
    browser: Browser, server: Server, locale: str, first: str
) -> None:
    context = await browser.new_context(locale=locale)
    page = await context.new_page()
    await page.goto(f"{server.origin}/p/tls-version/")
    parts = page.locator("section")
    spoken = [first, "en" if first == "de" else "de"]
    assert await parts.evaluate_all("parts => parts.map(({ lang }) => lang)") == spoken
    await expect(page.locator("html")).to_have_attribute("lang", first)
    await context.close()
