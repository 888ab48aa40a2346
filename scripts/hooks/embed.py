"""Gives the form inside pages of others its style sheet: of the site's own no more than it needs.

Material's is too heavy there. What stands in its place comes first, then the parts of the site's
style sheet that lie between two marks.
"""

import re
from pathlib import Path

SHEET = "assets/embed.css"

_PARTS = re.compile(
    r"/\* From here on also of the form .*? \*/\n(.*?)/\* Up to here\. \*/", re.DOTALL
)


def write(sources: Path, site: Path) -> None:
    """Write the style sheet.

    Args:
        sources: The folder that has both style sheets as they are written.
        site: Where the site is built.
    """
    ground = (sources / SHEET).read_text(encoding="utf-8")
    parts = _PARTS.findall((sources / "assets" / "site.css").read_text(encoding="utf-8"))
    (site / SHEET).write_text("\n".join((ground, *parts)), encoding="utf-8")
