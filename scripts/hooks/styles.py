"""Leaves the comments in our style sheets and scripts to those who read the sources.

No visitor loads them, nor the indentation of the scripts.
"""

import re
from pathlib import Path

_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)

# No text in the scripts goes over several lines, so no line of a text begins so.
_LINE_COMMENT_OR_INDENTATION = re.compile(r"^[ \t]*(?://.*\n|(?=\S))", re.MULTILINE)

_SCRIPTS = ("assets/check/*.js", "assets/paste/*.js", "assets/*.js")


def shorten(site: Path) -> None:
    """Take out of the copied style sheets and scripts what no browser needs."""
    for path in site.glob("assets/*.css"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_COMMENT.sub("", text).lstrip(), encoding="utf-8")
    for pattern in _SCRIPTS:
        for path in site.glob(pattern):
            # A worker's name is that of its content.
            if not path.name.startswith("worker"):
                text = path.read_text(encoding="utf-8")
                path.write_text(_LINE_COMMENT_OR_INDENTATION.sub("", text), encoding="utf-8")
