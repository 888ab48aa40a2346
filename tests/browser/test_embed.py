"""The form on the page of somebody else: it looks and works as on ours, and harms nothing there."""

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Literal

import pytest
from playwright.async_api import Browser, ConsoleMessage, Frame, Page, Route, expect

from tests.browser import axe
from tests.browser.expected import LANGUAGES, START, headline, squeeze, words
from tests.browser.visitor import ANSWERED, CHECK
from tests.hosting import HOSTILE, Host
from tests.serving import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEIGHT = 844

COLOURS = b'data-colours="{&#34;mediafinanz&#34;: &#34;#7a1f5c&#34;}"'

MOST = 0.1
"""How much may move after a visitor has acted."""

LIMIT = 60_000
"""Bytes that it may load, compressed, until all of a result is open."""

SLOW = 0.8
"""Seconds for an answer: half a second after a visitor's act what moves is that act's no more."""

# Notes what moves; in a frame what moves by itself alone. The browser keeps nothing for a frame.
PREPARE = """
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      if (window === parent || !hadRecentInput) window.moved += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  if (window !== parent) {
    for (const name of ["sessionStorage", "localStorage"]) {
      const get = () => { throw new DOMException("The request was denied.", "SecurityError"); };
      Object.defineProperty(window, name, { get });
    }
  }"""

MOVED = "() => { const { moved } = window; window.moved = 0; return moved; }"

OPEN_ALL = "document.querySelectorAll('details').forEach((one) => (one.open = true))"

SETTLED = """() => new Promise((resolve) => setTimeout(resolve, 300))"""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to look at it.

    Attributes:
        language: Of the page.
        width: Of the window.
        scheme: What the visitor prefers.
        style: The page's style sheet.
    """

    language: str
    width: int
    scheme: Literal["dark", "light"]
    style: str = ""


CASES = (Case("de", 390, "dark", HOSTILE), Case("en", 1280, "light"))


@dataclass
class Guest:
    """A visitor of the page.

    Attributes:
        page: The page.
        frame: The form's frame in it.
        complaints: Errors and warnings in the console.
        loaded: The files of our site that it took, and their sizes.
    """

    page: Page
    frame: Frame
    complaints: list[str] = field(default_factory=list)
    loaded: dict[str, int] = field(default_factory=dict)

    def hear(self, message: ConsoleMessage) -> None:
        """Note what the console says."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def fetch(self, route: Route) -> None:
        """Let a file pass, and note its size; let an answer take its time."""
        if route.request.url.endswith(CHECK):
            await asyncio.sleep(SLOW)
        answer = await route.fetch()
        body = await answer.body()
        self.loaded[route.request.url] = len(gzip.compress(body))
        # No sender of ours has a colour.
        body = body.replace(b'data-colours="{}"', COLOURS)
        await route.fulfill(response=answer, body=body)

    async def moved(self) -> list[float]:
        """How much has moved since this was last asked: on the page, and in the frame."""
        await self.page.evaluate(SETTLED)
        return [await place.evaluate(MOVED) for place in (self.page, self.frame)]

    async def barriers(self) -> list[axe.Barrier]:
        """What axe finds, in the frame as well."""
        for frame in self.page.frames:
            await frame.evaluate(axe.script())
            await frame.evaluate('axe.configure({ allowedOrigins: ["<unsafe_all_origins>"] })')
        return await axe.barriers(self.page)

    async def focus(self, key: str) -> str:
        """Where a key leads: the id of what has the focus then; "IFRAME" where that is in it."""
        await self.page.keyboard.press(key)
        found: str = await self.page.evaluate(
            "document.activeElement.id || document.activeElement.tagName"
        )
        return found


async def visit(browser: Browser, server: Server, host: Host, case: Case) -> Guest:
    """Open a page that has the form by the one line."""
    context = await browser.new_context(
        viewport={"width": case.width, "height": HEIGHT},
        color_scheme=case.scheme,
        reduced_motion="reduce",
    )
    await context.add_init_script(PREPARE)
    page = await context.new_page()
    guest = Guest(page, page.main_frame)
    page.on("console", guest.hear)
    page.on("pageerror", lambda error: guest.complaints.append(str(error)))
    await page.route(f"{server.origin}/**", guest.fetch)
    await page.goto(host.embed(f"/{case.language}/form", server.origin, style=case.style))
    # It has its title once both have spoken with each other.
    await page.wait_for_selector("iframe[title]:not([title=''])")
    guest.frame = page.frames[1]
    return guest


async def waits_and_leads_through(guest: Guest) -> None:
    """Nothing moves or takes the focus before the visitor acts, and keys lead in and out."""
    assert await guest.page.evaluate("document.activeElement.tagName") == "BODY"
    assert await guest.moved() == [0, 0]
    await guest.page.focus("#before")
    assert [await guest.focus("Tab") for _ in range(8)] == ["IFRAME"] * 7 + ["behind"]
    assert [await guest.focus("Shift+Tab") for _ in range(8)] == ["IFRAME"] * 7 + ["before"]


async def answers_in_view(guest: Guest, language: str) -> None:
    """The result is shown whole and in view, and little moves."""
    await guest.frame.fill("#check-domain", "anna@expired.test")
    # What is below the form is in sight, as far as it can be with the button.
    button = await guest.frame.locator("[type=submit]").bounding_box()
    assert button
    await guest.page.evaluate("(top) => scrollBy(0, top)", button["y"])
    await guest.moved()
    await guest.page.keyboard.press("Enter")
    await guest.frame.wait_for_selector(ANSWERED)
    begun = words(language)["outcome"]["fails-now"].split()[0]
    assert begun in await guest.frame.inner_text(ANSWERED)
    # Chromium may take what happens in a frame for no act of the visitor's on the page around it.
    assert max(await guest.moved()) <= MOST
    box = await guest.page.locator("iframe").bounding_box()
    title = await guest.frame.locator("#check-outcome").bounding_box()
    content = await guest.frame.evaluate("document.documentElement.getBoundingClientRect().height")
    assert box
    assert title
    assert content <= box["height"] < content + 2
    assert 0 <= title["y"] < title["y"] + title["height"] <= HEIGHT
    # What a button leads to is in view as well, though it is far below.
    await guest.frame.click(f"{ANSWERED} .check-actions a")
    await guest.page.evaluate(SETTLED)
    letter = await guest.frame.locator("#check-letter > summary").bounding_box()
    assert letter
    assert 0 <= letter["y"] < HEIGHT / 2


async def hands_over(guest: Guest, language: str) -> None:
    """All that a result holds can be opened, in the other language as well."""
    await guest.frame.evaluate(OPEN_ALL)
    await guest.frame.wait_for_selector("#check-ticket .handover")
    texts = guest.frame.locator(".handover")
    assert await texts.count() == 2
    for other in sorted(LANGUAGES, key=language.__eq__):
        for text in await texts.all():
            await text.locator(f"[data-language={other}]").click()
            await expect(text.locator("pre")).to_have_attribute("lang", other)


async def leads_out(frame: Frame) -> None:
    """Links leave the page as it is, but for those within the frame."""
    read = """(all) => all.map((one) => [one.getAttribute("href")[0], one.target, one.rel])"""
    links = await frame.eval_on_selector_all("a[href]", read)
    inner = [link for link in links if link[0] == "#"]
    outer = [link for link in links if link[0] != "#"]
    assert len(inner) > 3
    assert len(outer) > 6
    assert all(link[1:] == ["", ""] for link in inner)
    assert all(link[1:] == ["_blank", "noopener"] for link in outer)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.language)
async def test_one_line_shows_the_form_and_its_result_and_moves_nothing(
    browser: Browser, server: Server, host: Host, case: Case
) -> None:
    guest = await visit(browser, server, host, case)
    page, frame = guest.page, guest.frame
    assert frame.url == f"{server.origin}{START[case.language]}embed/?operator=mediafinanz"
    assert await frame.title() == await page.locator("iframe").get_attribute("title")
    assert await frame.input_value("#check-operator") == "mediafinanz"
    colour = await frame.eval_on_selector(
        "[type=submit]", "(one) => getComputedStyle(one).backgroundColor"
    )
    # In the dark it would not stand out.
    assert (colour == "rgb(122, 31, 92)") is (case.scheme == "light")
    await waits_and_leads_through(guest)
    assert await guest.barriers() == []
    await answers_in_view(guest, case.language)
    await leads_out(frame)
    await hands_over(guest, case.language)
    assert {f"{server.origin}{path}" for path in (CHECK, "/assets/embed.js")} <= set(guest.loaded)
    assert sum(guest.loaded.values()) <= LIMIT
    assert await guest.barriers() == []
    assert guest.complaints == []
    await page.context.close()


async def test_nothing_else_can_be_framed_and_nobody_else_frames_it(
    browser: Browser, server: Server, host: Host
) -> None:
    page = await browser.new_page()
    shown = {}
    for path in ("/", "/en/", "/problems/tls-version/", "/p/tls-version/", "/embed/index.html"):
        address = host.put("/en/other", f'<iframe src="{server.origin}{path}"></iframe>')
        await page.goto(address)
        shown[path] = page.frames[1].url
    assert set(shown.values()) == {"chrome-error://chromewebdata/"}, shown
    # The same page at another address is somebody else's.
    await page.goto(host.embed("/en/form", server.origin).replace("localhost", "127.0.0.1"))
    assert page.frames[1].url == "chrome-error://chromewebdata/"
    await page.close()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_javascript_the_form_leads_out_of_its_frame(
    browser: Browser, server: Server, host: Host, language: str
) -> None:
    form = f"{server.origin}{START[language]}embed/"
    content = f'<iframe src="{form}" width="400" height="700" title="Form"></iframe>'
    address = host.put(f"/{language}/plain", content, f"frame-src {server.origin}")
    page = await browser.new_page(java_script_enabled=False)
    await page.goto(address)
    frame = page.frames[1]
    await frame.fill("#check-domain", "anna@expired.test")
    await frame.select_option("#check-operator", "mediafinanz")
    await frame.click("[type=submit]")
    await page.wait_for_url(f"{server.origin}{START[language]}problems/certificate-expired/#*")
    told = squeeze(await page.inner_text(":target"))
    assert told.startswith(headline(language, "mediafinanz", "fails", "certificate-expired"))
    await page.close()
