"""Leaves the comments in our style sheets to those who read the sources; no visitor loads them."""

import re
from pathlib import Path

_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)


def shorten(site: Path) -> None:
    """Take the comments out of the copied style sheets."""
    for path in site.glob("assets/*.css"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_COMMENT.sub("", text).lstrip(), encoding="utf-8")
