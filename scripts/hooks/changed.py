"""When a page was last changed: what git knows of its own text and of all that is put into it.

Without git, outside a repository and in a shallow clone, whose oldest commit seems to have changed
everything, no date is better than a wrong one. The day of the build is never shown, so that the
same sources make the same site.
"""

import re
import subprocess
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from mkdocs.structure.pages import Page

DATE = "changed"
"""Where templates find the day in the page's front matter."""

SOURCE = "source"
"""Where they find the page's file, as a path in the project."""

_SNIPPET = re.compile(r'--8<-- "(?P<path>[^"]+)"')
_UNKNOWN = date(1970, 1, 1)
_COMMIT = "\x01"
_SOURCES = ("docs", "checker/operators", "sites")


def note(page: Page, root: Path, own: Path | None = None) -> None:
    """Put the page's file and the day of its last change into its front matter and the sitemap.

    Args:
        page: The page.
        root: The project.
        own: The file that a sender has in place of the project's.
    """
    days = known_days(root)
    operator = page.meta.get("operator")
    paths = {f"checker/operators/{operator}.toml"} if operator else set()
    if own:
        page.meta[SOURCE] = own.relative_to(root).as_posix()
        paths.add(page.meta[SOURCE])
    else:
        page.meta[SOURCE] = f"docs/{page.file.src_uri}"
        paths |= sources(root / "docs", page.file.src_uri)
    days_of_page = [days[path] for path in paths if path in days]
    newest = max(days_of_page, default=None)
    page.meta[DATE] = newest
    # mkdocs would say the day of the build, and it insists on a day.
    page.update_date = (newest or _UNKNOWN).isoformat()


def only_known(sitemap: str) -> str:
    """The sitemap without the days that nobody knows."""
    return re.sub(rf"\s*<lastmod>{_UNKNOWN.isoformat()}</lastmod>", "", sitemap)


@cache
def sources(docs: Path, page: str) -> frozenset[str]:
    """The page's file and the snippets in it, and in those, as paths in the project.

    As they were when a build first asked for them.
    """
    path = docs / page
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    inner = (sources(docs, snippet["path"]) for snippet in _SNIPPET.finditer(text))
    return frozenset({f"docs/{page}"}).union(*inner)


@cache
def known_days(root: Path) -> Mapping[str, date]:
    """The day of each file's last commit, as far as git knows; empty where it cannot be trusted."""
    if _git(root, "rev-parse", "--is-shallow-repository") != "false\n":
        return {}
    log = ("log", "--relative", "--name-only", "--no-renames", f"--format={_COMMIT}%as")
    days: dict[str, date] = {}
    # Newest first.
    for commit in _git(root, "-c", "core.quotePath=false", *log, "--", *_SOURCES).split(_COMMIT)[
        1:
    ]:
        day, *paths = commit.splitlines()
        changed = date.fromisoformat(day)
        for path in filter(None, paths):
            days.setdefault(path, changed)
    return days


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, and no shell
            ["git", *arguments],  # noqa: S607 - the git of whoever builds
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
