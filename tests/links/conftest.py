"""The reports of real mail servers that are set up with the printed configuration."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.conftest import browser
from tests.browser.visitor import Visitor
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.root import become_root, prepare
from tests.links.senders import DEFECTS, SENDERS, recipients
from tests.serving import ROOT, Server

__all__ = ["browser"]

LANGUAGES = {"postfix": "de", "exim": "en"}
"""What the sender reads who gets the reports of each mail server."""

_PATIENCE = 120


@pytest.fixture(scope="session")
def reports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - JSON
    """The text of each report, by mail server and by recipient."""
    # In the network of the run there is nobody to fetch packages from.
    for root in {RECEIVERS, *(sender.root for sender in SENDERS.values())}:
        prepare(root)
    folder = tmp_path_factory.mktemp("links")
    namespaces = ["unshare", "--net", "--pid", "--fork", "--kill-child"]
    python = [sys.executable, "-B", "-m", "tests.oracle.network", "tests.links.run"]
    with (folder / "reports.json").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a module of our own
            [*become_root(), *namespaces, *python, server.origin],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(timeout=_PATIENCE)
        finally:
            end(process)
    complaints = (folder / "errors").read_text(errors="replace")
    assert process.returncode == 0, complaints
    found = json.loads((folder / "reports.json").read_text())
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
