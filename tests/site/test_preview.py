"""Who edits a page sees the change at once, on a page that is otherwise as it was."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mkdocs.config.defaults import MkDocsConfig

from scripts.hooks.preview import Preview
from tests.serving import ROOT, end

PATIENCE = 120
KEPT = ("checker", "docs", "overrides", "requirements", "scripts", "mkdocs.yml")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all that the site is built from."""
    folder = tmp_path_factory.mktemp("project")
    for name in KEPT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / ".cache").symlink_to(ROOT / ".cache")
    return folder


@pytest.fixture(scope="module")
def origin(project: Path) -> Iterator[str]:
    """Where ``mkdocs serve`` shows it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = "{}:{}".format(*free.getsockname())
    mkdocs = Path(sys.executable).with_name("mkdocs")
    with (
        (project / "log").open("wb") as log,
        subprocess.Popen(  # noqa: S603 - our own interpreter's mkdocs
            [mkdocs, "serve", "--dev-addr", place],
            cwd=project,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield f"http://{place}/"
        finally:
            end(process)


def shown(address: str, text: str) -> str:
    """The page as soon as it holds the text, without mkdocs' own script and its time."""
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        try:
            html = httpx.get(address, timeout=PATIENCE).text
        except httpx.TransportError:
            html = ""
        if text in html:
            return html.partition("<script>var livereload")[0].partition('<script src="/js/')[0]
        time.sleep(0.02)
    pytest.fail(f"{address} never showed {text!r}")


@pytest.mark.programs
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_changed_page_is_built_alone_and_is_otherwise_the_same(
    project: Path, origin: str, language: str
) -> None:
    start = "" if language == "de" else f"{language}/"
    address = f"{origin}{start}problems/tls-version/"
    before = shown(address, "<h1")
    page = project / "docs" / language / "problems" / "tls-version.md"
    page.write_text(page.read_text("utf-8") + "\nA new sentence.\n", "utf-8")
    after = shown(address, "A new sentence.")
    known = set(before.splitlines())
    new = [line for line in after.splitlines() if line not in known and "livereload" not in line]
    assert new == ["<p>A new sentence.</p>"]
    assert "Built the changed page" in (project / "log").read_text("utf-8")
    sections = httpx.get(f"{origin}{start}search/sections.json", timeout=PATIENCE)
    assert len(sections.content) > 100_000


@pytest.mark.parametrize(
    "change",
    [
        {"docs/de/a.md": "---\ntitle: New\n---\nText"},
        {"docs/de/a.md": "---\ntitle: A\n---\nNew", "docs/de/b.md": "---\ntitle: B\n---\nNew"},
        {"docs/de/new.md": "---\ntitle: New\n---\nText"},
        {"docs/de/snippets/s.md": "New"},
        {"overrides/main.html": "New"},
        {"mkdocs.yml": "new"},
    ],
)
def test_what_other_pages_may_show_builds_the_whole_site(
    tmp_path: Path, change: dict[str, str]
) -> None:
    files = {
        "docs/de/a.md": "---\ntitle: A\n---\nText",
        "docs/de/b.md": "---\ntitle: B\n---\nText",
        "docs/de/snippets/s.md": "Text",
        "overrides/main.html": "Text",
        "mkdocs.yml": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
        # So old that each new file is newer, however coarse the clock.
        os.utime(tmp_path / name, (0, 0))
    config = MkDocsConfig(config_file_path=str(tmp_path / "mkdocs.yml"))
    config.docs_dir = str(tmp_path / "docs")
    config.watch = [str(tmp_path / "overrides")]
    built = []
    preview = Preview(config, lambda: built.append("whole"))
    for name, text in change.items():
        (tmp_path / name).write_text(text, "utf-8")
    preview.build()
    assert built == ["whole"]
