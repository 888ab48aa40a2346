"""A visitor: a browser with one open page, and a record of everything the page does."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import ConsoleMessage, Dialog, Page, Request, expect

from tests.browser.expected import START, squeeze

ANSWERED = "#check-result:not([hidden]) .check-verdict"
CHECK = "/api/v1/check"
SEARCH = "[data-md-component=search-query]"

LOADING = 30_000
"""Milliseconds that a busy machine may take to load what a page does not wait for."""

CHECKING = 60_000
"""Milliseconds that it may take to check: the page waits for 40 s, and the machine may be busy."""

_INVITATION = """(config) =>
  JSON.parse(config.textContent).translations["search.result.placeholder"]"""

READ = """() => {
  const result = document.getElementById("check-result");
  const text = (selector) => result.querySelector(selector)?.textContent ?? "";
  const faq = result.querySelector(".check-faq");
  return {
    outcome: result.querySelector(".check-verdict").className,
    verdict: result.querySelector(".check-verdict").innerText,
    reason: text(".check-reason"),
    more: text(".check-more"),
    heading: text(".check-faq > :first-child"),
    explanation: faq.textContent,
    address: new URL(faq.querySelector(":scope > p:last-child > a").href).pathname,
    servers: text(".check-servers"),
    technical: text(".check-technical"),
    focused: document.activeElement.id,
  };
}"""
"""Reads the result that a page shows."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the page shows after a check.

    Attributes:
        outcome: Class names of the box with the outcome.
        verdict: The text in that box, as far as it is not folded.
        reason: The line in it that says why.
        more: What is folded in it.
        heading: The heading of the opened section.
        explanation: The text of the opened section.
        address: Where the section's link to the whole page leads.
        servers: The list of mail servers.
        technical: The details for experts.
        focused: The id of what has the focus.
    """

    outcome: str
    verdict: str
    reason: str
    more: str
    heading: str
    explanation: str
    address: str
    servers: str
    technical: str
    focused: str


@dataclass
class Visitor:
    """Somebody with one page open.

    Attributes:
        page: The page.
        origin: Where the site is.
        language: What the visitor reads.
        requests: Everything that the browser asked for.
        complaints: Errors in the console, and exceptions that nobody caught.
        dialogs: Messages that a script put before the page.
    """

    page: Page
    origin: str
    language: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Watch the page."""
        self.page.on("request", self._note)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._close)

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def _close(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    async def open(self, path: str = "") -> None:
        """Open a page of the visitor's language; without a path the start page."""
        # The rest of the page may still load: a visitor does not wait for that either.
        await self.page.goto(
            self.origin + START[self.language] + path, wait_until="domcontentloaded"
        )

    async def fill(self, address: str, operator: str = "") -> None:
        """Fill in the form; without an operator that stays as it is."""
        await self.page.fill("#check-domain", address)
        if operator:
            await self.page.select_option("#check-operator", operator)

    async def submit(self) -> None:
        """Press the button."""
        await self.page.click("#check-form [type=submit]")

    async def check(self, address: str, operator: str = "") -> Result:
        """Check an address with the enter key and read the result."""
        await self.fill(address, operator)
        await self.page.press("#check-domain", "Enter")
        return await self.read()

    async def unfold(self) -> None:
        """Unfold what stands behind the answer's first lines."""
        await self.page.click(".check-more > summary")

    async def search_invitation(self) -> str:
        """What the search says before anything is typed."""
        invitation: str = await self.page.locator("#__config").evaluate(_INVITATION)
        return invitation

    async def search(self, text: str) -> None:
        """Search for a text, until something or nothing is found."""
        await self.page.wait_for_load_state()
        invitation = await self.search_invitation()
        query, found = self.page.locator(SEARCH), self.page.locator(".md-search-result__meta")
        await query.fill("")
        # The search listens to keys.
        await query.press("End")
        # Until it asks for words, the index is still being loaded, or the last search is shown.
        await expect(found).to_have_text(invitation, timeout=LOADING)
        await query.fill(text)
        await query.press("End")
        await expect(found).not_to_have_text(invitation, timeout=LOADING)

    async def read(self) -> Result:
        """The result, once it is there."""
        await self.page.wait_for_selector(ANSWERED, timeout=CHECKING)
        read: dict[str, Any] = await self.page.evaluate(READ)
        return result_of(read)

    async def messages(self) -> list[str]:
        """The messages beside the field that can be seen."""
        await self.page.wait_for_selector(".check__error:visible")
        found = await self.page.locator(".check__error:visible").all_inner_texts()
        return [squeeze(text) for text in found]

    def forgive(self, pattern: str) -> None:
        """Drop the complaints that a test provokes; there must be one."""
        kept = [text for text in self.complaints if not re.search(pattern, text)]
        assert len(kept) < len(self.complaints), self.complaints
        self.complaints[:] = kept

    def checks(self) -> list[Request]:
        """The requests for a check."""
        return [request for request in self.requests if request.url.endswith(CHECK)]

    def assert_all_is_well(self) -> None:
        """Since it was last asked nothing went to another origin, and no script failed."""
        abroad = [request.url for request in self.requests if not self._is_ours(request.url)]
        assert abroad == []
        assert self.complaints == []
        assert self.dialogs == []
        self.requests.clear()

    def _is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.origin}/", "data:"))


def result_of(read: dict[str, str]) -> Result:
    """The result that was read in a page."""
    return Result(**{name: squeeze(text) for name, text in read.items()})
