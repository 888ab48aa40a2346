"""Python in the browser reads every report as Python does anywhere else."""

import base64
import json
import tomllib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from checker import browser as outside
from checker.bounce.rules import RULES
from scripts.runtime import archive, library
from scripts.runtime.build import LIBRARY, Runtime, build
from tests.bounce.forms import FORMS
from tests.bounce.reports import CASES
from tests.bounce.tls_reports import GZIP, MAILS, MISMATCH
from tests.bounces.making import kept
from tests.bounces.senders import SENDERS
from tests.runtime.place import READ, Change, Place, served

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.asyncio(loop_scope="session")

CHARSETS = (
    "utf-16",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "koi8-r",
    "koi8-u",
    "iso-2022-jp",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "gb2312",
    "gb18030",
    "big5",
)

PART = """\
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: text/plain; charset={charset}
Content-Transfer-Encoding: 8bit

<anna@example.org>: certificate has expired ({word})
"""

WORDS = {
    "iso-8859-5": "\u041e\u0448\u0438\u0431\u043a\u0430",
    "windows-1251": "\u041e\u0448\u0438\u0431\u043a\u0430",
    "koi8-r": "\u041e\u0448\u0438\u0431\u043a\u0430",
    "koi8-u": "\u041f\u043e\u043c\u0438\u043b\u043a\u0430",
    "iso-2022-jp": "\u30a8\u30e9\u30fc",
    "shift_jis": "\u30a8\u30e9\u30fc",
    "euc-jp": "\u30a8\u30e9\u30fc",
    "euc-kr": "\uc624\ub958",
    "gb2312": "\u9519\u8bef",
    "gb18030": "\u9519\u8bef",
    "big5": "\u932f\u8aa4",
}

SHORT = {"text": "certificate has expired"}

ODD: tuple[str | bytes, ...] = (
    "",
    b"",
    "\ud800 certificate has expired",
    "\0<anna@example.org>: certificate has expired\0",
    bytes(range(256)),
    "\N{PILE OF POO}" * 9_000,
)


def everything(*, whole: bool) -> list[str | bytes]:
    """Every report of the tests, as text and as the octets of a file.

    Args:
        whole: Whether with the reports of each version of a mail server; else of the newest.
    """
    texts = [rule.example for rule in RULES]
    texts += [case.text for case in CASES]
    for path in sorted((ROOT / "tests" / "bounce" / "texts").glob("*.toml")):
        for some in tomllib.loads(path.read_text(encoding="utf-8")).values():
            texts += some
    actions = tomllib.loads((ROOT / "tests" / "bounce" / "actions.toml").read_text("utf-8"))
    folders = [kept(sender)[0 if whole else -1 :] for sender in SENDERS.values()]
    files = [file for some in folders for folder in some for file in sorted(folder.glob("*.eml"))]
    real = [file.read_bytes() for file in files]
    in_charsets = [
        PART.format(charset=charset, word=WORDS.get(charset, "f\xfcr")).encode(charset, "replace")
        for charset in CHARSETS
    ]
    return [
        *texts,
        *(case.text.encode() for case in CASES),
        *(form.report for form in FORMS),
        *(text for some in actions.values() for text in some),
        *(MISMATCH, GZIP, *MAILS.values()),
        *real,
        *in_charsets,
        *ODD,
    ]


def sent(report: str | bytes) -> dict[str, str]:
    """A report on its way into the browser."""
    if isinstance(report, str):
        return {"text": report}
    return {"base64": base64.b64encode(report).decode()}


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    """The runtime as a preview of the site has it."""
    return build()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """The runtime on a server."""
    async with served(runtime, tmp_path_factory.mktemp("runtime")) as place:
        yield place


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """An empty page of a browser that has seen nothing yet."""
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


async def read(page: Page, origin: str, *inputs: dict[str, Any]) -> dict[str, Any]:
    """Have the worker read reports; everything that it says."""
    await page.goto(origin)
    said: dict[str, Any] = await page.evaluate(READ, [origin, "worker.js", inputs])
    return said


async def test_every_report_is_read_as_outside_the_browser(
    page: Page, place: Place, pytestconfig: pytest.Config
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    reports = everything(whole=pytestconfig.getoption("all"))
    answers = (await read(page, place.origin, *map(sent, reports)))["answers"]
    assert len(answers) == len(reports)
    for report, answer in zip(reports, answers, strict=True):
        assert answer.get("answer") == json.loads(outside.read(report)), report[:200]
    assert complaints == []


async def test_every_module_that_is_kept_is_complete(
    page: Page, place: Place, runtime: Runtime
) -> None:
    kept = archive.read((runtime.folder / LIBRARY).read_bytes())
    # Where nothing was compiled nothing was left out, and some modules are for other systems.
    names = sorted(library.name_of(path.removesuffix("c")) for path in kept if path.endswith("c"))
    assert bool(names) is runtime.compiled
    script = f"""
import importlib, json
missing = {{}}
for name in {names}:
    try:
        importlib.import_module(name)
    except ImportError as error:
        missing[name] = str(error)
json.dumps(missing)
"""
    await page.goto(place.origin)
    missing = await page.evaluate(
        """async ([base, script]) => {
          const { loadPyodide } = await import(`${base}pyodide.mjs`);
          return (await loadPyodide({ indexURL: base })).runPython(script);
        }""",
        [f"{place.origin}/runtime/", script],
    )
    # These are of another system, and nothing imports them here.
    elsewhere = {"encodings.mbcs", "encodings.oem"}
    assert {name: why for name, why in json.loads(missing).items() if name not in elsewhere} == {}


async def test_progress_counts_every_byte(page: Page, place: Place, runtime: Runtime) -> None:
    said = await read(page, place.origin, SHORT)
    total = sum(runtime.sizes().values())
    loaded = [count for count, _ in said["progress"]]
    assert {whole for _, whole in said["progress"]} == {total}
    assert (loaded[0], loaded[-1]) == (0, total)
    assert loaded == sorted(loaded)
    # A bar that moves a few times only would stand still on a slow line.
    assert len(set(loaded)) > 20


async def test_what_is_too_big_is_refused_and_the_next_is_read(page: Page, place: Place) -> None:
    size = outside.MAXIMUM_INPUT + 1
    said = await read(page, place.origin, {"characters": size}, {"octets": size}, SHORT)
    assert [(answer["type"], answer["id"]) for answer in said["answers"]] == [
        ("failed", 0),
        ("failed", 1),
        ("answer", 2),
    ]
    assert {answer.get("reason") for answer in said["answers"][:2]} == {"too-big"}


def without(name: str, folder: Path) -> None:
    """Take a file away."""
    for path in (folder / "runtime").glob(f"{name}*"):
        path.unlink()


def changed(name: str, content: bytes, folder: Path) -> None:
    """Put something else in a file's place."""
    without(name, folder)
    (folder / "runtime" / name).write_bytes(content)


def cut(name: str, folder: Path) -> None:
    """Leave half of a file."""
    content = (folder / "runtime" / name).read_bytes()
    changed(name, content[: len(content) // 2], folder)


def not_webassembly(folder: Path) -> None:
    """Put as many bytes there that a browser cannot run."""
    name = "pyodide.asm.wasm"
    changed(name, b"\0asm\xff".ljust((folder / "runtime" / name).stat().st_size, b"\0"), folder)


def no_webassembly(folder: Path) -> None:
    """Be a browser that has none."""
    worker = folder / "worker.js"
    worker.write_text(f"delete self.WebAssembly;\n{worker.read_text()}")


def broken_rules(folder: Path) -> None:
    """Be a fault of ours: as many bytes, and no archive."""
    name = "checker.zip"
    changed(name, b"\0" * (folder / "runtime" / name).stat().st_size, folder)


FAULTS: dict[str, tuple[Change, str]] = {
    **{
        f"no {name}": (partial(without, name), "download")
        for name in ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", LIBRARY, "checker.zip")
    },
    **{
        f"half of {name}": (partial(cut, name), "download")
        for name in ("pyodide.asm.wasm", LIBRARY, "checker.zip")
    },
    "a page in place of the library": (
        partial(changed, LIBRARY, b"<!doctype html><title>Log in</title>"),
        "download",
    ),
    "WebAssembly that does not run": (not_webassembly, "unsupported"),
    "no WebAssembly": (no_webassembly, "unsupported"),
    "no rules": (broken_rules, "unexpected"),
}


@pytest.mark.parametrize(("change", "reason"), FAULTS.values(), ids=FAULTS.keys())
async def test_a_fault_is_told(
    page: Page, runtime: Runtime, tmp_path: Path, change: Change, reason: str
) -> None:
    async with served(runtime, tmp_path, change) as place:
        said = await read(page, place.origin)
    (failure,) = said["answers"]
    assert (failure["type"], failure["reason"]) == ("failed", reason)
    assert failure.get("id") is None
