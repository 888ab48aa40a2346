"""One style sheet for each page."""

from pathlib import Path

import pytest
from mkdocs.exceptions import BuildError

from scripts.hooks import styles
from tests.site.pages import page


def test_a_page_waits_for_one_style_sheet(site: Path) -> None:
    for path in ("", "problems/tls-version", "senders/profihost"):
        (link,) = page(site, "de", path).all("link", rel="stylesheet")
        assert link["href"].endswith(styles.SHEET)


def test_the_site_is_not_built_without_material_s(tmp_path: Path) -> None:
    (tmp_path / styles.SHEET).parent.mkdir(parents=True)
    (tmp_path / styles.SHEET).write_text("a {}")
    with pytest.raises(BuildError, match=r"main\.\*\.css is there 0 times"):
        styles.finish(tmp_path)
