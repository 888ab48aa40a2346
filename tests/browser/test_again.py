"""How old a result is, checking again, and sharing the question."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Enter
from tests.browser.expected import START, words
from tests.browser.turns import in_a_language
from tests.browser.visitor import ANSWERED, CHECK, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGO = {"de": "vor 7 Minuten", "en": "7 minutes ago"}


@in_a_language
async def test_a_result_tells_its_age(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.check("expired.test")
    age = visitor.page.locator("#check-result .check-age")
    text = words(language)["age"]
    await expect(age).to_contain_text(text["now"].partition("{")[0])
    await expect(age).to_contain_text(" UTC")
    await expect(age).not_to_contain_text(text["older"])

    async def earlier(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        then = datetime.now(UTC) - timedelta(minutes=7, seconds=20)
        real["attempts"][0]["checked_at"] = then.isoformat()
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", earlier)
    await visitor.check("expired.test")
    await expect(age).to_contain_text(AGO[language])
    seen = visitor.page.locator("#check-result .check-servers .check-address")
    await expect(seen).to_contain_text(words(language)["detail"]["checked_at"])
    await expect(age).to_contain_text(text["older"])


async def test_the_age_grows_while_the_page_stays_open(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.page.clock.install()
    await visitor.check("expired.test")
    await visitor.page.clock.fast_forward(3 * 60_000 + 30_000)
    await expect(visitor.page.locator("#check-result .check-age")).to_contain_text("3 minutes ago")


async def test_checking_again_asks_the_mail_servers_again(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check("expired.test")
    button = visitor.page.get_by_role("button", name=words("en")["form"]["again"])

    async def again() -> None:
        await visitor.unfold()
        await button.click()

    await visitor.fill("healthy.test", "profihost")
    for press in (again, visitor.submit):
        await press()
        await expect(visitor.page.locator("#check-form")).not_to_have_class("check--running")
        await visitor.page.wait_for_selector(ANSWERED)
    await visitor.check("healthy.test")
    asked = [parse_qs(request.post_data or "") for request in visitor.checks()]
    assert [fields.get("fresh") for fields in asked] == [None, ["1"], ["1"], None]
    assert [fields["domain"] for fields in asked] == [["expired.test"]] * 3 + [["healthy.test"]]
    assert {tuple(fields["operator"]) for fields in asked} == {("careful",)}


async def _answers(visitor: Visitor, **changed: object) -> None:
    """Stand in for the function: a real answer with something changed."""

    async def answer(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        await route.fulfill(json=real | changed)

    await visitor.page.unroute(f"**{CHECK}")
    await visitor.page.route(f"**{CHECK}", answer)


async def _press_again(visitor: Visitor) -> None:
    async with visitor.page.expect_response(f"**{CHECK}"):
        await visitor.submit()
    await visitor.page.wait_for_selector(ANSWERED)


@in_a_language
async def test_what_is_no_new_look_says_so_and_when_there_may_be_one(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    text = words(language)["again"]
    await visitor.page.clock.install()
    await visitor.check("expired.test")
    await _answers(visitor, retry_after=42)
    await _press_again(visitor)
    result = visitor.page.locator("#check-result")
    await expect(result).to_contain_text(text["no_new_look"])
    await expect(result).to_contain_text(text["possible_in"].format(time="0:42"))
    await expect(result.locator(".check-change")).to_have_count(0)
    button = result.get_by_role("button", name=words(language)["form"]["again"])
    await visitor.unfold()
    await expect(button).to_be_disabled()
    await visitor.page.evaluate("""() => {
      window.heard = [];
      for (const live of document.querySelectorAll("[role=status], [aria-live]")) {
        new MutationObserver(() => heard.push(live.textContent))
          .observe(live, { childList: true, characterData: true, subtree: true });
      }
    }""")
    await visitor.page.clock.run_for(30_000)
    await expect(result).to_contain_text(text["possible_in"].format(time="0:12"))
    # Whoever listens to the page is not told the time each second.
    assert await visitor.page.evaluate("heard") == []
    await visitor.page.clock.run_for(13_000)
    await expect(result.get_by_role("status").filter(has_text=text["possible"])).to_be_visible()
    assert await visitor.page.evaluate("heard") == [text["possible"]]
    await expect(button).to_be_enabled()
    await _answers(visitor)
    async with visitor.page.expect_request(f"**{CHECK}") as sent:
        await button.click()
    assert "fresh=1" in ((await sent.value).post_data or "")
    await expect(result.locator(".check-change")).to_be_visible()


async def test_the_wait_for_a_new_look_goes_on_after_the_page_was_loaded_again(
    enter: Enter,
) -> None:
    visitor = await enter("en")
    await visitor.check("expired.test")
    await _answers(visitor, retry_after=1_800)
    await _press_again(visitor)
    await visitor.page.reload()
    lead = words("en")["again"]["possible_in"].partition("{")[0]
    await expect(visitor.page.locator("#check-result")).to_contain_text(f"{lead}29:")


@in_a_language
async def test_a_new_look_tells_how_it_was_before_and_is_now(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    text, problem = words(language)["again"], words(language)["problem"]
    told = visitor.page.locator("#check-result .check-change")
    await visitor.check("expired.test", "mediafinanz")
    await expect(told).to_have_count(0)
    await _press_again(visitor)
    expired = problem["certificate-expired"]
    await expect(told).to_have_text(text["unchanged"].format(now=expired))
    mended = [{"id": "no-problem-found", "decisive": True, "host": None, "address": None}]
    fine = {"outcome": "delivers", "disposition": "accepted", "when": None, "report_to": None}
    await _answers(visitor, **fine, problems=[one | {"evidence": {}} for one in mended])
    await _press_again(visitor)
    await expect(told).to_have_text(text["changed"].format(before=expired, now=text["fine"]))
    # Of another question nothing is known from before.
    await visitor.check("healthy.test", "mediafinanz")
    await expect(told).to_have_count(0)


@in_a_language
async def test_the_form_stays_as_it_is_and_the_result_alone_offers_to_check_again(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    text = words(language)["form"]
    button = visitor.page.locator("#check-form [type=submit]")
    place = "(one) => [one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight]"
    before = await button.evaluate(place)
    await visitor.fill("silent.test")
    await visitor.submit()
    await expect(button).to_have_text(text["running"])
    assert await button.evaluate(place) == before
    await visitor.check("expired.test")
    await expect(button).to_have_text(text["submit"])
    assert await button.evaluate(place) == before
    await visitor.unfold()
    await expect(visitor.page.get_by_role("button", name=text["again"])).to_have_count(1)


@in_a_language
async def test_a_shared_link_holds_the_question_and_never_the_answer(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language, "problems/tls-version/")
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visitor.check("Secret.Name@müller.test", "mediafinanz")
    text = words(language)
    await visitor.unfold()
    await visitor.page.get_by_role("button", name=text["age"]["share"]).click()
    await expect(visitor.page.locator("#check-result")).to_contain_text(text["age"]["shared"])
    link = await visitor.page.evaluate("navigator.clipboard.readText()")
    address, query = link.split("?")
    assert address == visitor.origin + START[language]
    assert parse_qs(query) == {"domain": ["müller.test"], "operator": ["mediafinanz"]}

    guest = await enter(language, f"?{query}")
    await expect(guest.page.locator("#check-domain")).to_have_value("müller.test")
    await expect(guest.page.locator("#check-operator")).to_have_value("mediafinanz")
    await expect(guest.page.get_by_text(text["form"]["linked"])).to_be_visible()
    await guest.page.wait_for_load_state("networkidle")
    assert guest.checks() == []


async def test_the_details_can_be_taken_along(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer: dict[str, Any] = {}

    async def listen(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        answer.update(await (await route.fetch(headers=headers)).json())
        await route.fulfill(json=answer)

    await visitor.page.route(f"**{CHECK}", listen)
    await visitor.check("first-starttls-454.test", "mediafinanz")
    await visitor.page.click(".check-technical > summary")
    await expect(visitor.page.locator(".check-technical pre").first).to_have_attribute("lang", "en")
    detail = words("en")["detail"]

    async def copied(label: str) -> str:
        part = visitor.page.locator(".check-technical .check-actions > span", has_text=label)
        await part.get_by_role("button").click()
        await expect(part.get_by_role("status")).to_have_text(words("en")["handover"]["copied"])
        text: str = await visitor.page.evaluate("navigator.clipboard.readText()")
        return text.replace("\r", "")

    assert json.loads(await copied(detail["copy_json"])) == answer
    text = await copied(detail["copy_text"])
    shown = await visitor.page.locator(".check-technical").inner_text()
    for attempt in answer["attempts"]:
        when = datetime.fromisoformat(attempt["checked_at"])
        for fact in [
            f"{attempt['host']} [{attempt['address']}]",
            f"{detail['ehlo_name']}: {attempt['ehlo_name']}",
            f"> EHLO {attempt['ehlo_name']}",
            f"{when:%H:%M:%S} UTC",
        ]:
            assert fact in text
            assert fact.rpartition(": ")[2] in shown


async def test_without_https_copying_works_as_well(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    # Browsers give pages without https no such thing.
    await visitor.page.evaluate("""() => {
      window.reader = navigator.clipboard;
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    }""")
    await visitor.check("healthy.test")
    await visitor.page.click(".check-technical > summary")
    label = words("en")["detail"]["copy_json"]
    button = visitor.page.get_by_role("button", name=label)
    await button.click()
    await expect(visitor.page.locator(".check-technical")).to_contain_text(
        words("en")["handover"]["copied"]
    )
    await expect(button).to_be_focused()
    copied = await visitor.page.evaluate("reader.readText()")
    assert json.loads(copied)["domain"] == "healthy.test"


async def test_a_ticket_is_answered_in_either_language(enter: Enter) -> None:
    visitor = await enter("de")
    await visitor.check("expired.test", "mediafinanz")
    await visitor.page.click(".check-ticket > summary")
    box = visitor.page.locator(".check-ticket .handover")
    for spoken, greeting in {"de": "Guten Tag,", "en": "Hello,"}.items():
        await box.locator(f"[data-language={spoken}]").click()
        await expect(box.locator("pre")).to_have_attribute("lang", spoken)
        text = await box.locator("pre").text_content() or ""
        assert text.startswith(greeting)
        (link,) = [word for word in text.split() if "/p/" in word]
        assert link.startswith(f"{visitor.origin}/p/certificate-expired/?")
        query = parse_qs(urlsplit(link).query)
        assert query == {"domain": ["expired.test"], "operator": ["mediafinanz"]}
        assert text.splitlines()[-1].startswith(
            words(spoken)["ticket"]["checked"].format(domain="expired.test", time="")
        )


async def test_a_ticket_that_cannot_be_fetched_has_a_link_to_all(enter: Enter) -> None:
    visitor = await enter("en")
    await visitor.check("expired.test")
    await visitor.page.route("**/parts.json", lambda route: route.abort())
    summary = visitor.page.locator(".check-ticket > summary")
    await summary.click()
    failed = visitor.page.get_by_role("link", name=words("en")["handover"]["failed"])
    await expect(failed).to_be_visible()
    await visitor.page.unroute("**/parts.json")
    await summary.click()
    await summary.click()
    await expect(visitor.page.locator(".check-ticket .handover")).to_be_visible()
    await expect(failed).to_be_hidden()
    visitor.forgive("Failed to load resource")


async def test_who_has_just_checked_is_not_told_to_check(enter: Enter) -> None:
    visitor = await enter("de")
    result = await visitor.check("expired.test", "mediafinanz")
    await visitor.open("problems/certificate-expired/")
    for kind in ["li", "p"]:
        first = await visitor.page.locator(f"{kind}.before-check").inner_text()
        following = await visitor.page.locator(f"{kind}.before-check + {kind}").inner_text()
        assert " ".join(first.split()) not in result.explanation
        assert " ".join(following.split()) in result.explanation
