"""Makes one style sheet of ours and of Material's: what a page waits for comes in one go.

The comments in ours are left to those who read the sources; no visitor loads them.
"""

import re
from pathlib import Path

from mkdocs.exceptions import BuildError

SHEET = "assets/site.css"
MATERIAL = ("assets/stylesheets/main.*.css", "assets/stylesheets/palette.*.css")
"""What comes before ours, in this order."""

_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)


def finish(site: Path) -> None:
    """Take the comments out of the copied style sheets, and put Material's into the site's.

    Raises:
        BuildError: Material has no longer exactly one of each.
    """
    for path in site.glob("assets/*.css"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_COMMENT.sub("", text).lstrip(), encoding="utf-8")
    sheets = []
    for pattern in MATERIAL:
        found = list(site.glob(pattern))
        if len(found) != 1:
            raise BuildError(f"{pattern} is there {len(found)} times: see scripts/hooks/styles.py")
        sheets += found
    sheet = site / SHEET
    texts = [path.read_text(encoding="utf-8") for path in (*sheets, sheet)]
    sheet.write_text("\n".join(texts), encoding="utf-8")
