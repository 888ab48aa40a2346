"""The table of pictures: each has a name of its own, and both languages and both schemes occur."""

from collections import Counter

from scripts.shots.states import STATES


def test_no_picture_overwrites_another() -> None:
    assert [
        name for name, count in Counter(state.name for state in STATES).items() if count > 1
    ] == []


def test_the_pictures_show_every_language_scheme_and_medium() -> None:
    assert {state.language for state in STATES} == {"de", "en"}
    assert {state.scheme for state in STATES} == {"light", "dark"}
    assert {state.media for state in STATES} == {"screen", "print"}
