"""Puts each sender's finished configuration on the page for senders, and beside it as files.

They are those of ``checker.links``, with the site's own address in every link. What a file does
stands in the words of each language, by its name.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from mkdocs.exceptions import BuildError
from mkdocs.utils import get_relative_url

from checker import links
from checker.links import File, Mta, SiteError
from checker.operators import DEFAULT, Operator
from scripts.hooks import single, words

FOLDER = "links"
"""Where the files are, below the site: ``links/<sender>/<mail server>/<name>``."""

ADDRESS = "https://example.org/"
"""In the links of a preview, which has no address."""

_MARKER = re.compile(r"<!-- links: (?P<mta>[a-z]+) -->")

_PLACES = {Mta.POSTFIX: "/etc/postfix", Mta.EXIM: "/etc/exim4"}
"""Where the files are fetched to; Exchange takes a command file from anywhere."""


def fill(html: str, url: str, language: str, address: str) -> str:
    """Replace each marker by the configurations of all senders that the site knows.

    Args:
        html: The page's content.
        url: The page's address below the site's.
        language: Of the page.
        address: The site's; empty for a preview that has none.
    """
    return _MARKER.sub(lambda marker: _all(Mta(marker["mta"]), url, language, address), html)


def write(site: Path, address: str) -> None:
    """Write the files.

    Args:
        site: Where the site is built.
        address: The site's; empty for a preview that has none.
    """
    for operator in single.known().values():
        for mta in Mta:
            folder = site / _folder(operator, mta)
            folder.mkdir(parents=True, exist_ok=True)
            for file in _files(operator, mta, address):
                (folder / file.name).write_text(file.text, encoding="ascii", newline="\n")


def _files(operator: Operator, mta: Mta, address: str) -> tuple[File, ...]:
    try:
        return links.configuration(mta, operator, address or ADDRESS)
    except SiteError as error:
        raise BuildError(f"site_url {address!r} {error}") from None


def _folder(operator: Operator, mta: Mta) -> str:
    return f"{FOLDER}/{operator.name}/{mta}"


def _all(mta: Mta, url: str, language: str, address: str) -> str:
    preview = "" if address else f"<p>{_word(language, 'preview').format(address=ADDRESS)}</p>"
    parts = (_part(operator, mta, url, language, address) for operator in single.known().values())
    return f'<div data-search-exclude="">{preview}{"".join(parts)}</div>'


def _part(operator: Operator, mta: Mta, url: str, language: str, address: str) -> str:
    other = operator.name == DEFAULT
    title = _word(language, "other" if other else "one").format(sender=operator.title)
    content = "".join(_content(operator, mta, url, language, address))
    return (
        f'<details class="note" id="{mta}-{operator.name}">'
        f"<summary>{escape(title)}</summary>{content}</details>"
    )


def _content(operator: Operator, mta: Mta, url: str, language: str, address: str) -> Iterator[str]:
    folder = _folder(operator, mta)
    files = _files(operator, mta, address)
    if place := _PLACES.get(mta):
        names = ",".join(file.name for file in files)
        start = (address or ADDRESS).rstrip("/")
        yield f"<p>{escape(_word(language, 'fetch'))}</p>"
        yield _code(f'cd {place}\ncurl -fsSO "{start}/{folder}/{{{names}}}"\n')
    for file in files:
        target = get_relative_url(f"{folder}/{file.name}", url)
        does = _word(language, "files", file.name)
        yield f'<p><a href="{target}" download="">{file.name}</a>: {escape(does)}</p>'
        yield _code(file.text)


def _code(text: str) -> str:
    return f'<pre lang="en"><code>{escape(text, quote=False)}</code></pre>'


def _word(language: str, *keys: str) -> str:
    return words.look_up(language, "configurations", *keys)
