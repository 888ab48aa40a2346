"""What a visitor takes along from a result: above all the letter, completed."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import Enter
from tests.browser.expected import START, squeeze, words
from tests.browser.paste import paste, pretend
from tests.browser.turns import in_a_language
from tests.browser.visitor import CHECK, Visitor
from tests.site.test_letters import PLACEHOLDERS

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER = {"de": "en", "en": "de"}

GAP = re.compile(r"\[[^\[\]\n]+\]")

NAME = {"de": "[Name]", "en": "[name]"}

ONLY_THE_READER_KNOWS = {
    "[Name]",
    "[Fehlerbericht]",
    "[Adresse oder Domain des Absenders]",
    "[meine Adresse]",
    "[Datum, ungefähre Uhrzeit]",
}

LETTERS = {
    "expired.test": ("mx.expired.test:25", "mx.expired.test"),
    "wrong-name.test": ("www.somebody-else.test", "mx.wrong-name.test"),
    "tls-1-1-only.test": ("TLS 1.1", "mx.tls-1-1-only.test:25"),
    "dh-512.test": ("512 ", "mx.dh-512.test:25"),
    "starttls-454.test": ("454 4.7.0 TLS not available at the moment",),
    "unknown-ca.test": ("Private Root",),
    "mx-ip-address.test": ("192.0.2.1", "dig MX mx-ip-address.test"),
    "alert-at-handshake.test": ("tls alert handshake failure",),
}
"""Domain -> what its letter holds in either language."""


def letter(visitor: Visitor, prefix: str = "check") -> Locator:
    """The letter in a result, whether it is open or not."""
    return visitor.page.locator(f"#{prefix}-letter .handover")


async def text_of(box: Locator) -> str:
    """The text that is ready to be taken along."""
    return await box.locator("pre").text_content() or ""


async def check_and_open(visitor: Visitor, domain: str, operator: str = "careful") -> Locator:
    """Check a domain and open the letter of its result."""
    await visitor.check(domain, operator)
    await visitor.page.click("#check-letter > summary")
    return letter(visitor)


async def test_every_place_of_a_letter_is_filled_in_or_is_the_reader_s_to_fill_in() -> None:
    german, english = (
        [f"[{place}]" for place in words(language)["letter"]["places"].values()]
        for language in ("de", "en")
    )
    assert [PLACEHOLDERS[place] for place in german] == english
    assert set(german) | ONLY_THE_READER_KNOWS == set(PLACEHOLDERS)


@in_a_language
async def test_the_letter_holds_what_the_check_found_out(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    for domain, facts in LETTERS.items():
        box = await check_and_open(visitor, domain)
        text = await text_of(box)
        assert text.startswith(words(language)["letter"]["subject"])
        assert all(fact in squeeze(text) for fact in (domain, " UTC", *facts)), text
        assert GAP.findall(text) == [NAME[language]]
        await expect(box.locator("mark")).to_have_text([NAME[language]])
        await expect(box.locator(".handover__gaps")).to_contain_text(NAME[language])
        (address,) = re.findall(r"^http\S+#admin$", text, re.MULTILINE)
        assert address.startswith(f"{visitor.origin}{START[language]}problems/")


async def test_the_answer_leads_to_the_letter_where_the_provider_has_to_act(enter: Enter) -> None:
    visitor = await enter("de")
    await visitor.check("expired.test", "mediafinanz")
    await visitor.page.click(".check-verdict a.md-button--primary")
    await expect(letter(visitor)).to_be_in_viewport()
    main = visitor.page.locator(".check-verdict .md-button--primary")
    await visitor.check("healthy.test", "mediafinanz")
    await expect(main).to_have_count(0)
    await visitor.check("connection-refused.test", "mediafinanz")
    await expect(main).to_have_text(words("de")["form"]["again"])
    await visitor.check("null-mx.test", "mediafinanz")
    await main.click()
    await expect(letter(visitor)).to_be_in_viewport()


async def test_mail_servers_that_nobody_asked_are_folded_away(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check("many-servers.test", "mediafinanz")
    servers = visitor.page.locator(".check-servers")
    await expect(servers.locator(":scope > ol > li")).to_have_count(5)
    rest = servers.locator("details")
    text = words("en")["detail"]
    await expect(rest.locator("summary")).to_have_text(
        f"{text['mail_server']}: {text['not_tried']} (26)"
    )
    await expect(rest.locator("ol")).to_have_attribute("start", "6")
    await expect(rest.locator("ol > li")).to_have_count(26)


@in_a_language
async def test_the_letter_is_there_in_both_languages(enter: Enter, language: str) -> None:
    other = OTHER[language]
    visitor = await enter(language, "problems/tls-version/")
    box = await check_and_open(visitor, "expired.test")
    await expect(box.locator("pre")).to_have_attribute("lang", language)
    await box.locator(f"[data-language={other}]").click()
    await expect(box.locator("pre")).to_have_attribute("lang", other)
    text = await text_of(box)
    assert text.startswith(words(other)["letter"]["subject"])
    assert GAP.findall(text) == [NAME[other]]
    assert f"{START[other]}problems/certificate-expired/#admin" in text
    pressed = {"de": "Deutsch", "en": "English"}[other]
    await expect(box.locator("[aria-pressed=true]")).to_have_text(pressed)
    await box.locator(f"[data-language={language}]").click()
    await expect(box.locator("pre")).to_have_attribute("lang", language)


async def test_a_letter_that_cannot_be_fetched_leaves_the_other(enter: Enter) -> None:
    visitor = await enter("en")
    box = await check_and_open(visitor, "expired.test")
    await visitor.page.route("**/problems/**", lambda route: route.abort())
    await box.locator("[data-language=de]").click()
    await expect(box).to_contain_text(words("en")["handover"]["missing"])
    assert (await text_of(box)).startswith("Subject:")
    visitor.forgive("Failed to load resource")


@in_a_language
async def test_the_letter_can_be_copied(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box = await check_and_open(visitor, "expired.test")
    await box.get_by_text(words(language)["handover"]["copy"], exact=True).click()
    await expect(box.locator(".handover__said")).to_have_text(words(language)["handover"]["copied"])
    copied = await visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\r", "") == await text_of(box)


@in_a_language
async def test_the_letter_opens_as_an_e_mail_to_nobody_yet(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    box = await check_and_open(visitor, "expired.test")
    address = await box.locator("a[href^='mailto:']").get_attribute("href")
    parts = urlsplit(address or "")
    assert parts.path == ""
    fields = {name: value for name, (value,) in parse_qs(parts.query).items()}
    text = await text_of(box)
    label = words(language)["letter"]["subject"]
    first, _, rest = text.partition("\n")
    assert first == f"{label} {fields['subject']}"
    assert fields["body"].replace("\r\n", "\n") == rest.strip()
    assert "+" not in unquote(parts.query).partition("subject=")[2].partition("&")[0]
    hint = words(language)["handover"]["not_there"].format(domain="expired.test")
    await expect(box).to_contain_text(hint)


async def test_only_the_letter_is_printed(enter: Enter) -> None:
    visitor = await enter("en")
    box = await check_and_open(visitor, "expired.test")
    await visitor.page.evaluate("window.print = () => { window.printed = true; }")
    await box.get_by_text(words("en")["handover"]["print"], exact=True).click()
    assert await visitor.page.evaluate("window.printed")
    await visitor.page.emulate_media(media="print")
    await expect(box.locator("pre")).to_be_visible()
    assert (await visitor.page.inner_text("body")).strip() == (await text_of(box)).strip()
    await visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    await expect(visitor.page.locator("#check-outcome")).to_be_visible()


async def test_a_button_can_be_read_also_with_the_focus(enter: Enter) -> None:
    visitor = await enter("en")
    box = await check_and_open(visitor, "expired.test")
    button = box.get_by_text(words("en")["handover"]["print"], exact=True)
    colours = "(one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    plain = await button.evaluate(colours)
    await button.focus()
    await expect(button).not_to_have_css("background-color", plain[1])
    await expect(button).to_have_css("color", "rgb(255, 255, 255)")


async def test_a_printed_result_is_the_result_alone(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check("expired.test")
    await visitor.page.emulate_media(media="print")
    shown = visitor.page.locator(":is(h1, h2, h3):visible")
    assert [" ".join(text.split()) for text in await shown.all_inner_texts()] == [
        "Why did the e-mail not arrive?",
        "No: an e-mail from a careful sender to expired.test would not arrive.",
        words("en")["journey"]["title"],
        "What it means and what you can do Certificate has expired",
        "The mail servers one by one",
    ]
    await expect(visitor.page.locator("#check-result .journey")).to_be_visible()
    await expect(visitor.page.locator(":is(button, input, select):visible")).to_have_count(0)


async def test_the_letter_can_be_saved(enter: Enter) -> None:
    visitor = await enter("de")
    box = await check_and_open(visitor, "expired.test")
    async with visitor.page.expect_download() as saving:
        await box.get_by_text(words("de")["handover"]["save"], exact=True).click()
    path = await (await saving.value).path()
    assert path.read_text("utf-8") == await text_of(box)


async def test_a_server_cannot_put_a_command_into_the_letter(enter: Enter) -> None:
    visitor = await enter("en")
    host = "mx.$(reboot).test"

    async def poison(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        for part in [real["problems"][0], real["attempts"][0], real["route"]["mail_servers"][0]]:
            part["host"] = host
        real["problems"][0]["evidence"] = {"not_after": "<img src=x>"}
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", poison)
    box = await check_and_open(visitor, "expired.test")
    text = await text_of(box)
    assert "reboot" not in text
    assert "[mail server]:25" in text
    plain = words("en")["reason"]["problem"]["certificate-expired"]["plain"]
    assert plain[1:] in text
    assert await box.locator("img").count() == 0


@in_a_language
async def test_a_report_fills_the_letter_in_as_far_as_it_tells(enter: Enter, language: str) -> None:
    visitor = await enter(language, "came-back/")
    report = (
        "<anna@expired.test>: Server certificate not verified: "
        "host mx.expired.test[192.0.2.1]: certificate has expired"
    )
    await pretend(visitor.page, report)
    await paste(visitor, report)
    await visitor.page.click("#paste-0-letter > summary")
    text = await text_of(letter(visitor, "paste-0"))
    assert "expired.test" in text
    assert GAP.findall(text)
