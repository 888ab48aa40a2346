"""Firefox shows the same as Chromium: the form, the result and the paste box."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.node import npm, packages
from tests.browser.expected import sentences, squeeze, words
from tests.checks import Table
from tests.hosting import HOSTILE, Host
from tests.serving import ROOT, Server

SCRIPT = Path(__file__).with_name("firefox.mjs")
EMBED_SCRIPT = Path(__file__).with_name("firefox_embed.mjs")
LIBRARY = Path("puppeteer-core", "lib", "esm", "puppeteer", "puppeteer-core.js")


@pytest.fixture(scope="session")
def firefox() -> Path:
    """Debian's Firefox, installed where there is none."""
    if not shutil.which("firefox-esr"):
        install = ROOT / "scripts" / "debian"
        subprocess.run([install, "firefox-esr"], check=True, timeout=600)  # noqa: S603 - our own
    found = shutil.which("firefox-esr")
    assert found
    return Path(found)


def drive(script: Path, firefox: Path, address: str) -> dict[str, Any]:
    """What one of the scripts sees at an address."""
    library = packages.installed("browser") / LIBRARY
    done = subprocess.run(  # noqa: S603 - our own script
        [*npm.node(), script, library, firefox, address],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["faults"] == []
    return seen


def test_the_form_the_result_and_the_paste_box_work(
    firefox: Path, server: Server, table: Table
) -> None:
    seen = drive(SCRIPT, firefox, server.origin)
    assert squeeze(seen["message"]) == squeeze(words("en")["errors"]["single-label"])
    expired = table.answers["expired.test", "mediafinanz"]
    assert sentences("en", expired)[0] in squeeze(seen["verdict"])
    assert seen["focused"] == "check-outcome"
    assert seen["back"] == {"domain": "anna@expired.test", "operator": "mediafinanz"}
    assert seen["verdictBack"] == seen["verdict"]
    assert "expired.test" in seen["pasted"]
    assert "abgelaufen" in seen["pasted"]


@pytest.mark.repeats
def test_the_form_works_on_the_page_of_somebody_else(
    firefox: Path, server: Server, host: Host
) -> None:
    seen = drive(EMBED_SCRIPT, firefox, host.embed("/de/firefox", server.origin, style=HOSTILE))
    begun = words("de")["outcome"]["fails-now"].split()[0]
    assert squeeze(seen["verdict"]).startswith(begun)
    assert seen["focused"] == "check-domain"
    assert seen["content"] <= seen["height"] < seen["content"] + 2
    assert 0 <= seen["top"] <= seen["window"] / 2
