"""The reports of real mail servers that are set up with the printed configuration."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.conftest import browser
from tests.browser.visitor import Visitor
from tests.links.senders import DEFECTS, SENDERS, recipients
from tests.oracle.launch import launch
from tests.serving import Server

__all__ = ["browser"]

LANGUAGES = {"postfix": "de", "exim": "en"}
"""What the sender reads who gets the reports of each mail server."""

_PATIENCE = 120


@pytest.fixture(scope="session")
def reports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - JSON
    """The text of each report, by mail server and by recipient."""
    folder = tmp_path_factory.mktemp("links")
    roots = [sender.root for sender in SENDERS.values()]
    found, complaints = launch(folder, roots, "tests.links.run", server.origin, seconds=_PATIENCE)
    for mta in SENDERS:
        wanted = {name for domain in DEFECTS for name in recipients(mta, domain.domain)}
        assert set(found[mta]) == wanted, complaints[-5000:]
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def senders(browser: Browser, server: Server) -> AsyncIterator[dict[str, Visitor]]:
    """Who gets the reports of each mail server, and follows their links."""
    people = {}
    for name, language in LANGUAGES.items():
        context = await browser.new_context(locale=language, reduced_motion="reduce")
        people[name] = Visitor(await context.new_page(), server.origin, language)
    yield people
    for person in people.values():
        await person.page.context.close()
