"""What a visitor takes along: the letter, the text for a ticket, and the record of a check."""

import pytest

from tests.browser.conftest import Enter
from tests.browser.expected import LANGUAGES

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOSING = {
    "de": "Bitte schreiben Sie mir, bis wann Sie den Fehler beheben, und geben Sie mir Bescheid, "
    "sobald er behoben ist.",
    "en": "Please tell me by when you will fix this fault, and let me know as soon as it is fixed.",
}
"""The page's own letter has a line break in it."""

SIGNED = {"de": "Mit freundlichen Grüßen\n[Name]", "en": "Kind regards\n[name]"}


@pytest.mark.parametrize("language", LANGUAGES)
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
