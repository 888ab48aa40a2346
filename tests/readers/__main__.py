"""Takes the first screens and writes the questions: ``python -m tests.readers FOLDER``.

With Debian's Chromium, and as root or with sudo, for the mail lab. See README.md beside this file.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.browser.expected import LANGUAGES
from tests.browser.visitor import Visitor
from tests.lab import Lab
from tests.readers import TASKS
from tests.readers.screen import show
from tests.serving import ROOT, serving


async def _take(origin: str, folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--hide-scrollbars"]
        )
        for language in LANGUAGES:
            for task in TASKS:
                context = await browser.new_context(locale=language, reduced_motion="reduce")
                visitor = Visitor(await context.new_page(), origin, language)
                await show(visitor, task)
                await visitor.page.screenshot(path=folder / f"{task.name}-{language}.png")
                await context.close()
        await browser.close()


def _questions(language: str) -> str:
    return "".join(f"{task.name}-{language}.png: {task.question[language]}\n" for task in TASKS)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.readers", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures and the questions go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (folder / f"questions-{language}.txt").write_text(_questions(language), "utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        mkdocs = Path(sys.executable).with_name("mkdocs")
        subprocess.run(  # noqa: S603 - our own interpreter's mkdocs
            [mkdocs, "--quiet", "build", "--site-dir", site],
            cwd=ROOT,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            check=True,
        )
        with Lab(smtp_port=0, dns_port=0) as lab, serving(site, lab, Path(scratch)) as server:
            asyncio.run(_take(server.origin, folder))


if __name__ == "__main__":
    main()
