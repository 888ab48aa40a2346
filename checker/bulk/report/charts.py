"""Bars as SVG. Each bears its name and its number, so that nothing depends on colour."""

from collections.abc import Sequence

import drawsvg  # type: ignore[import-untyped]

_WIDTH = 640
_ROW = 44
_BAR = 16
_FONT = 15
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
    drawing = drawsvg.Drawing(_WIDTH, _ROW * len(rows), role="img")
    for number, (label, count) in enumerate(rows):
        top = number * _ROW
        length = max(2, (_WIDTH - _NUMBER) * count // longest) if count else 0
        drawing.append(drawsvg.Text(label, _FONT, 0, top + _FONT, fill="currentColor"))
        drawing.append(
            drawsvg.Rectangle(0, top + _FONT + 6, length, _BAR, class_="bar", fill="currentColor")
        )
        drawing.append(
            drawsvg.Text(
                str(count), _FONT, length + 8, top + _FONT + 6 + _BAR - 2, fill="currentColor"
            )
        )
    text: str = drawing.as_svg(header="", skip_js=True, skip_css=True)
    return text
