"""Takes the pictures: ``python -m scripts.shots FOLDER [PART-OF-A-NAME…]``."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, sync_playwright

from scripts.shots.states import STATES, State
from tests.lab import Lab
from tests.serving import ROOT, serving

_START = {"de": "/", "en": "/en/"}
_HEIGHT = 900


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("names", nargs="*", help="only pictures whose name holds one of these")
    arguments = parser.parse_args()
    wanted = [
        state
        for state in STATES
        if not arguments.names or any(part in state.name for part in arguments.names)
    ]
    if not wanted:
        parser.error(f"no such picture; there are {', '.join(state.name for state in STATES)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        _build(site)
        with Lab(smtp_port=0, dns_port=0) as lab, serving(site, lab, Path(folder)) as server:
            take(server.origin, arguments.folder, wanted)
    return 0


def _build(site: Path) -> None:
    mkdocs = Path(sys.executable).with_name("mkdocs")
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(  # noqa: S603 - our own interpreter's mkdocs
        [mkdocs, "--quiet", "build", "--site-dir", site], cwd=ROOT, env=variables, check=True
    )


def take(origin: str, folder: Path, states: list[State]) -> None:
    """Take pictures of a site that is being served.

    Args:
        origin: Where it is.
        folder: Where the pictures go, as NAME.png; paper also as NAME.pdf.
        states: What to show.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
        )
        for state in states:
            sys.stdout.write(f"{state.name}\n")
            _take(browser, origin, folder, state)
        browser.close()


def _take(browser: Browser, origin: str, folder: Path, state: State) -> None:
    context = browser.new_context(
        viewport={"width": state.width, "height": _HEIGHT},
        locale=state.language,
        color_scheme=state.scheme,
        reduced_motion="reduce",
        forced_colors="active" if state.forced_colors else "none",
    )
    page = context.new_page()
    page.goto(f"{origin}{_START[state.language]}{state.path}")
    state.act(page)
    if state.media == "print":
        page.pdf(path=folder / f"{state.name}.pdf", format="A4", print_background=False)
        page.emulate_media(media="print")
    # The header stays on top of what is scrolled.
    page.evaluate("scrollTo(0, 0)")
    clip = None
    if box := page.locator(state.only or state.until or "body").first.bounding_box():
        end = box["y"] + box["height"]
        clip = FloatRect(x=0, y=0, width=state.width, height=end)
        if state.only:
            clip = FloatRect(**box)
    page.screenshot(path=folder / f"{state.name}.png", full_page=True, clip=clip)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
