"""Makes ``mkdocs serve`` show a changed page at once: it builds that page and not the whole site.

What other pages take from a page is its front matter, so a change of that builds the whole site, as
does a change of anything else. The search finds what it found at the last whole build.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

_FENCE = "---"
_OF_MANY = "snippets"

_log = logging.getLogger("mkdocs.hooks.preview")


class Preview:
    """Builds a served site anew after each change."""

    def __init__(self, config: MkDocsConfig, whole: Callable[[], None]) -> None:
        """Take the site as it was just built.

        Args:
            config: Of the running preview.
            whole: Builds the whole site.
        """
        self._config = config
        # mkdocs puts there where it serves.
        self._address = config.site_url
        self._docs = Path(config.docs_dir)
        self._whole = whole
        self._times = self._look()
        self._fronts = {path: front(path) for path in self._times if self._is_page(path)}

    def build(self) -> None:
        """Build the page that has changed; the whole site where more or something else has."""
        before, self._times = self._times, self._look()
        changed = {path for path, _ in before.items() ^ self._times.items()}
        pages = [path for path in changed if path in self._fronts and path in self._times]
        same = [path for path in pages if front(path) == self._fronts[path]]
        if len(same) == len(changed) == 1:
            self._build_page(same[0].relative_to(self._docs).parts[0])
            return
        self._fronts = {path: front(path) for path in self._times if self._is_page(path)}
        self._whole()

    def _build_page(self, language: str) -> None:
        config = load_config(
            self._config.config_file_path,
            site_dir=self._config.site_dir,
            site_url=self._address,
            dev_addr=":".join(map(str, self._config.dev_addr)),
        )
        # As where the plugin builds one of several languages, and others come later.
        i18n: Any = config.plugins["i18n"]
        i18n.current_language, i18n.building = language, True
        # It would know nothing but the one page.
        search: Any = config.plugins["material/search"]
        search.config.enabled = False
        quiet = logging.getLogger("mkdocs.commands.build")
        quiet.addFilter(_warns_of_nothing)
        try:
            build(config, serve_url=self._address, dirty=True)
        finally:
            quiet.removeFilter(_warns_of_nothing)
        _log.info("Built the changed page")

    def _look(self) -> dict[Path, int]:
        """When each watched file was last written."""
        folders = [self._docs, *map(Path, self._config.watch)]
        files = [Path(self._config.config_file_path)]
        files += [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return {path: path.stat().st_mtime_ns for path in files if path.suffix != ".pyc"}

    def _is_page(self, path: Path) -> bool:
        return (
            path.suffix == ".md"
            and path.is_relative_to(self._docs)
            and _OF_MANY not in path.relative_to(self._docs).parts
        )


def front(path: Path) -> str:
    """The front matter of a page as it is written."""
    text = path.read_text(encoding="utf-8")
    return text.split(_FENCE, 2)[1] if text.startswith(_FENCE) else ""


def _warns_of_nothing(record: logging.LogRecord) -> bool:
    """Drop mkdocs' warning that a partial build may miss what :class:`Preview` looks out for."""
    return "'dirty' build" not in record.getMessage()
