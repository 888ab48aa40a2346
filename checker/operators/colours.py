"""Colours that an operator's file names, and whether they can be read on."""

import re

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, success criterion 1.4.3)."""

WHITE = "#ffffff"

_STRAIGHT_UNTIL = 0.04045
"""Where the curve of sRGB begins to bend (IEC 61966-2-1)."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)


def is_colour(text: str) -> bool:
    """Whether it is a colour such as ``#1d4a66``."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """How well one colour stands out from the other, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2), 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _STRAIGHT_UNTIL else ((channel + 0.055) / 1.055) ** 2.4
