"""How big the paste box's runtime is, and how long a visitor waits for the first answer.

python -m scripts.benchmarks.paste
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.async_api import BrowserContext, Playwright, async_playwright

from scripts.benchmarks.table import seconds
from scripts.runtime.build import Runtime, build
from scripts.runtime.errors import RuntimeBuildError
from tests.runtime.place import READ, served

_TIMES = 5
_NO_PYTHON = (0, 0)
"""A compiler of no version leaves everything as Pyodide ships it."""

# Megabits per second, and milliseconds until something comes back.
_LINES = {"10 Mbit/s": (10.0, 40), "1.6 Mbit/s": (1.6, 150)}
_REPORT = {"text": "<anna@example.org>: Server certificate not trusted"}

# Chromium writes the compiled code down a while after it was used.
_WRITTEN_DOWN = 3.0

_MEASURE = f"""async (given) => {{
  const began = performance.now();
  const said = await ({READ})(given);
  return said.answers[0].type === "answer" ? (performance.now() - began) / 1000 : null;
}}"""


def main() -> int:
    """Print the sizes and the times as Markdown."""
    try:
        ours, shipped = build(best=True), build(best=True, python=_NO_PYTHON)
    except RuntimeBuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _say(sizes(ours.sizes(), ours.sizes(".gz"), ours.sizes(".br")))
    runtimes = {"the paste box's": ours, "as Pyodide ships it": shipped}
    _say("\n" + asyncio.run(_times(runtimes)))
    return 0


def sizes(raw: Mapping[str, int], gzip: Mapping[str, int], brotli: Mapping[str, int]) -> str:
    """A table of the files.

    Args:
        raw: File -> bytes.
        gzip: The same, of the copies.
        brotli: The same.
    """
    columns = (raw, gzip, brotli)
    rows = {name: [column[name] for column in columns] for name in raw}
    rows["all"] = [sum(column.values()) for column in columns]
    lines = ["| kB | raw | gzip | brotli |", "|---|---|---|---|"]
    lines += [
        f"| {name} | " + " | ".join(f"{count / 1000:,.1f}" for count in counts) + " |"
        for name, counts in rows.items()
    ]
    return "\n".join(lines)


async def _times(runtimes: Mapping[str, Runtime]) -> str:
    lines = [
        f"| first answer | brotli | cold | warm | {' | '.join(_LINES)} |",
        "|---|---|---|---|" + "---|" * len(_LINES),
    ]
    async with async_playwright() as playwright:
        for name, runtime in runtimes.items():
            sys.stderr.write(f"{name}\n")
            with tempfile.TemporaryDirectory() as folder:
                async with served(runtime, Path(folder)) as place:
                    times = await _visits(playwright, place.origin)
            wire = sum(runtime.sizes(".br").values()) / 1_000_000
            lines.append(f"| {name} | {wire:.2f} MB | {' | '.join(map(seconds, times))} |")
    return "\n".join(lines)


async def _visits(playwright: Playwright, origin: str) -> list[float]:
    """Seconds on the first visit, on a later one, and on the first over each of the lines."""
    cold, warm = [], []
    for _ in range(_TIMES):
        first, later = await _visit(playwright, origin, again=True)
        cold.append(first)
        warm.append(later)
    slow = [(await _visit(playwright, origin, line))[0] for line in _LINES.values()]
    return [statistics.median(cold), statistics.median(warm), *slow]


async def _visit(
    playwright: Playwright,
    origin: str,
    line: tuple[float, int] | None = None,
    *,
    again: bool = False,
) -> list[float]:
    """The first visit of a new browser, and perhaps a later one."""
    with tempfile.TemporaryDirectory() as profile:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        times = [await _wait(context, origin, line)]
        if again:
            # The browser keeps the code once it has seen it used twice.
            await _wait(context, origin, line)
            await asyncio.sleep(_WRITTEN_DOWN)
            times.append(await _wait(context, origin, line))
        await context.close()
    return times


async def _wait(context: BrowserContext, origin: str, line: tuple[float, int] | None) -> float:
    page = await context.new_page()
    await page.goto(origin)
    if line:
        session = await context.new_cdp_session(page)
        bits, latency = line
        await session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency,
                "downloadThroughput": bits * 1_000_000 / 8,
                "uploadThroughput": -1,
            },
        )
    time: float | None = await page.evaluate(_MEASURE, [origin, "worker.js", [_REPORT]])
    if time is None:
        raise RuntimeError("the worker did not read the report")
    await asyncio.sleep(_WRITTEN_DOWN / 2)
    await page.close()
    return time


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
