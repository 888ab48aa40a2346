"""When a page was last changed, and where that is known."""

import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from scripts.hooks import changed
from tests.site.pages import LANGUAGES, ROOT, page

FIRST, SECOND, THIRD = "2026-01-05", "2026-03-07", "2026-05-09"


def _git(folder: Path, *arguments: str, day: str = FIRST) -> None:
    who = {
        f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    when = {f"GIT_{role}_DATE": f"{day}T12:00:00Z" for role in ("AUTHOR", "COMMITTER")}
    subprocess.run(  # noqa: S603 - fixed arguments
        ["git", *arguments],  # noqa: S607 - the system's git
        cwd=folder,
        env={**os.environ, **who, **when},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a history of three days; the middle one is about a snippet."""
    root = tmp_path / "project"
    for folder in ("docs/de/snippets", "checker/operators"):
        (root / folder).mkdir(parents=True)
    _git(root, "init", "--quiet")
    for day, path, text in [
        (FIRST, "docs/de/größe.md", '# A\n--8<-- "de/snippets/outer.md"\n'),
        (FIRST, "docs/de/snippets/outer.md", '    --8<-- "de/snippets/inner.md"\n'),
        (SECOND, "docs/de/snippets/inner.md", "x"),
        (THIRD, "docs/de/other.md", "x"),
    ]:
        (root / path).write_text(text, encoding="utf-8")
        _git(root, "add", "--all", day=day)
        _git(root, "commit", "--quiet", "--message", "x", day=day)
    return root


@pytest.mark.programs
def test_a_page_is_as_new_as_what_is_put_into_it(project: Path) -> None:
    days = changed.known_days(project)
    paths = changed.sources(project / "docs", "de/größe.md")
    assert {days[path].isoformat() for path in paths} == {FIRST, SECOND}
    assert days["docs/de/other.md"] == date.fromisoformat(THIRD)


@pytest.mark.programs
def test_a_shallow_clone_knows_no_dates(project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    _git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{project}", str(clone))
    assert changed.known_days(clone) == {}


@pytest.mark.programs
def test_without_a_repository_or_without_git_there_are_no_dates(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert changed.known_days(tmp_path) == {}
    monkeypatch.setenv("PATH", "")
    assert changed.known_days(project) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_what_git_says_of_it(site: Path, language: str) -> None:
    days = changed.known_days(ROOT)
    for name in ("about", "problems/tls-version"):
        paths = changed.sources(ROOT / "docs", f"{language}/{name}.md")
        expected = [max(days[path] for path in paths if path in days).isoformat()] if days else []
        shown = [time["datetime"] for time in page(site, language, name).all("time")]
        assert shown == expected, name


def test_the_sitemap_has_both_languages_and_no_day_of_the_build(published: Path) -> None:
    text = (published / "sitemap.xml").read_text(encoding="utf-8")
    places = set(re.findall(r"<loc>([^<]*)</loc>", text))
    pages = {
        f"https://zustellbar.example/{path.parent.relative_to(published).as_posix()}/".replace(
            "/./", "/"
        )
        for path in published.rglob("index.html")
        if path.relative_to(published).parts[0] not in {"p", "o"}
    }
    assert places == pages
    days = {day.isoformat() for day in changed.known_days(ROOT).values()}
    assert set(re.findall(r"<lastmod>([^<]*)</lastmod>", text)) <= days
