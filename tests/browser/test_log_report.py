"""The page of a log in a browser: from a folder, narrow, light and dark, in both languages."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser import axe
from tests.log.reports import written

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    written(folder)
    return folder / "out"


async def test_it_can_be_read_filtered_and_printed_without_a_network(
    browser: Browser, folder: Path
) -> None:
    shown = {"de": "1 angezeigt", "en": "1 shown"}
    context = await browser.new_context(
        viewport={"width": 390, "height": 900}, java_script_enabled=True, offline=True
    )
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for language, told in shown.items():
        address = (folder / f"report.{language}.html").as_uri()
        await page.goto(address)
        await axe.bring(page)
        for scheme in ("light", "dark"):
            await page.emulate_media(media="screen", color_scheme=scheme)
            assert await axe.barriers(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.select_option("#outcome", "bounced")
        assert await page.text_content("#shown") == told
        await page.emulate_media(media="print", color_scheme="light")
        assert not await page.is_visible("#filter")
        assert asked.pop() == address
    assert asked == []
    await context.close()
