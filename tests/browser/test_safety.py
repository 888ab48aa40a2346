"""The Content Security Policy in a real browser: nothing of ours needs more, and it holds."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route, expect

from checker.function import security
from tests.browser.conftest import Enter
from tests.browser.expected import squeeze, words
from tests.browser.paste import UNVERIFIED, paste, told
from tests.browser.turns import in_a_language
from tests.browser.visitor import CHECK

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER_PAGES = (
    "no-mail/",
    "senders/mediafinanz/",
    "problems/certificate-expired/#letter",
    "basics/tls/",
    "servers/",
    "tickets/",
)

# None of these is made by a script that the policy trusts: all are what a stranger could bring in.
INJECT = """() => {
  const broken = new Set();
  const told = new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      broken.add(effectiveDirective);
      if (broken.size === 5) resolve();
    });
  });
  const add = (tag, attributes, text = "") => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = text;
    document.body.append(node);
    return node;
  };
  globalThis.owned = [];
  add("script", {}, "owned.push('inline')");
  add("script", { src: "https://elsewhere.test/a.js" });
  add("button", { onclick: "owned.push('handler')" }).click();
  add("p", { style: "color: red" });
  add("iframe", { src: "https://elsewhere.test/" });
  add("a", { href: "javascript:owned.push('address')" }).click();
  fetch("https://elsewhere.test/").catch(() => {});
  return told.then(() => ({ broken: [...broken].sort(), owned }));
}"""


async def test_what_a_stranger_brings_in_is_not_run_and_asks_nobody(enter: Enter) -> None:
    visitor = await enter()
    await visitor.page.wait_for_load_state()
    assert await visitor.page.evaluate(INJECT) == {
        "broken": [
            "connect-src",
            "frame-src",
            "script-src-attr",
            "script-src-elem",
            "style-src-attr",
        ],
        "owned": [],
    }
    visitor.forgive("Content Security Policy")
    visitor.requests.clear()


async def test_a_whole_visit_breaks_no_policy(enter: Enter) -> None:
    visitor = await enter()
    page = visitor.page
    response = await page.reload()
    assert response
    assert "default-src 'none'" in response.headers["content-security-policy"]
    # Light, dark, and as the system has it.
    for _ in range(2):
        await page.locator("label[for^=__palette]:visible").click()
    await expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    await paste(visitor, UNVERIFIED)
    await told(visitor)
    await visitor.check("expired.test", "mediafinanz")
    await page.locator("details[id$=-letter] > summary").first.click()
    await page.evaluate(
        "() => { globalThis.print = () => dispatchEvent(new Event('afterprint')); }"
    )
    for button in await page.locator(".handover button:visible").all():
        await button.click()
    await page.emulate_media(media="print")
    await page.emulate_media(media="screen")
    for path in OTHER_PAGES:
        await visitor.open(path)
        await page.wait_for_load_state()
    # That no complaint stands in the console is seen to by the fixture.


@pytest.mark.parametrize("path", ["/p/tls-version/", "/o/profihost/", "/404.html", "/nowhere/"])
async def test_the_pages_of_no_language_break_no_policy(enter: Enter, path: str) -> None:
    visitor = await enter("de", path.removeprefix("/"))
    await visitor.page.wait_for_load_state()
    if path == "/nowhere/":
        visitor.forgive("404")


async def test_a_host_that_sends_no_headers_is_as_safe(enter: Enter, site: Path) -> None:
    visitor = await enter()
    policy = security.read(site)[security.POLICY]

    async def bare(route: Route) -> None:
        answer = await route.fetch()
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() != security.POLICY.lower()
        }
        await route.fulfill(response=answer, headers=headers)

    await visitor.page.route("**/en/", bare)
    response = await visitor.page.reload()
    assert response
    assert policy not in response.headers.values()
    assert (await visitor.page.evaluate(INJECT))["owned"] == []
    visitor.forgive("Content Security Policy")
    visitor.requests.clear()


async def test_a_hostile_server_s_words_and_names_are_text_and_nothing_else(enter: Enter) -> None:
    visitor = await enter()
    result = await visitor.check("hostile-certificate.test", "mediafinanz")
    assert "<script>alert(3)</script>.test" in result.technical
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in result.technical
    page = visitor.page
    await page.eval_on_selector_all(
        "#check-result details", "all => all.forEach((one) => (one.open = true))"
    )
    shown = await page.locator("#check-result").inner_text()
    assert "img src=x onerror=alert(4)" in shown
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(shown)
    smuggled = page.locator("#check-result :is(script, img, iframe, object, style)")
    assert await smuggled.count() == 0


# Half a character is left where the letter's longest value is cut. In an address the characters
# before it are as long as any can be.
REPLY = (
    "<img src=x onerror=alert(5)>\n\n\u202e"
    + "\N{PILE OF POO}" * 20
    + "\N{CJK UNIFIED IDEOGRAPH-6F22}" * 60
    + "\N{PILE OF POO}" * 150
)


@in_a_language
async def test_a_hostile_reply_can_be_sent_on_in_a_letter(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    page = visitor.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    async def poison(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        real["problems"][0]["evidence"] = {"code": 550, "text": REPLY}
        await route.fulfill(json=real)

    await page.route(f"**{CHECK}", poison)
    await visitor.check("greeting-554.test", "mediafinanz")
    await page.locator("details[id$=-letter] > summary").click()
    box = page.locator(".handover")
    letter = await box.locator("pre").inner_text()
    assert "<img src=x onerror=alert(5)> " + "\N{PILE OF POO}" * 20 in squeeze(letter)
    assert not {"Cf", "Cs"} & {unicodedata.category(character) for character in letter}
    # An address that is too long opens nothing, so the text goes the other way.
    link = box.locator("a[href^='mailto:']")
    address = await link.get_attribute("href") or ""
    assert "body=" not in address
    await link.evaluate(
        "(link) => link.addEventListener('click', (event) => event.preventDefault())"
    )
    await link.click()
    await expect(box).to_contain_text(words(language)["handover"]["too_long"])
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\r", "").split() == letter.split()
