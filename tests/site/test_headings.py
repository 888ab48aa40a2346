"""Words of headings that stay in one line, and all else as it was."""

import pytest

from scripts.hooks.headings import unbroken

MARKED = '<span class="unbroken">{}</span>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1 id='a'>Die E-Mail kam</h1>", f"<h1 id='a'>Die {MARKED.format('E-Mail')} kam</h1>"),
        ("<h2>my e-mail</h2>", f"<h2>my {MARKED.format('e-mail')}</h2>"),
        ("<h3>E-Mail-Dienst</h3>", f"<h3>{MARKED.format('E-Mail')}-Dienst</h3>"),
        ('<h2><a href="#e-mail">Weg</a></h2>', '<h2><a href="#e-mail">Weg</a></h2>'),
        ("<p>Die E-Mail</p>", "<p>Die E-Mail</p>"),
        ("<h1>A</h1><p>E-Mail</p><h2>B</h2>", "<h1>A</h1><p>E-Mail</p><h2>B</h2>"),
    ],
)
def test_an_e_mail_in_a_heading_is_kept_whole(html: str, expected: str) -> None:
    assert unbroken(html) == expected
