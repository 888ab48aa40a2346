"""What the site costs its visitors and its editors, beside stock Material with the same pages.

python -m scripts.benchmarks.site [--lighthouse]
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, async_playwright
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from scripts.benchmarks import stock
from scripts.benchmarks.table import seconds
from scripts.node import npm, packages
from tests.serving import ROOT

_TIMES = 15
_BUILDS = 9
_CHANGES = 3
_PATIENCE = 120.0
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic")
_MEGABIT = 1_000_000 / 8

# Lighthouse's "slow 4G", with its processor four times as slow.
_SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * _MEGABIT,
    "uploadThroughput": 0.75 * _MEGABIT,
}
_SLOWER = 4

_PAINT = """() => new Promise((resolve) => {
  const seen = { paint: 0, shift: 0 };
  new PerformanceObserver((list) => { seen.paint = list.getEntries().at(-1).startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      if (!hadRecentInput) seen.shift += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(seen), 500);
})"""

_LIGHTHOUSE_PAGES = ("", "problems/tls-version/", "senders/profihost/")
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True, slots=True)
class Visit:
    """What a first visit to a page costs.

    Attributes:
        sent: Bytes of all answers' bodies, compressed.
        paint: Seconds until the largest part was there, on slow 4G.
        shift: How much moved meanwhile (Cumulative Layout Shift).
    """

    sent: int
    paint: float
    shift: float


def main() -> int:
    """Print the table, and with an option what Lighthouse says."""
    parser = argparse.ArgumentParser(prog="scripts/bench site")
    parser.add_argument("--lighthouse", action="store_true", help="also run Lighthouse")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ours, other = folder / "ours", folder / "stock"
        other.mkdir()
        _mkdocs("build", "--site-dir", ours)
        config = stock.all_pages(ours, other)
        stock.build(config, other)
        builds = _alternate(
            lambda: _mkdocs("build", "--site-dir", ours), lambda: stock.build(config, other)
        )
        visits = asyncio.run(_visits(ours, other / "site"))
        changed = statistics.median(_changes(folder / "edited"))
        _say(table(visits, builds))
        _say(
            f"\nA change of one page shows in `mkdocs serve` after {seconds(changed)} (at most 2)."
        )
        if arguments.lighthouse:
            _say("\n" + _lighthouse(ours))
    return 0


def table(visits: Sequence[Visit], builds: Sequence[float]) -> str:
    """The site and stock Material side by side, as Markdown.

    Args:
        visits: To our start page, and to stock Material's.
        builds: Seconds of the processor that a build takes: ours, and stock Material's.
    """
    ours, other = visits
    rows = (
        (
            "start page, all that is loaded, compressed",
            f"{ours.sent / 1000:.0f} kB",
            f"{other.sent / 1000:.0f} kB",
            ours.sent / other.sent,
            "1.1",
        ),
        (
            "largest contentful paint, slow 4G",
            seconds(ours.paint),
            seconds(other.paint),
            ours.paint / other.paint,
            "1",
        ),
        ("`mkdocs build`, processor time", *map(seconds, builds), builds[0] / builds[1], "1.25"),
    )
    lines = ["| | the site | stock Material | ratio | at most |", "|---|---|---|---|---|"]
    lines += [
        f"| {name} | {one} | {two} | {ratio:.2f} | {limit} |"
        for name, one, two, ratio, limit in rows
    ]
    lines.append(f"| layout shift | {ours.shift:.3f} | {other.shift:.3f} | | 0 |")
    return "\n".join(lines)


def _alternate(*builds: Callable[[], None]) -> list[float]:
    """The median processor time of each; taken in turns, so that a busy machine hits all alike."""
    times: list[list[float]] = [[] for _ in builds]
    for _ in range(_BUILDS):
        for found, build in zip(times, builds, strict=True):
            before = _processor_time()
            build()
            found.append(_processor_time() - before)
    return [statistics.median(found) for found in times]


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _mkdocs(*arguments: str | Path) -> None:
    subprocess.run(  # noqa: S603 - our own interpreter's mkdocs
        [_program(), *arguments, "--quiet"], cwd=ROOT, env=_environment(), check=True
    )


def _program() -> Path:
    return Path(sys.executable).with_name("mkdocs")


def _environment() -> dict[str, str]:
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


@contextmanager
def _served(site: Path) -> Iterator[str]:
    """Serve a folder, compressed, as a web server does."""
    app = Starlette(middleware=[Middleware(GZipMiddleware, compresslevel=6)])
    app.mount("/", StaticFiles(directory=site, html=True))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join()


async def _visits(ours: Path, other: Path) -> list[Visit]:
    with _served(ours) as site, _served(other) as rival:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=[*_FLAGS])
            found: dict[str, list[Visit]] = {site: [], rival + stock.START: []}
            for _ in range(_TIMES):
                for address, visits in found.items():
                    visits.append(await _visit(browser, address))
            await browser.close()
    return [
        Visit(
            visits[0].sent,
            statistics.median(visit.paint for visit in visits),
            max(visit.shift for visit in visits),
        )
        for visits in found.values()
    ]


async def _visit(browser: Browser, address: str) -> Visit:
    context = await browser.new_context(viewport={"width": 412, "height": 823})
    page = await context.new_page()
    requests: list[Any] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108 - it marks what it is given
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", _SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    await page.goto(address)
    await page.wait_for_load_state("networkidle")
    seen = await page.evaluate(_PAINT)
    sent = sum([(await request.sizes())["responseBodySize"] for request in requests])
    await context.close()
    return Visit(sent, seen["paint"] / 1000, seen["shift"])


def _changes(folder: Path) -> Iterator[float]:
    """Seconds from an editor's change until the served page shows it."""
    kept = ("checker", "docs", "overrides", "requirements", "scripts", "mkdocs.yml")
    folder.mkdir()
    for name in kept:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / ".cache").symlink_to(ROOT / ".cache")
    page = folder / "docs" / "de" / "problems" / "tls-version.md"
    text = page.read_text(encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 - our own interpreter's mkdocs
        [_program(), "serve", "--quiet", "--dev-addr", "127.0.0.1:8765"],
        cwd=folder,
        env=_environment(),
    ) as process:
        try:
            _wait_for("<h1")
            for number in range(_CHANGES):
                mark = f"Changed for the {number}. time."
                page.write_text(f"{text}\n{mark}\n", encoding="utf-8")
                began = time.monotonic()
                _wait_for(mark)
                yield time.monotonic() - began
        finally:
            process.terminate()


def _wait_for(text: str) -> None:
    address = "http://127.0.0.1:8765/problems/tls-version/"
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError(f"mkdocs serve never showed {text!r}")


def _lighthouse(site: Path) -> str:
    """The median of three runs for each page."""
    program = packages.installed("lighthouse") / "lighthouse" / "cli" / "index.js"
    lines = ["| Lighthouse, mobile | " + " | ".join(_CATEGORIES) + " |", "|---|---|---|---|---|"]
    with _served(site) as origin:
        for path in _LIGHTHOUSE_PAGES:
            runs = [_audit(program, origin + path) for _ in range(3)]
            scores = [statistics.median(run[name] for run in runs) for name in _CATEGORIES]
            lines.append(f"| /{path} | " + " | ".join(f"{score:.0f}" for score in scores) + " |")
    return "\n".join(lines)


def _audit(program: Path, address: str) -> dict[str, float]:
    options = ("--quiet", "--output=json", f"--only-categories={','.join(_CATEGORIES)}")
    done = subprocess.run(  # noqa: S603 - a locked package, and an address of ours
        [
            *npm.node(),
            program,
            address,
            *options,
            f"--chrome-flags=--headless=new {_FLAGS[0]}",
        ],
        env={**os.environ, "CHROME_PATH": _CHROMIUM},
        capture_output=True,
        text=True,
        timeout=_PATIENCE * 2,
        check=True,
    )
    report = json.loads(done.stdout)
    for name, audit in report["audits"].items():
        if (
            audit["score"] is not None
            and audit["score"] < 1
            and audit["scoreDisplayMode"] == "binary"
        ):
            sys.stderr.write(f"{address}: {name}: {audit['title']}\n")
    return {name: report["categories"][name]["score"] * 100 for name in _CATEGORIES}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
