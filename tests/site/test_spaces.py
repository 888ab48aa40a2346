"""What stays in one line, though a browser would break it."""

import pytest

from scripts.hooks.spaces import unbroken

FIXED = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("together", "before", "after"),
    [
        ("TLS 1.2", "mit ", " und"),
        ("§ 5", "gemäß ", " des"),
        ("30. Juni", "am ", " 2018"),
        ("15 October", "on ", " 2020"),
        ("TLS 1.3", "<td>", "</td>"),
    ],
)
def test_a_number_stays_with_its_word(together: str, before: str, after: str) -> None:
    expected = before + together.replace(" ", FIXED) + after
    assert unbroken(before + together + after) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<pre><code>offers no TLS 1.2 since 30. Juni</code></pre>",
        "<code>TLS 1.2</code>",
        '<a title="TLS 1.2" href="?q=TLS 1.2">',
        "in 2 Schritten, TLS und 1.2",
    ],
)
def test_what_is_code_or_no_number_stays_as_it_is(html: str) -> None:
    assert unbroken(html) == html
