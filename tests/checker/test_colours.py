"""Whether a sender's colour can be read on."""

import pytest

from checker.operators.colours import contrast, is_colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#000000", 21),
        ("#FFFFFF", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_the_contrast_of_two_colours(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("text", ["#1d4a66", "#ABCDEF"])
def test_a_colour(text: str) -> None:
    assert is_colour(text)


@pytest.mark.parametrize(
    "text", ["", "red", "#fff", "1d4a66", "#1d4a66 ", "#1d4a6g", "#1d4a6\u0663", "#1d4a66\n"]
)
def test_what_is_no_colour(text: str) -> None:
    assert not is_colour(text)
