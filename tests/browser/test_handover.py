"""What a visitor takes along: the letter, the text for a ticket, and the record of a check."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enter
from tests.browser.expected import sender, words
from tests.browser.turns import in_a_language

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOSING = {
    "de": "Bitte schreiben Sie mir, bis wann Sie den Fehler beheben, und geben Sie mir Bescheid, "
    "sobald er behoben ist.",
    "en": "Please tell me by when you will fix this fault, and let me know as soon as it is fixed.",
}
"""The page's own letter has a line break in it."""

SIGNED = {"de": "Mit freundlichen Grüßen\n[Name]", "en": "Kind regards\n[name]"}


@in_a_language
@pytest.mark.parametrize(
    ("domain", "kept"),
    [
        ("expired.test", "mx.expired.test:25 \\\n  -noservername -verify_hostname mx.expired.test"),
        ("null-mx.test", ""),
    ],
)
async def test_a_letter_wraps_at_any_width(
    enter: Enter, language: str, domain: str, kept: str
) -> None:
    visitor = await enter(language, width=390)
    await visitor.check(domain, "mediafinanz")
    await visitor.page.click("#check-letter > summary")
    shown = visitor.page.locator("#check-letter .handover pre")
    letter = await shown.text_content() or ""
    assert CLOSING[language] in letter.splitlines()
    # What is to be run, and who signs, keeps its lines.
    assert kept in letter
    assert SIGNED[language] in letter
    assert await shown.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")


@in_a_language
async def test_the_text_for_a_ticket_stands_beside_that_for_the_provider(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    await visitor.check("expired.test", "mediafinanz")
    label = words(language)["ticket"]["summary"]
    actions = visitor.page.locator(".check-verdict > .check-actions a")
    await expect(actions).to_have_count(2)
    await expect(actions.nth(1)).to_have_text(label)
    await expect(visitor.page.locator("#check-letter + #check-ticket")).to_be_visible()
    # One action is the main one.
    primary = visitor.page.locator("#check-result .md-button--primary")
    await expect(primary).to_have_count(1)
    await actions.nth(1).click()
    ticket = visitor.page.locator("#check-ticket .handover pre")
    await expect(ticket).to_be_visible()
    _, told, *_ = (await ticket.text_content() or "").split("\n\n")
    # It wraps at any width, like the letter.
    prose, link = told.splitlines()
    assert len(prose) > 80
    assert link.startswith(f"{visitor.origin}/p/certificate-expired/?")


async def test_where_there_is_no_letter_there_is_a_text_for_a_ticket(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check("healthy.test")
    await visitor.page.click("#check-ticket > summary")
    await expect(visitor.page.locator("#check-ticket .handover pre")).to_be_visible()


@in_a_language
async def test_the_record_of_a_check_stands_by_itself(enter: Enter, language: str) -> None:
    visitor = await enter(language, "senders/profihost/")
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visitor.check("Secret.Name@müller.test", "mediafinanz")
    await visitor.page.click(".check-technical > summary")
    text = words(language)
    label = text["detail"]["copy_text"]
    await visitor.page.get_by_role("button", name=label).click()
    await expect(visitor.page.locator(".check-technical")).to_contain_text(
        text["handover"]["copied"]
    )
    record = str(await visitor.page.evaluate("navigator.clipboard.readText()")).replace("\r", "")
    assert "Secret" not in record
    for term, value in {
        "domain": "müller.test (xn--mller-kva.test)",
        "operator": f"{sender(language, 'mediafinanz')} (mediafinanz)",
        "sender": text["detail"]["on"].partition("{")[0],
        "page": f"{visitor.origin}/p/no-problem-found/",
        "mail_servers": "",
    }.items():
        assert f"\n{text['detail'][term]}: {value}" in f"\n{record}"
    stamps = re.findall(rf"^{text['detail']['checked_at']}: (.+)$", record, re.MULTILINE)
    assert len(stamps) > 1
    assert all(re.search(r"\d{4}, \d\d:\d\d:\d\d UTC$", stamp) for stamp in stamps)
    assert re.search(r"^\S+\.test \[[\d.]+\]$", record, re.MULTILINE)
