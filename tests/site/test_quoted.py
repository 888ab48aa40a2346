"""What other people's servers say is marked as English on German pages."""

import re
from pathlib import Path

from checker.problems import PROBLEMS

SECTION = re.compile(r'<h2 id="messages">.*?(?=<h2|\Z)', re.DOTALL)


def _blocks(site: Path, folder: str) -> list[str]:
    """The beginning of each block in the sections with messages."""
    return [
        block
        for problem in PROBLEMS
        for section in SECTION.findall((site / folder / problem / "index.html").read_text("utf-8"))
        for block in re.findall(r"<pre[^>]*>", section)
    ]


def test_the_blocks_with_messages_name_their_language(site: Path) -> None:
    assert set(_blocks(site, "problems")) == {'<pre lang="en">'}
    assert set(_blocks(site, "en/problems")) == {"<pre>"}


def test_what_is_not_a_message_has_the_page_s_language(site: Path) -> None:
    page = (site / "problems" / "tls-version" / "index.html").read_text(encoding="utf-8")
    assert '<pre lang="en">' not in SECTION.sub("", page)
