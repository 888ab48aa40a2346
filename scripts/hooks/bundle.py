"""Mends in Material's script what no style sheet and no template reaches.

Material puts a landmark without a name around the copy button of every code block, thirty on some
pages: whoever moves from landmark to landmark has to pass them all.
"""

import logging
from pathlib import Path

_LANDMARK = '"nav",{class:"md-code__nav"}'
_PLAIN = '"div",{class:"md-code__nav"}'

_log = logging.getLogger("mkdocs.hooks.bundle")


def mend(site: Path) -> None:
    """Take the landmarks out of the copied script; warn where they are not found any more."""
    for path in site.glob("assets/javascripts/bundle.*.js"):
        text = path.read_text(encoding="utf-8")
        if _PLAIN in text:
            continue
        if _LANDMARK not in text:
            _log.warning("%s has no %s: see scripts/hooks/bundle.py", path.name, _LANDMARK)
        path.write_text(text.replace(_LANDMARK, _PLAIN), encoding="utf-8")
