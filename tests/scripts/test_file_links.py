"""A preview that is opened from a disk: no server finds the page in a folder."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scripts.previews.file_links import rewrite


def test_every_link_of_a_preview_leads_to_a_file(site: Path, tmp_path: Path) -> None:
    preview = tmp_path / "preview"
    shutil.copytree(site, preview)
    rewrite(preview)
    lost = set()
    for page in preview.rglob("*.html"):
        html = page.read_text("utf-8")
        assert "Content-Security-Policy" not in html, page
        for target in re.findall(r"<a\b[^>]*?\bhref=\"([^\"]*)\"", html):
            address = urlsplit(target)
            if address.scheme or address.netloc or not address.path:
                continue
            if not (page.parent / unquote(address.path)).resolve().is_file():
                lost.add((page.relative_to(preview).as_posix(), target))
    assert lost == set()
