"""Bars as SVG. Each bears its name and its number, so that nothing depends on colour.

No wider than a phone, where a wider one would be scaled until nobody could read it.
"""

import textwrap
from collections.abc import Sequence

import drawsvg  # type: ignore[import-untyped]

_WIDTH = 358
_LINE = 19
_GAP = 10
_BAR = 16
_FONT = 15
_CHARACTERS = 44
"""In a line: names are set in no wider letters than these."""

_NUMBER = 70
"""Units of width that are left for the number behind the longest bar."""


def bars(rows: Sequence[tuple[str, int]]) -> str:
    """A bar for each row, the first one at the top.

    Args:
        rows: What is counted, and how many.

    Returns:
        The SVG element, which takes its colours from the page; nothing where there are no rows.
    """
    if not rows:
        return ""
    longest = max(count for _, count in rows) or 1
    names = [textwrap.wrap(label, _CHARACTERS) or [""] for label, _ in rows]
    heights = [_LINE * len(lines) + _BAR + _GAP for lines in names]
    drawing = drawsvg.Drawing(_WIDTH, sum(heights))
    top = 0
    for lines, height, (_, count) in zip(names, heights, rows, strict=True):
        length = max(2, (_WIDTH - _NUMBER) * count // longest) if count else 0
        for number, line in enumerate(lines):
            drawing.append(_text(line, 0, top + _LINE * number + _FONT))
        bar = top + height - _GAP - _BAR
        drawing.append(drawsvg.Rectangle(0, bar, length, _BAR, class_="bar", fill="currentColor"))
        drawing.append(_text(str(count), length + 8 * bool(length), bar + _BAR - 3))
        top += height
    text: str = drawing.as_svg(header="", skip_js=True, skip_css=True)
    return text


def _text(text: str, left: int, base: int) -> drawsvg.Text:
    return drawsvg.Text(text, _FONT, left, base, fill="currentColor")
