"""Makes the links of a built site work without a server, where a folder has no page of its own."""

import re
import sys
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from scripts.hooks import safety

_LINK = re.compile(r"(?P<before><a\b[^>]*?\bhref=\"?)(?P<path>[^\"#?\s>:]*)(?=[\"#?\s>])")


def rewrite(site: Path) -> None:
    """Let every link to a folder of the site lead to the page in it.

    Args:
        site: The built site; its pages are changed in place.
    """
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        html = _LINK.sub(partial(_with_page, page=page, site=site), html)
        # A file has no origin, so a browser may take nothing for the page's own.
        page.write_text(safety.without_policy(html), encoding="utf-8")


def _with_page(link: re.Match[str], *, page: Path, site: Path) -> str:
    path = unquote(link["path"])
    # The page for wrong addresses counts from the site's root.
    folder = site / path.lstrip("/") if path.startswith("/") else page.parent / path
    if not path or not (folder / "index.html").is_file():
        return link[0]
    start = link["path"].rstrip("/")
    if path.startswith("/"):
        start = ("." + start).rstrip("/")
    return f"{link['before']}{start}/index.html"


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
