"""The paste box: what a report says, what may go wrong, and that its text stays where it is."""

import asyncio
import gzip
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Route, expect

from checker.bounce import MAXIMUM_INPUT, Kind
from tests.bounce.tls_reports import failed, policy_on, report_of
from tests.browser.conftest import Enter
from tests.browser.expected import START, in_short, mender, squeeze, words
from tests.browser.paste import (
    PLACES,
    READ,
    REPORT,
    TEXT,
    TITLE,
    UNVERIFIED,
    WORKER,
    answer,
    is_refused,
    paste,
    pretend,
    problem,
    title,
    told,
    unfold,
)
from tests.browser.turns import in_a_language
from tests.browser.visitor import Visitor
from tests.site.pages import page

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOMAIN = "#check-domain"
RUNTIME = "**/assets/runtime/**"

EXPIRED = problem("certificate-expired", "certificate has expired")

WITHOUT_WEBASSEMBLY = "() => { delete globalThis.WebAssembly; }"
WITHOUT_MODULE_WORKERS = """() => {
  const Real = Worker;
  globalThis.Worker = class extends Real { constructor(url) { super(url); } };
}"""

FILES = {
    "empty": ("report.eml", b""),
    "binary": ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
    "msg": ("Report.MSG", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)),
}


def upload(name: str, content: bytes) -> FilePayload:
    """A file as the file button takes it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


async def choose(visitor: Visitor, *files: tuple[str, bytes]) -> None:
    """Choose files with the button."""
    await unfold(visitor.page)
    await visitor.page.set_input_files("#paste-file", [upload(*file) for file in files])


async def go_on(visitor: Visitor) -> None:
    """Let a pretended worker do what it was waiting with."""
    await visitor.page.evaluate("() => new BroadcastChannel('test').postMessage('go on')")


@pytest.mark.parametrize("place", PLACES)
@in_a_language
async def test_a_pasted_report_opens_the_section_of_its_problem(
    enter: Enter, site: Path, language: str, place: str
) -> None:
    visitor = await enter(language, place)
    await pretend(visitor.page, UNVERIFIED)
    text = words(language)
    await paste(visitor, UNVERIFIED)
    report = text["report"]
    said = report["says"].format(problem=text["problem"]["certificate-not-verified"])
    assert (
        await title(visitor) == f"{report['to_one'].format(recipient='anna@expired.test')} {said}"
    )
    result = await told(visitor)
    assert in_short(site, language, "certificate-not-verified") in result
    assert mender(language, "profihost", "certificate-not-verified") in result
    assert "Server certificate not verified" in result
    possible = [text["problem"][id_] for id_ in ("certificate-expired", "certificate-self-signed")]
    assert result.index(report["perhaps"]) < result.index(possible[0]) < result.index(possible[1])
    link = visitor.page.locator(f"{TITLE} a")
    address = await link.evaluate("link => new URL(link.href).pathname")
    assert address == f"{START[language]}problems/certificate-not-verified/"
    assert await visitor.page.evaluate("document.activeElement.id") == "paste-outcome"
    await expect(visitor.page.locator(TEXT)).to_have_value(UNVERIFIED)


@pytest.mark.parametrize(("language", "place"), [("de", ""), ("en", "came-back/")])
async def test_what_only_one_sender_s_reports_say_leads_to_its_page(
    enter: Enter, site: Path, language: str, place: str
) -> None:
    quoted = page(site, language, "senders/profihost").one("code").text.strip()
    visitor = await enter(language, place)
    # Mail programs wrap and quote what is passed on.
    passed_on = "> " + quoted.replace(" ", "\n> ")
    await pretend(visitor.page, quoted, passed_on, UNVERIFIED)
    own = visitor.page.locator("#paste-result a[href*='/senders/']")
    for text in (quoted, passed_on):
        await paste(visitor, text)
        assert words(language)["report"]["own"].format(sender="Profihost") in await told(visitor)
        address = await own.evaluate("link => new URL(link.href).pathname")
        assert address == f"{START[language]}senders/profihost/"
    await paste(visitor, UNVERIFIED)
    await expect(own).to_have_count(0)


@pytest.mark.parametrize("place", PLACES)
@in_a_language
async def test_the_domain_is_filled_in_and_one_click_checks_it(
    enter: Enter, language: str, place: str
) -> None:
    visitor = await enter(language, place)
    await pretend(visitor.page, UNVERIFIED)
    await paste(visitor, UNVERIFIED)
    result = await told(visitor)
    assert words(language)["report"]["check"] in result
    await expect(visitor.page.locator(DOMAIN)).to_have_value("expired.test")
    assert visitor.checks() == []
    await visitor.page.click("[data-paste=check]")
    checked = await visitor.read()
    assert checked.heading.endswith(words(language)["problem"]["certificate-expired"])
    assert checked.focused == "check-outcome"
    assert await visitor.page.locator("[id]").evaluate_all(
        "all => all.length === new Set(all.map((one) => one.id)).size"
    )


@pytest.mark.parametrize(
    ("language", "until", "width"),
    [
        ("de", "Sat, 7 Nov 2026 09:00:00 +0100", 390),
        ("en", "", 1280),
    ],
)
async def test_a_delay_is_no_failure_and_nothing_is_to_be_sent_again(
    enter: Enter, language: str, until: str, width: int
) -> None:
    visitor = await enter(language, width=width)
    text, page = words(language), visitor.page
    field = f"Will-Retry-Until: {until}" if until else "X-Notes: none"
    delayed = REPORT.replace(b"Action: failed", f"Action: delayed\n{field}".encode())
    await pretend(page, delayed, REPORT)
    await choose(visitor, ("report.eml", delayed))
    report = text["report"]
    assert await title(visitor) == squeeze(
        f"{report['to_one'].format(recipient='anna@expired.test')} {report['delayed']}"
    )
    result = await told(visitor)
    shown = {"de": "07.11.2026, 08:00 UTC"}.get(language, "")
    more = report["delayed_until"].format(time=shown) if until else report["delayed_more"]
    reason = f"{report['delayed_reason']} {text['problem']['certificate-expired']}"
    assert result.index(report["delayed"]) < result.index(more) < result.index(reason)
    verdict = page.locator("#paste-result .check-verdict")
    colour = "(node, name) => getComputedStyle(node).getPropertyValue(name).trim()"
    amber, red = [await verdict.evaluate(colour, name) for name in ("--warn", "--bad")]
    assert await verdict.evaluate(colour, "--tone") == amber != red
    again = page.locator("#paste-result .if-failed")
    assert await again.count() == 0
    about = verdict.get_by_role("link", name=report["delayed_about"])
    address = await about.evaluate("link => new URL(link.href).pathname + new URL(link.href).hash")
    assert address == f"{START[language]}basics/retries/#delayed"
    # The same once it has failed says so in red, and to send it again.
    await choose(visitor, ("report.eml", REPORT))
    await expect(again).to_have_count(1)
    assert await verdict.evaluate(colour, "--tone") == red


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
async def test_a_compressed_report_of_tls_sessions_is_about_the_domain(
    enter: Enter, language: str, width: int
) -> None:
    visitor = await enter(language, "came-back/", width=width)
    text, page = words(language), visitor.page
    failures = (failed("certificate-expired", 1_200, "mx.expired.test"), failed("dane-required", 1))
    content = gzip.compress(report_of(policy_on("expired.test", *failures)).encode())
    await pretend(page, content)
    await choose(visitor, ("reporter.test!expired.test!1!2.json.gz", content))
    report = text["report"]
    said = report["says"].format(problem=text["problem"]["certificate-expired"])
    assert await title(visitor) == f"{report['to_domain'].format(domain='expired.test')} {said}"
    result = await told(visitor)
    count = {"de": "1.200", "en": "1,200"}[language]
    assert f"({report['sessions'].format(count=count)})" in result
    also = f"{text['problem']['dane-required']} ({report['sessions'].format(count=1)})"
    assert f"{report['also']} {also}" in result
    assert text["mender"]["receiving-provider"]["recipient"] in result
    await expect(page.locator(DOMAIN)).to_have_value("expired.test")


@in_a_language
async def test_a_report_of_tls_sessions_without_a_failure(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    fine = report_of(policy_on("fine.test"))
    await pretend(visitor.page, fine)
    await paste(visitor, fine)
    report = words(language)["report"]
    expected = f"{report['to_domain'].format(domain='fine.test')} {report['no_failure']}"
    assert await title(visitor) == expected


@in_a_language
async def test_what_has_nothing_to_do_with_encryption_is_told_in_plain_words(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    report = words(language)["report"]
    await pretend(
        visitor.page,
        *(
            answer(
                {
                    "recipient": "anna@full.test",
                    "domain": "full.test",
                    "problems": [problem("not-tls", "550 No", kind=str(kind))],
                }
            )
            for kind in Kind
        ),
    )
    for kind in Kind:
        await paste(visitor, "a report")
        assert (await title(visitor)).endswith(report["kind"][kind])
        result = await told(visitor)
        assert report["help"][kind] in result
        assert report["check_not_tls"] in result
        assert words(language)["mender"]["receiving-provider"]["sender"] not in result


@in_a_language
@pytest.mark.parametrize(
    ("id_", "key"), [("cause-not-stated", "no_cause"), ("no-problem-found", "delivered")]
)
async def test_what_a_report_does_not_say_is_not_made_up(
    enter: Enter, site: Path, language: str, id_: str, key: str
) -> None:
    visitor = await enter(language)
    one = {"recipient": "anna@healthy.test", "domain": "healthy.test", "problems": [problem(id_)]}
    await pretend(visitor.page, answer(one))
    await paste(visitor, "a report")
    assert (await title(visitor)).endswith(words(language)["report"][key])
    assert in_short(site, language, id_) in await told(visitor)


@in_a_language
async def test_recipients_with_the_same_problem_are_told_of_together(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    crowd = [
        {"recipient": f"u{n}@d{n}.test", "domain": f"d{n}.test", "problems": [EXPIRED]}
        for n in range(12)
    ]
    full = problem("not-tls", "552 5.2.2 full", kind="mailbox-full")
    other = {"recipient": "carl@full.test", "domain": "full.test", "problems": [full]}
    await pretend(visitor.page, answer(*crowd, other))
    await paste(visitor, "a report")
    report = words(language)["report"]
    assert (await title(visitor)).startswith(report["to_several"].format(count=12))
    first, second = await visitor.page.locator("#paste-result .check-verdict").all_inner_texts()
    assert "u4@d4.test" in first
    assert "u5@d5.test" not in first
    assert report["to_more"].format(count=7) in squeeze(first)
    assert report["kind"]["mailbox-full"] in second
    await expect(visitor.page.locator(DOMAIN)).to_have_value("d0.test")
    folded = visitor.page.locator("#paste-result > details")
    await folded.locator("summary").first.click()
    await expect(folded.locator(".check-faq")).to_be_visible()
    assert len(await visitor.page.locator("#paste-result .check-faq").all()) == 2


async def test_more_reasons_than_anybody_reads_are_counted(enter: Enter) -> None:
    visitor = await enter()
    ids = list(words("en")["problem"])[:9]
    many = [{"recipient": f"{id_}@d.test", "problems": [problem(id_, "x")]} for id_ in ids]
    await pretend(visitor.page, answer(*many))
    await paste(visitor, "a report")
    assert words("en")["report"]["further"].format(count=4) in await told(visitor)
    assert await visitor.page.locator("#paste-result .check-verdict").count() == 5


@in_a_language
async def test_without_a_recipient_the_form_asks_for_the_address(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    await pretend(visitor.page, "certificate has expired", UNVERIFIED)
    await paste(visitor, "certificate has expired")
    report = words(language)["report"]
    assert (await title(visitor)).startswith(report["to_nobody"])
    hint = visitor.page.locator("#check-hint")
    await expect(hint).to_contain_text(report["check_hint"])
    await visitor.page.click("[data-paste=ask]")
    await expect(visitor.page.locator(DOMAIN)).to_be_focused()
    await expect(visitor.page.locator(DOMAIN)).to_have_value("")
    await paste(visitor, UNVERIFIED)
    await expect(visitor.page.locator(DOMAIN)).to_have_value("expired.test")
    await expect(hint).not_to_contain_text(report["check_hint"])


@in_a_language
async def test_what_is_no_report_is_told_with_ways_on(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await pretend(visitor.page, "Dear Anna, how are you?")
    await paste(visitor, "Dear Anna, how are you?")
    assert await title(visitor) == words(language)["report"]["nothing"]
    await expect(visitor.page.locator(DOMAIN)).to_have_value("")
    ways = visitor.page.locator("#paste-result .paste__ways")
    addresses = await ways.locator("a").evaluate_all(
        "links => links.map(({ href }) => new URL(href).pathname + new URL(href).hash)"
    )
    start = START[language]
    assert addresses == [f"{start}came-back/#what-it-says", f"{start}problems/"]
    await ways.locator("button").click()
    search = visitor.page.locator("[data-md-component=search-query]")
    await expect(search).to_be_focused()
    await visitor.page.keyboard.type("certificate has expired")
    found = visitor.page.locator(".md-search-result__link").first
    await expect(found).to_be_visible()


@in_a_language
async def test_nothing_pasted_is_told_beside_the_field(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await pretend(visitor.page, UNVERIFIED)
    for text in ["", " \n\t "]:
        await paste(visitor, text)
        await is_refused(visitor, "empty", words(language))
        await expect(visitor.page.locator(TEXT)).to_be_focused()
        await expect(visitor.page.locator(TEXT)).to_have_attribute("aria-invalid", "true")
    await expect(visitor.page.locator("#paste-ways")).to_be_hidden()
    await paste(visitor, UNVERIFIED)
    await title(visitor)
    assert await visitor.page.get_attribute(TEXT, "aria-invalid") is None


@in_a_language
@pytest.mark.parametrize(("reason", "file"), FILES.items())
async def test_a_file_that_is_no_report_is_told(
    enter: Enter, language: str, reason: str, file: tuple[str, bytes]
) -> None:
    visitor = await enter(language)
    await unfold(visitor.page)
    await visitor.page.fill(TEXT, "what I had before")
    await choose(visitor, file)
    await is_refused(visitor, reason, words(language))
    await expect(visitor.page.locator(TEXT)).to_have_value("what I had before")


@in_a_language
async def test_a_file_that_cannot_be_opened_is_told(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.page.evaluate(
        "() => { Blob.prototype.arrayBuffer = () => Promise.reject(new Error('gone')); }"
    )
    await choose(visitor, ("report.eml", REPORT))
    await is_refused(visitor, "unreadable", words(language))


@in_a_language
async def test_the_file_of_a_report_is_read(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await choose(visitor, ("report.eml", REPORT))
    text = words(language)
    assert (await title(visitor)).endswith(text["problem"]["certificate-expired"])
    assert text["report"]["from_file"].format(name="report.eml") in await told(visitor)
    await expect(visitor.page.locator(DOMAIN)).to_have_value("expired.test")


@pytest.mark.parametrize("place", PLACES)
async def test_a_file_may_be_dropped_anywhere_on_the_page(
    enter: Enter, tmp_path: Path, place: str
) -> None:
    visitor = await enter("en", place)
    await pretend(visitor.page, REPORT)
    file = tmp_path / "report.eml"
    file.write_bytes(REPORT)
    address = visitor.page.url
    await visitor.page.wait_for_load_state()
    session = await visitor.page.context.new_cdp_session(visitor.page)
    carried = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        where = {"type": step, "x": 200, "y": 120, "data": carried}
        await session.send("Input.dispatchDragEvent", where)
    assert (await title(visitor)).endswith(words("en")["problem"]["certificate-expired"])
    await expect(visitor.page.locator(TEXT)).to_be_visible()
    assert visitor.page.url == address


async def test_only_one_file_is_taken(enter: Enter) -> None:
    visitor = await enter("de")
    await unfold(visitor.page)
    await visitor.page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          for (const name of ["a.eml", "b.eml"]) dataTransfer.items.add(new File(["x"], name));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }"""
    )
    await is_refused(visitor, "several", words("de"))


async def test_a_copied_picture_is_told_to_be_one(enter: Enter) -> None:
    visitor = await enter("de")
    await unfold(visitor.page)
    await visitor.page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([new Uint8Array(500)], "image.png"));
          const pasted = new ClipboardEvent("paste", { clipboardData, cancelable: true });
          document.getElementById("paste-text").dispatchEvent(pasted);
        }"""
    )
    await is_refused(visitor, "binary", words("de"))


@in_a_language
async def test_of_a_text_that_is_too_long_the_beginning_is_read(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    await pretend(visitor.page, REPORT, UNVERIFIED)
    figure = f"{MAXIMUM_INPUT:,}".replace(",", "." if language == "de" else ",")
    note = words(language)["report"]["cut"].format(count=figure)
    await choose(visitor, ("report.eml", REPORT + b"x" * MAXIMUM_INPUT))
    assert note in await told(visitor)
    text = UNVERIFIED + "x" * MAXIMUM_INPUT
    await unfold(visitor.page)
    await visitor.page.locator(TEXT).evaluate("(field, text) => { field.value = text; }", text)
    await visitor.page.click(READ)
    await expect(visitor.page.locator("#paste-result")).to_contain_text("Server certificate")
    assert note in await told(visitor)
    kept = await visitor.page.locator(TEXT).evaluate("field => field.value.length")
    assert kept == len(text)


@in_a_language
@pytest.mark.parametrize(
    "lack", [WITHOUT_WEBASSEMBLY, WITHOUT_MODULE_WORKERS], ids=["wasm", "modules"]
)
async def test_a_browser_that_cannot_read_is_told_so(
    enter: Enter, language: str, lack: str
) -> None:
    visitor = await enter(language)
    await visitor.page.evaluate(lack)
    await paste(visitor, UNVERIFIED)
    await is_refused(visitor, "unsupported", words(language))
    await expect(visitor.page.locator("#paste-errors")).to_be_focused()
    await expect(visitor.page.locator("#paste-ways")).to_be_visible()
    await expect(visitor.page.locator("[data-paste=retry]")).to_be_hidden()
    await expect(visitor.page.locator(TEXT)).to_have_value(UNVERIFIED)


@pytest.mark.parametrize("place", PLACES)
@in_a_language
async def test_without_javascript_there_are_ways_on_and_nothing_dead(
    enter: Enter, language: str, place: str
) -> None:
    visitor = await enter(language, place, script=False)
    await unfold(visitor.page)
    plain = visitor.page.locator(".paste__plain")
    await expect(plain).to_be_visible()
    await expect(plain).to_contain_text(words(language)["paste"]["no_script"])
    for control in await visitor.page.locator(".paste :is(textarea, button, input, label)").all():
        await expect(control).to_be_hidden()
    assert await visitor.page.locator("#paste-box").bounding_box() is None
    await plain.locator("a").first.click()
    await visitor.page.wait_for_url(f"**{START[language]}came-back/#what-it-says")
    await expect(visitor.page.locator("#what-it-says")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("missing", "language"),
    # All of these are told in the same words.
    [
        (RUNTIME, "de"),
        (WORKER, "en"),
        ("**/paste/report.js", "de"),
        ("**/assets/words/*", "en"),
    ],
)
async def test_a_failed_download_can_be_tried_again(
    enter: Enter, missing: str, language: str
) -> None:
    visitor = await enter(language)
    await visitor.page.route(missing, lambda route: route.abort())
    await paste(visitor, UNVERIFIED)
    await is_refused(visitor, "download", words(language))
    await expect(visitor.page.locator("#paste-ways")).to_be_visible()
    await expect(visitor.page.locator(TEXT)).to_have_value(UNVERIFIED)
    # Some of it the browser tells in the page's console as well, some in the worker's.
    visitor.complaints.clear()
    await visitor.page.unroute(missing)
    if missing != RUNTIME:
        await pretend(visitor.page, UNVERIFIED)
    await visitor.page.click("[data-paste=retry]")
    assert (await title(visitor)).endswith(words(language)["problem"]["certificate-not-verified"])
    assert await visitor.page.locator(".paste__error:visible").count() == 0


@pytest.mark.parametrize(
    ("failure", "reason", "language"),
    [
        ("download", "download", "de"),
        ("crash", "unexpected", "en"),
        ("unexpected", "unexpected", "de"),
        ("unsupported", "unsupported", "en"),
        ("too-big", "too-big", "de"),
    ],
)
async def test_what_the_worker_fails_at_is_told_and_the_next_one_reads(
    enter: Enter, language: str, failure: str, reason: str
) -> None:
    visitor = await enter(language)
    await pretend(visitor.page, UNVERIFIED, failure=failure)
    await choose(visitor, ("report.eml", REPORT))
    await is_refused(visitor, reason, words(language))
    retry = visitor.page.locator("[data-paste=retry]")
    await expect(retry).to_be_visible(visible=reason in {"download", "unexpected"})
    await pretend(visitor.page, UNVERIFIED)
    if await retry.is_visible():
        # The file is still known: nobody has to look for it again.
        await retry.click()
    else:
        await paste(visitor, UNVERIFIED)
    assert (await title(visitor)).endswith(words(language)["problem"]["certificate-not-verified"])


@pytest.mark.parametrize("failure", ["", "download"])
async def test_what_reads_is_fetched_beside_what_shows_its_answer(
    enter: Enter, failure: str
) -> None:
    visitor = await enter("en")
    shows = asyncio.Event()

    async def hold(route: Route) -> None:
        await shows.wait()
        await route.continue_()

    await pretend(visitor.page, UNVERIFIED, failure=failure)
    await visitor.page.route("**/paste/report.js", hold)
    async with visitor.page.expect_worker():
        await paste(visitor, UNVERIFIED)
    shows.set()
    # Whatever it said meanwhile was heard.
    if failure:
        await is_refused(visitor, failure, words("en"))
    else:
        assert (await title(visitor)).endswith(words("en")["problem"]["certificate-not-verified"])


@in_a_language
async def test_the_download_tells_its_bytes_and_can_be_cancelled(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    page = visitor.page
    await pretend(page, UNVERIFIED, failure="stuck")
    await paste(visitor, UNVERIFIED)
    report = words(language)["report"]
    loaded, total = ("1,5", "9,8") if language == "de" else ("1.5", "9.8")
    said = report["bytes"].format(loaded=loaded, total=total)
    await expect(page.locator(".paste__bytes")).to_have_text(said)
    bar = page.get_by_role("progressbar", name=report["loading"])
    await expect(bar).to_have_js_property("max", 9_812_345)
    await expect(bar).to_have_js_property("value", 1_471_852)
    status = page.locator("#paste-status")
    await expect(status).to_have_attribute("role", "status")
    await expect(status).to_contain_text(report["loading"])
    await page.click("[data-paste=cancel]")
    await expect(page.locator("#paste-progress")).to_be_hidden()
    await expect(page.locator(READ)).to_be_focused()
    await expect(status).to_have_text(report["cancelled"])
    await expect(page.locator(TEXT)).to_have_value(UNVERIFIED)
    await pretend(page, UNVERIFIED)
    await page.click(READ)
    await title(visitor)


async def test_the_status_does_not_chatter(enter: Enter) -> None:
    visitor = await enter("de")
    await pretend(visitor.page, UNVERIFIED)
    await visitor.page.evaluate(
        """() => {
          window.said = [];
          const status = document.getElementById("paste-status");
          const note = () => said.push(status.textContent);
          new MutationObserver(note).observe(status, { childList: true });
        }"""
    )
    await paste(visitor, UNVERIFIED)
    await title(visitor)
    said = [text for text in await visitor.page.evaluate("said") if text]
    report = words("de")["report"]
    start = f"{report['loading']}: {report['bytes'].format(loaded='0,0', total='9,8')}"
    assert set(said) <= {start, report["reading"]}
    assert len(said) <= 2


async def test_a_new_report_takes_the_place_of_the_one_before(enter: Enter) -> None:
    visitor = await enter()
    await pretend(visitor.page, UNVERIFIED, failure="late")
    await paste(visitor, "the first")
    label = visitor.page.locator("#paste-progress label")
    await expect(label).to_have_text(words("en")["report"]["reading"])
    await paste(visitor, "the second")
    await go_on(visitor)
    await title(visitor)
    await expect(visitor.page.locator("#paste-result .check-verdict")).to_have_count(1)
    await expect(visitor.page.locator("#paste-progress")).to_be_hidden()


@pytest.mark.parametrize("place", PLACES)
async def test_nothing_is_loaded_before_somebody_wants_a_report_read(
    enter: Enter, place: str
) -> None:
    visitor = await enter("de", place)
    await visitor.page.wait_for_load_state("networkidle")
    await unfold(visitor.page)
    await visitor.page.fill(TEXT, UNVERIFIED)
    await visitor.page.wait_for_load_state("networkidle")

    def lazily() -> set[str]:
        parts = ("/assets/runtime/", "/paste/worker", "/paste/report.js", "/assets/words/")
        return {part for part in parts for one in visitor.requests if part in one.url}

    assert lazily() == set()
    await visitor.page.click(READ)
    await title(visitor)
    assert len(lazily()) == 4


@pytest.mark.parametrize(("language", "way"), [("de", "text"), ("en", "file")])
async def test_no_request_carries_anything_of_the_report(
    enter: Enter, language: str, way: str
) -> None:
    visitor = await enter(language)
    secret = UNVERIFIED.replace("anna@expired", "s3cret.name@s3cretdomain").replace(
        "relay", "s3cret"
    )
    if way == "text":
        await paste(visitor, secret)
    else:
        await choose(visitor, ("s3cret.eml", secret.encode()))
    assert "s3cret.name@s3cretdomain.test" in await told(visitor)
    await visitor.page.wait_for_load_state("networkidle")
    assert any("/assets/runtime/" in request.url for request in visitor.requests)
    for request in visitor.requests:
        assert request.method == "GET"
        assert request.url.startswith(f"{visitor.origin}/")
        assert request.post_data_buffer is None
        sent = f"{request.url} {await request.all_headers()}".lower()
        assert "s3cret" not in sent


async def test_what_a_report_brings_is_text_and_nothing_else(enter: Enter) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e\u2066{problem}"
    visitor = await enter()
    one = {
        "recipient": f"{hostile}@{'x' * 5_000}.test",
        "domain": hostile,
        "problems": [problem("certificate-expired", hostile * 50), problem("tls-version", hostile)],
    }
    await pretend(visitor.page, answer(one, {**one, "recipient": hostile}))
    await choose(visitor, (f"{'x' * 200}<b>.eml", b"a report"))
    result = await told(visitor)
    assert "<img src=x onerror=alert(1)>" in result
    assert not {"\u202e", "\u2066"} & set(result)
    smuggled = "#paste-result :is(script, img, iframe, object, style, b)"
    assert await visitor.page.locator(smuggled).count() == 0
    assert await visitor.page.input_value(DOMAIN) == hostile
    overflow = await visitor.page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


async def test_an_endless_line_is_read_as_well(enter: Enter) -> None:
    visitor = await enter()
    await choose(visitor, ("report.txt", UNVERIFIED.encode() + b"<script>" * 125_000))
    assert (await title(visitor)).endswith(words("en")["problem"]["certificate-not-verified"])


@pytest.mark.parametrize(("language", "width"), [("de", 320), ("en", 390)])
async def test_the_box_and_what_it_shows_fit_a_narrow_screen(
    enter: Enter, language: str, width: int
) -> None:
    visitor = await enter(language, "came-back/", width=width)
    script = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    await pretend(visitor.page, UNVERIFIED, failure="download")
    await paste(visitor, UNVERIFIED)
    await is_refused(visitor, "download", words(language))
    assert await visitor.page.evaluate(script) <= 0
    long = "anna" * 15 + "@" + "subdomain." * 12 + "expired.test"
    await pretend(visitor.page, UNVERIFIED.replace("anna@expired.test", long))
    await visitor.page.click("[data-paste=retry]")
    await title(visitor)
    assert await visitor.page.evaluate(script) <= 0


async def test_everything_in_the_box_can_be_done_with_the_keyboard(enter: Enter) -> None:
    visitor = await enter()
    page = visitor.page
    await pretend(page, UNVERIFIED)
    await page.focus("#paste-fold > summary")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator(TEXT)).to_be_focused()
    await page.keyboard.insert_text(UNVERIFIED)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await title(visitor)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('.admonition-title').id")
    await page.focus("#paste-file")
    ring = "getComputedStyle(document.querySelector('label[for=paste-file]')).outlineStyle"
    assert await page.evaluate(ring) == "solid"


async def test_it_works_under_a_strict_policy(enter: Enter) -> None:
    visitor = await enter()

    async def strictly(route: Route) -> None:
        response = await route.fetch()
        policy = "script-src 'self' 'wasm-unsafe-eval'; default-src 'self'; img-src 'self' data:"
        headers = {**response.headers, "content-security-policy": policy}
        await route.fulfill(response=response, headers=headers)

    await visitor.page.route(f"{visitor.origin}/**", strictly)
    await visitor.page.reload()
    await paste(visitor, UNVERIFIED)
    assert (await title(visitor)).endswith(words("en")["problem"]["certificate-not-verified"])
    # Material's own scripts and styles stand in the page itself.
    visitor.forgive("inline|__md_get")
    await visitor.page.unroute_all()
