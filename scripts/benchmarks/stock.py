"""Material for MkDocs as it comes, to compare the site with: the same pages, and none of our parts.

Only the fonts are left out, which stock Material takes from another origin.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from scripts.benchmarks import completed

ROOT = Path(__file__).resolve().parents[2]

START = "de/"
"""Where the start page is."""

_ARTICLE = ("<article", "</article>")
_TIMEOUT = 300


def settings(docs: Path, site: Path, nav: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """A configuration for mkdocs.

    Args:
        docs: The folder of the sources.
        site: Where the site is to be built.
        nav: The pages in the navigation.
    """
    toggles = ({"scheme": "default"}, {"scheme": "slate"})
    return {
        "site_name": "Zustellbar",
        "docs_dir": str(docs),
        "site_dir": str(site),
        "theme": {
            "name": "material",
            "language": "de",
            "font": False,
            "features": ["navigation.tabs", "content.code.copy"],
            "palette": [
                {**scheme, "toggle": {"icon": "material/weather-night", "name": "Darstellung"}}
                for scheme in toggles
            ],
        },
        "nav": list(nav),
        "plugins": [{"search": {"lang": ["de", "en"]}}],
        "exclude_docs": "snippets/\nconfigurations/\n/*.yml\n/*.txt\n",
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "md_in_html",
            "tables",
            {"toc": {"permalink": "#", "toc_depth": 3}},
            "pymdownx.details",
            "pymdownx.superfences",
            {"pymdownx.snippets": {"base_path": [str(ROOT / "docs")], "check_paths": True}},
        ],
    }


def build(config: Mapping[str, Any], folder: Path) -> None:
    """Build a site; the configuration is written into the folder."""
    file = folder / "mkdocs.yml"
    file.write_text(yaml.safe_dump(dict(config), allow_unicode=True), encoding="utf-8")
    mkdocs = Path(sys.executable).with_name("mkdocs")
    subprocess.run(  # noqa: S603 - our own interpreter's mkdocs
        [mkdocs, "build", "--quiet", "--config-file", file],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        timeout=_TIMEOUT,
        check=True,
    )


def all_pages(site: Path, folder: Path) -> dict[str, Any]:
    """The configuration of a site with all of our pages, and the same start page as ours.

    Only at the start stands also what our templates add to a page, such as the form.

    Args:
        site: Our built site.
        folder: An empty one, for the sources and the stock site in ``site``.
    """
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs)
    completed.write(docs)
    # Pages in a frame of our own are nothing but that frame.
    for page in docs.rglob("*.md"):
        if "\ntemplate: " in page.read_text(encoding="utf-8").partition("\n---")[0]:
            page.unlink()
    html = (site / "index.html").read_text(encoding="utf-8")
    begin, end = _ARTICLE
    article = html.partition(begin)[2].partition(">")[2].partition(end)[0]
    (docs / START / "index.md").write_text(f"<div>{article}</div>\n", encoding="utf-8")
    ours = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=_Tolerant)  # noqa: S506 - a safe one
    nav = [{title: f"{START}{path}"} for entry in ours["nav"] for title, path in entry.items()]
    return settings(docs, folder / "site", nav)


class _Tolerant(yaml.SafeLoader):
    """Reads mkdocs' own tags as nothing."""


_Tolerant.add_multi_constructor("!", lambda _loader, _suffix, _node: None)
