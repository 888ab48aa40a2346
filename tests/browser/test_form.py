"""The form and its result: what a visitor may do, and what may go wrong."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.async_api import Locator, Request, Route, expect

from checker import operators
from checker.problems import Cause
from tests.browser.conftest import Enter
from tests.browser.expected import LANGUAGES, START, sender, squeeze, words
from tests.browser.turns import in_a_language, in_the_longer_language
from tests.browser.visitor import ANSWERED, CHECK, Visitor
from tests.lab import Lab
from tests.serving import end, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

BAD_INPUT = {
    "": "empty",
    "   ": "empty",
    "anna@": "empty",
    "x" * 3000: "too-long",
    f"anna@{'x.' * 127}test": "too-long",
    "192.0.2.1": "ip-address",
    "anna@[192.0.2.1]": "ip-address",
    "https://[2001:db8::1]/": "ip-address",
    "localhost": "special-use",
    "anna@localhost": "special-use",
    "example": "single-label",
    "ex ample.test": "invalid-characters",
    "exam\u202eple.test": "invalid-characters",
    "<script>alert(1)</script>": "invalid-characters",
    "anna@<img src=x onerror=alert(1)>.test": "invalid-characters",
    "xn--a.test": "invalid-idna",
}

REFUSALS = {
    "too-many-checks": 429,
    "opted-out": 403,
    "overloaded": 503,
    "unexpected": 500,
}

LINK = "?domain=anna%40no-starttls.test&operator=profihost"

RESOURCE_FAILED = "Failed to load resource"


def is_check(request: Request) -> bool:
    """The request asks for a check."""
    return request.url.endswith(CHECK)


def field(request: Request, name: str) -> str:
    """A field of a check's request."""
    fields: dict[str, str] = request.post_data_json or {}
    return fields[name]


def answer(status: int, type_: str, body: str) -> Callable[[Route], Awaitable[None]]:
    """Stands in for the function and gives this answer."""

    async def fulfill(route: Route) -> None:
        await route.fulfill(status=status, content_type=type_, body=body)

    return fulfill


async def is_told(visitor: Visitor, reason: str) -> None:
    """The one message that can be seen is the one for this reason, in the page's language."""
    assert await visitor.messages() == [squeeze(words(visitor.language)["errors"][reason])]


async def is_told_below(visitor: Visitor, reason: str) -> None:
    """What is no fault of the visitor's stands below the form, and keeps what was typed."""
    box = visitor.page.locator("#check-trouble")
    await expect(box).to_have_attribute("data-reason", reason)
    await expect(box).to_be_visible()
    told = f"{await box.locator('.admonition-title').inner_text()} {await text_of(box)}"
    assert squeeze(told) == squeeze(words(visitor.language)["errors"][reason])
    assert await visitor.page.locator(".check__error:visible").count() == 0
    assert await visitor.page.input_value("#check-domain") == "anna@healthy.test"
    assert await visitor.page.get_attribute("#check-domain", "aria-invalid") is None


async def text_of(box: Locator) -> str:
    """What the box says below its title."""
    return await box.locator(".check-trouble__text").inner_text()


async def is_beside_the_field(visitor: Visitor) -> bool:
    """The message stands right above the field that it is about, below the field's label."""
    script = """() => {
      const messages = [...document.querySelectorAll(".check__error")];
      const message = messages.find((one) => one.offsetHeight);
      const field = document.getElementById("check-domain").getBoundingClientRect();
      const place = message.getBoundingClientRect();
      const distance = field.top - place.bottom;
      return message.closest("form").id === "check-form" && distance >= 0 && distance < 30;
    }"""
    return bool(await visitor.page.evaluate(script))


@in_a_language
async def test_bad_input_gets_its_message_beside_the_field(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    for typed, reason in BAD_INPUT.items():
        await visitor.fill(typed)
        await visitor.page.press("#check-domain", "Enter")
        await is_told(visitor, reason)
        assert await is_beside_the_field(visitor)
        domain = visitor.page.locator("#check-domain")
        await expect(domain).to_have_value(typed)
        await expect(domain).to_have_attribute("aria-invalid", "true")
        await expect(domain).to_be_focused()
        await expect(visitor.page.locator("#check-result")).to_be_hidden()
    visitor.forgive(RESOURCE_FAILED)
    result = await visitor.check("healthy.test")
    assert "check-delivers" in result.outcome.split()
    assert await visitor.page.locator(".check__error:visible").count() == 0


@in_a_language
async def test_without_javascript_bad_input_gets_its_message_beside_the_field(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language, "senders/profihost/", script=False)
    for reason, typed in {reason: typed for typed, reason in BAD_INPUT.items()}.items():
        await visitor.fill(typed)
        await visitor.page.press("#check-domain", "Enter", no_wait_after=True)
        await visitor.page.wait_for_url(f"**{START[language]}#error-{reason}")
        await is_told(visitor, reason)
        assert await is_beside_the_field(visitor)


async def test_a_browser_that_never_says_where_it_comes_from_can_check_all_the_same(
    enter: Enter,
) -> None:
    visitor = await enter(script=False)

    async def hide(route: Route) -> None:
        page = await route.fetch()
        await route.fulfill(
            response=page, headers={**page.headers, "referrer-policy": "no-referrer"}
        )

    await visitor.page.route(f"{visitor.origin}/en/", hide)
    await visitor.open()
    await visitor.fill("expired.test")
    async with visitor.page.expect_request(is_check) as asking:
        await visitor.page.press("#check-domain", "Enter", no_wait_after=True)
    assert (await (await asking.value).all_headers())["origin"] == "null"
    await visitor.page.wait_for_url("**/en/problems/certificate-expired/#outcome-*")


@pytest.mark.parametrize("script", [True, False])
async def test_nothing_is_wrong_before_anything_is_typed(enter: Enter, *, script: bool) -> None:
    visitor = await enter(script=script)
    await visitor.page.wait_for_load_state()
    for part in [".check__error", "#check-result", "#check-status", "#check-trouble"]:
        shown = await visitor.page.locator(f"{part}:visible").all_inner_texts()
        assert "".join(shown) == ""
    await visitor.open("problems/certificate-expired/")
    await visitor.page.wait_for_load_state()
    assert await visitor.page.locator(".check-notice:visible").count() == 0


async def test_a_script_that_does_not_come_leaves_no_gap_in_the_hint(enter: Enter) -> None:
    visitor = await enter("en", "legal/imprint/")
    await visitor.page.route("**/check/form.js", lambda route: route.abort())
    await visitor.open()
    await visitor.page.wait_for_load_state()
    visitor.forgive(RESOURCE_FAILED)
    hidden = visitor.page.locator("#check-hint .check__with-script")
    await expect(hidden).to_be_hidden()
    behind = """(one) => [...one.parentElement.childNodes]
      .filter((other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING)
      .filter((other) => !other.hidden).map((other) => other.textContent.trim()).join("")"""
    assert await hidden.evaluate(behind) == ""


async def test_only_what_stands_behind_the_at_sign_leaves_the_browser(enter: Enter) -> None:
    visitor = await enter()
    for typed in [
        "Secret.Name+Tag@healthy.test",
        "Secret <secret.name@healthy.test>",
        "https://secret@healthy.test/secret?secret#secret",
    ]:
        result = await visitor.check(typed)
        assert "healthy.test" in result.verdict
        assert await visitor.page.input_value("#check-domain") == typed
    sent = [
        " ".join([request.url, request.post_data or "", *(await request.all_headers()).values()])
        for request in visitor.requests
    ]
    assert [field(request, "domain") for request in visitor.checks()] == ["healthy.test"] * 3
    assert [text for text in sent if "secret" in text.lower()] == []


@in_a_language
async def test_a_link_fills_the_form_in_and_starts_nothing(enter: Enter, language: str) -> None:
    visitor = await enter(language, "?domain=anna%40healthy.test&operator=profihost")
    await visitor.page.wait_for_load_state("networkidle")
    assert await visitor.page.input_value("#check-domain") == "anna@healthy.test"
    assert await visitor.page.input_value("#check-operator") == "profihost"
    assert visitor.checks() == []
    await visitor.submit()
    result = await visitor.read()
    assert result.verdict.startswith(
        squeeze(words(language)["outcome"]["delivers"].partition(". ")[0]).format(
            operator=sender(language, "profihost"), domain="healthy.test"
        )
    )


@pytest.mark.parametrize(
    "query", ["?domain=%3Cscript%3Ealert(1)%3C/script%3E&operator=%22%3E", "?operator=nobody"]
)
async def test_a_link_cannot_bring_in_anything_but_text(enter: Enter, query: str) -> None:
    visitor = await enter("en", query)
    assert await visitor.page.input_value("#check-operator") == operators.DEFAULT
    wanted = "<script>alert(1)</script>" if "domain" in query else ""
    assert await visitor.page.input_value("#check-domain") == wanted


@pytest.mark.parametrize(
    ("language", "name"), list(zip(cycle(LANGUAGES), operators.names(), strict=False))
)
async def test_a_sender_s_page_checks_for_that_sender(
    enter: Enter, language: str, name: str
) -> None:
    visitor = await enter(language, f"senders/{name}/")
    result = await visitor.check("expired.test")
    assert field(visitor.checks()[0], "operator") == name
    assert sender(language, name) in result.verdict
    reader = "sender" if operators.load(name).audience == "senders" else "recipient"
    page = "no-problem-found" if name == "profihost" else "certificate-expired"
    await visitor.open(f"problems/{page}/")
    heading = await visitor.page.locator(f"#{reader}").inner_text()
    assert heading.strip("# \n") in result.explanation


async def test_a_problem_s_page_checks_as_well(enter: Enter) -> None:
    visitor = await enter("de", "problems/tls-version/")
    result = await visitor.check("no-starttls.test", "mediafinanz")
    assert "check-fails" in result.outcome.split()
    assert result.address == "/problems/starttls-not-supported/"
    levels = await visitor.page.eval_on_selector_all(
        "article h1, article h2, article h3, article h4, article h5, article h6",
        "headings => headings.map((heading) => Number(heading.tagName[1]))",
    )
    assert max(below - above for above, below in pairwise(levels)) == 1


@in_a_language
async def test_a_visitor_sees_what_is_going_on(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.page.clock.install()
    await visitor.fill("silent.test")
    await visitor.submit()
    status = visitor.page.locator("#check-status")
    waiting = words(language)["progress"]["greeting"].format(host="mx.silent.test")
    await expect(visitor.page.locator("#check-progress .check__now")).to_contain_text(waiting)
    await visitor.page.clock.fast_forward(6_000)
    await expect(status).to_have_text(waiting)
    await expect(status).to_have_attribute("role", "status")
    button = visitor.page.locator("#check-form [type=submit]")
    await expect(button).to_have_text(words(language)["form"]["running"])


async def test_a_new_check_ends_the_one_before(enter: Enter) -> None:
    visitor = await enter()
    await visitor.fill("silent.test")
    await visitor.submit()
    await expect(visitor.page.locator("#check-progress")).to_contain_text("mx.silent.test")
    async with visitor.page.expect_event("requestfailed", is_check) as failed:
        result = await visitor.check("healthy.test")
    assert "healthy.test" in result.verdict
    given_up = await failed.value
    assert field(given_up, "domain") == "silent.test"


@in_a_language
async def test_leaving_the_page_ends_the_check(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.fill("silent.test")
    await visitor.submit()
    await expect(visitor.page.locator("#check-progress")).to_contain_text("mx.silent.test")
    async with visitor.page.expect_event("requestfailed", is_check):
        await visitor.open("problems/")
    await visitor.page.go_back()
    button = visitor.page.locator("#check-form [type=submit]")
    await expect(button).to_have_text(words(language)["form"]["submit"])
    result = await visitor.check("healthy.test")
    assert "check-delivers" in result.outcome.split()


# Stands in for WebKit, which does so where it brings a page back.
_RESET = """() => {
  dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  document.getElementById("check-form").reset();
}"""


async def holds(visitor: Visitor, address: str, operator: str) -> None:
    """What stands in the form."""
    await expect(visitor.page.locator("#check-domain")).to_have_value(address)
    await expect(visitor.page.locator("#check-operator")).to_have_value(operator)


@pytest.mark.parametrize("path", ["", "senders/profihost/", LINK])
async def test_a_page_that_is_brought_back_holds_what_was_asked(enter: Enter, path: str) -> None:
    visitor = await enter("en", path)
    for address, operator in [("anna@expired.test", "mediafinanz"), ("healthy.test", "careful")]:
        await visitor.check(address, operator)
        await visitor.page.evaluate(_RESET)
        await holds(visitor, address, operator)
        # The button asks the same once more.
        async with visitor.page.expect_request(is_check) as sent:
            await visitor.submit()
        again = await sent.value
        assert field(again, "domain") == address.removeprefix("anna@")
        assert field(again, "operator") == operator
        assert field(again, "fresh") == "1"
        await visitor.read()
    await visitor.fill("")
    await visitor.page.evaluate(_RESET)
    await holds(visitor, "", "careful")


@pytest.mark.parametrize(
    ("path", "address", "operator"),
    [
        ("", "", operators.DEFAULT),
        ("senders/profihost/", "", "profihost"),
        (LINK, "anna@no-starttls.test", "profihost"),
    ],
)
async def test_a_page_on_which_nothing_was_typed_is_as_its_address_says(
    enter: Enter, path: str, address: str, operator: str
) -> None:
    visitor = await enter("en", path)
    await holds(visitor, address, operator)
    await visitor.page.reload()
    await holds(visitor, address, operator)
    await visitor.open("problems/")
    # The browser of the tests keeps no page that is left.
    await visitor.page.go_back()
    await holds(visitor, address, operator)
    await expect(visitor.page.locator("#check-result")).to_be_hidden()


async def test_without_javascript_back_keeps_what_was_asked(enter: Enter) -> None:
    visitor = await enter("en", script=False)
    await visitor.fill("anna@expired.test", "mediafinanz")
    await visitor.submit()
    await visitor.page.wait_for_url("**/en/problems/certificate-expired/#outcome-*")
    await visitor.page.go_back()
    await holds(visitor, "anna@expired.test", "mediafinanz")


async def test_why_we_could_not_check_is_told_in_words(enter: Enter) -> None:
    visitor = await enter()
    cause = ""
    lead, reasons = (words("en")["reason"][part] for part in ("lead", "problem"))

    async def excuse(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        real["problems"][0] |= {"id": "checker-unreachable", "evidence": {"cause": cause}}
        real |= {"disposition": "undetermined", "when": None, "report_to": None}
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", excuse)
    for reason in (Cause.RATIONED, Cause.PORT_25):
        cause = str(reason)
        await visitor.check("connection-refused.test")
        told = visitor.page.locator("#check-result .check-reason")
        expected = reasons["checker-unreachable"][cause]
        await expect(told).to_have_text(lead.format(reason=expected))
    cause = "nobody-knows"
    await visitor.check("connection-refused.test")
    expected = reasons["checker-unreachable"]["plain"]
    await expect(told).to_have_text(lead.format(reason=expected))
    await expect(visitor.page.locator("#check-result .check-mender")).to_have_count(1)


async def test_a_site_without_a_function_says_so_and_what_can_still_be_done(
    enter: Enter, site: Path
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as static:
        Thread(target=static.serve_forever, daemon=True).start()
        try:
            origin = f"http://127.0.0.1:{static.server_port}"
            visitor = await enter(origin=origin)
            await visitor.fill("anna@healthy.test")
            await visitor.submit()
            await is_told_below(visitor, "unreachable")
            await expect(visitor.page.locator("#paste-text")).to_be_attached()
        finally:
            static.shutdown()
    visitor.forgive(RESOURCE_FAILED)


async def test_a_server_that_is_down_is_told(
    enter: Enter, site: Path, lab: Lab, tmp_path: Path
) -> None:
    with serving(site, lab, tmp_path) as other:
        visitor = await enter("de", origin=other.origin)
        await visitor.fill("anna@healthy.test")
        await visitor.page.wait_for_load_state("networkidle")
        end(other.process)
        await visitor.submit()
        await is_told_below(visitor, "unreachable")
    visitor.forgive(RESOURCE_FAILED)


@in_a_language
async def test_what_the_function_refuses_is_told(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    for code, status in REFUSALS.items():
        body = json.dumps({"title": code, "status": status, "code": code})
        await visitor.page.route(f"**{CHECK}", answer(status, "application/problem+json", body))
        await visitor.fill("anna@healthy.test")
        await visitor.submit()
        await is_told_below(visitor, code)
        await visitor.page.unroute(f"**{CHECK}")
    visitor.forgive(RESOURCE_FAILED)


async def test_a_sender_that_is_not_known_is_told_in_the_form(enter: Enter) -> None:
    visitor = await enter()
    body = json.dumps({"status": 400, "code": "unknown-operator"})
    await visitor.page.route(f"**{CHECK}", answer(400, "application/problem+json", body))
    await visitor.fill("healthy.test")
    await visitor.submit()
    await is_told(visitor, "unknown-operator")
    assert await visitor.page.get_attribute("#check-domain", "aria-invalid") is None
    visitor.forgive(RESOURCE_FAILED)


OBSTACLES = (
    (502, "text/html", "<h1>Bad Gateway</h1>", "unreachable"),
    (503, "text/html", "<h1>Service Unavailable</h1>", "overloaded"),
    (504, "text/html", "", "timed-out"),
    (429, "application/json", '{"message": "Too Many Requests"}', "overloaded"),
    (500, "text/plain", "Internal Server Error", "unexpected"),
    (404, "text/html", "<h1>404</h1>", "unreachable"),
    (405, "text/html", "<h1>405</h1>", "unreachable"),
    (200, "text/html", "<h1>Welcome</h1>", "unexpected"),
    (200, "application/json", "{", "unexpected"),
    (200, "application/json", "{}", "unexpected"),
    (200, "text/event-stream", "", "unreachable"),
    (200, "text/event-stream", 'event: step\ndata: {"stage": "route"}\n\n', "unreachable"),
    (200, "text/event-stream", "event: answer\ndata: {\n\n", "unexpected"),
    (200, "text/event-stream", 'event: error\ndata: {"code": "overloaded"}\n\n', "overloaded"),
)
"""Status, type and body of what comes in place of an answer, and the reason that is told."""


async def test_whatever_stands_in_the_way_is_told(enter: Enter) -> None:
    visitor = await enter()
    await visitor.fill("anna@healthy.test")
    for status, type_, body, reason in OBSTACLES:
        await visitor.page.route(f"**{CHECK}", answer(status, type_, body))
        # The message before this one is hidden as soon as the button is pressed.
        await visitor.submit()
        await is_told_below(visitor, reason)
        await expect(visitor.page.locator("#check-result")).to_be_hidden()
        await visitor.page.unroute(f"**{CHECK}")
    visitor.forgive(RESOURCE_FAILED)


async def test_a_plain_json_answer_is_shown_as_well(enter: Enter) -> None:
    visitor = await enter()

    async def without_stream(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        await route.continue_(headers=headers)

    await visitor.page.route(f"**{CHECK}", without_stream)
    result = await visitor.check("expired.test", "mediafinanz")
    assert "check-fails" in result.outcome.split()


async def test_the_outcome_does_not_depend_on_the_page_that_explains_it(enter: Enter) -> None:
    visitor = await enter()
    await visitor.page.route("**/problems/**", lambda route: route.abort())
    result = await visitor.check("expired.test", "mediafinanz")
    assert "check-fails" in result.outcome.split()
    assert result.address == "/en/problems/certificate-expired/"
    visitor.forgive(RESOURCE_FAILED)


@pytest.mark.parametrize("name", operators.names())
async def test_what_a_mail_server_says_is_text_and_nothing_else(enter: Enter, name: str) -> None:
    visitor = await enter()
    result = await visitor.check("hostile-text.test", name)
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in result.technical
    smuggled = visitor.page.locator("#check-result :is(script, img, iframe, object, style)")
    assert await smuggled.count() == 0
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(result.technical)
    assert [request for request in visitor.requests if request.url.endswith("/x")] == []


async def test_a_hostile_answer_is_text_and_nothing_else(enter: Enter) -> None:
    hostile = "<img src=x onerror=alert(3)><script>alert(4)</script>"
    visitor = await enter()

    async def poison(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        attempt = real["attempts"][0]
        for part in [attempt, attempt["certificate"], real["route"]["mail_servers"][0]]:
            part.update({key: hostile for key, value in part.items() if isinstance(value, str)})
        attempt["stage"] = "certificate"
        real["problems"][0]["evidence"] = {hostile: hostile}
        attempt["problems"][0]["evidence"] = {hostile: hostile}
        real["when"] = real["report_to"] = real["checked_at"] = hostile
        real["problems"].append({**real["problems"][0], "id": hostile, "decisive": False})
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", poison)
    result = await visitor.check("expired.test", "mediafinanz")
    assert hostile in result.technical
    assert hostile in result.servers
    assert await visitor.page.locator("#check-result :is(script, img)").count() == 0


@in_the_longer_language
async def test_a_result_fits_a_narrow_screen(enter: Enter, language: str) -> None:
    visitor = await enter(language, width=320)
    for domain in ["expired.test", "hostile-text.test", "many-servers.test", "null-mx.test"]:
        await visitor.check(domain, "mediafinanz")
        await visitor.page.eval_on_selector_all(
            "#check-result details", "all => all.forEach((one) => (one.open = true))"
        )
        for width in (390, 320):
            await visitor.page.set_viewport_size({"width": width, "height": 900})
            overflow = await visitor.page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, (domain, width)
    name = visitor.page.locator(".md-header__topic .md-ellipsis").first
    assert await name.evaluate("one => one.scrollWidth <= one.clientWidth")


@in_a_language
async def test_everything_can_be_done_with_the_keyboard(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.page.focus("#check-domain")
    await visitor.page.keyboard.type("anna@expired.test")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.type(sender(language, "mediafinanz")[:3])
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    result = await visitor.read()
    assert sender(language, "mediafinanz") in result.verdict
    assert result.focused == "check-outcome"
    for part in ["admin", "letter"]:
        summary = visitor.page.locator(f"#check-{part} > summary")
        await summary.focus()
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.locator(f"#check-{part}")).to_have_attribute("open", "")


async def test_the_language_switch_stays_on_the_page(enter: Enter) -> None:
    visitor = await enter("de", "problems/certificate-expired/")
    await visitor.page.click("a[hreflang=en]")
    await visitor.page.wait_for_url("**/en/problems/certificate-expired/")
    await visitor.page.wait_for_selector("#check-form.check--live")
    result = await visitor.check("expired.test", "mediafinanz")
    assert result.verdict.startswith("No:")


async def test_an_answer_is_brought_into_view(enter: Enter) -> None:
    visitor = await enter(width=390)
    await visitor.check("expired.test", "mediafinanz")
    await expect(visitor.page.locator(ANSWERED)).to_be_in_viewport()
