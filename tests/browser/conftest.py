"""A real browser with the site, the function and the lab behind it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.expected import LANGUAGES
from tests.browser.visitor import Visitor
from tests.serving import Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pyodide is compiled for each visitor anew: once, and not once more to run faster.
    "--js-flags=--liftoff-only",
]

Enter = Callable[..., Awaitable[Visitor]]
Readers = dict[str, Visitor]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; where it has one, the one without windows, which takes less time."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        await browser.close()


async def _enter(
    browser: Browser, origin: str, language: str, *, script: bool = True, width: int = 1280
) -> Visitor:
    context = await browser.new_context(
        locale=language,
        java_script_enabled=script,
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
    )
    return Visitor(await context.new_page(), origin, language)


@pytest_asyncio.fixture(loop_scope="session")
async def enter(browser: Browser, server: Server) -> AsyncIterator[Enter]:
    """Brings in a visitor, who reads a language and opens a page of it."""
    visitors = []

    async def bring(
        language: str = "en",
        path: str = "",
        *,
        script: bool = True,
        width: int = 1280,
        origin: str = server.origin,
    ) -> Visitor:
        visitor = await _enter(browser, origin, language, script=script, width=width)
        visitors.append(visitor)
        await visitor.open(path)
        return visitor

    yield bring
    for visitor in visitors:
        await visitor.page.context.close()
    for visitor in visitors:
        visitor.assert_all_is_well()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def readers(browser: Browser, server: Server) -> Readers:
    """A visitor of each language, who keeps the start page open and checks one after another."""
    visitors = {language: await _enter(browser, server.origin, language) for language in LANGUAGES}
    for visitor in visitors.values():
        await visitor.open()
    return visitors


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def plain_readers(browser: Browser, server: Server) -> Readers:
    """A visitor of each language whose browser runs no JavaScript."""
    return {
        language: await _enter(browser, server.origin, language, script=False)
        for language in LANGUAGES
    }
