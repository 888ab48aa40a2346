"""Both languages by turns: a page does in one what it does in the other, in other words.

That both have the same words and pages is tried without a browser. So each test visits in one of
them, half of all tests in German, and with ``--all`` in the other one too.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest

from tests.browser.expected import LANGUAGES

Test = Callable[..., Any]


def in_a_language(test: Test) -> Test:
    """Give a test its ``language``: one by the test's name, and the other one with ``--all``."""
    turn = crc32(test.__name__.encode()) % len(LANGUAGES)
    first, *others = (*LANGUAGES[turn:], *LANGUAGES[:turn])
    repeated = (pytest.param(other, marks=pytest.mark.repeats) for other in others)
    return pytest.mark.parametrize("language", [first, *repeated])(test)


def in_the_longer_language(test: Test) -> Test:
    """Give a test of what has to fit its ``language``: German, and English with ``--all``."""
    repeated = pytest.param("en", marks=pytest.mark.repeats)
    return pytest.mark.parametrize("language", ["de", repeated])(test)
