"""The pages' Markdown as it is when our hooks have put in their lists, tables and examples."""

import tempfile
from pathlib import Path

import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.base import LegacyConfig
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]


def write(docs: Path) -> None:
    """Write each page in place of the one that an editor wrote.

    Args:
        docs: A copy of the folder of the sources.
    """
    with tempfile.TemporaryDirectory() as site:
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=site)
        config.plugins["completed"] = _Keeper(docs)
        build(config)


# mkdocs leaves its classes without types.
class _Keeper(BasePlugin[LegacyConfig]):  # type: ignore[no-untyped-call]
    def __init__(self, docs: Path) -> None:
        self._docs = docs

    @event_priority(-100)
    def on_page_markdown(
        self,
        markdown: str,
        page: Page,
        config: MkDocsConfig,  # noqa: ARG002 - mkdocs names its arguments
        files: Files,  # noqa: ARG002
    ) -> None:
        front = yaml.safe_dump(dict(page.meta), allow_unicode=True)
        text = f"---\n{front}---\n{markdown}"
        (self._docs / page.file.src_uri).write_text(text, encoding="utf-8")
