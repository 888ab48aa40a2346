"""The site's Content Security Policy: what a page may load and do, and nothing else.

Each page names its own policy, for hosts that send no headers; the build also writes the headers
down for hosts that do. What stands in a page is allowed by its hash, so nothing that somebody else
brings in is ever run.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from mkdocs.exceptions import BuildError

from checker.function import framing, security
from checker.settings import SettingsError
from scripts.hooks import servers

NGINX = f"{security.FILE}.nginx.conf"
APACHE = f"{security.FILE}.apache.conf"
"""Beside :data:`checker.function.security.FILE`: the same, to be included in a server's own."""

# HTML, 4.12.1: of any other type a script is data, and not run.
_RUN = {"", "module", "text/javascript", "application/javascript"}

# To read a whole page takes long, so first: can it hold anything that matters? An address may be
# written in character references, so one that begins with such is looked at as well, unless with
# one that begins no code. A pattern that begins with plain letters is many times as quick, so what
# stands before them is told behind them.
_INLINE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SUSPICIOUS = (
    re.compile(rb"""on(?<=[\s/"']on)\w+\s*="""),
    re.compile(rb"""style(?<=[\s/"']style)\s*="""),
    re.compile(rb"javascript:"),
    re.compile(rb"""=\s*["']?\s*&(?!(?:lt|gt|amp|quot);)"""),
)

# A meta element must come before what it is about, and cannot say who may frame the page.
_PLACE = '<meta charset="utf-8">'
_META = re.compile(rf'<meta http-equiv="{security.POLICY}"[^>]*>')
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?=/|\Z)")
_HEADER_ONLY = "frame-ancestors"


@dataclass(frozen=True, slots=True)
class Inline:
    """What stands in a page itself.

    Attributes:
        scripts: The hashes of its scripts.
        styles: The hashes of its style sheets.
        forbidden: What no hash allows: handlers and styles in attributes, addresses that are code.
    """

    scripts: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)
    forbidden: list[str] = field(default_factory=list)


def read(html: str) -> Inline:
    """Look through a page."""
    # In names HTML takes only ASCII's letters for the same as their capitals, and these are quick.
    lower = html.encode().lower()
    if not any(pattern.search(lower) for pattern in _SUSPICIOUS):
        html = "".join(match[0] for match in _INLINE.finditer(html))
    return _read(html)


def with_policy(html: str, directives: Mapping[str, str]) -> str:
    """The page with its own policy, in place of one that it had."""
    told = {name: sources for name, sources in directives.items() if name != _HEADER_ONLY}
    meta = f'<meta http-equiv="{security.POLICY}" content="{security.in_line(told)}">'
    before, place, after = without_policy(html).partition(_PLACE)
    return before + place + (place and meta) + after


def without_policy(html: str) -> str:
    """The page without a policy of its own."""
    before, place, after = html.partition(_PLACE)
    # Nowhere else is it looked for: a page is long, and may show such an element as text.
    own = _META.match(after)
    return before + place + after[own.end() if own else 0 :]


def write(site: Path, checker: str, *, pages: bool, framed_by: str = "", start: str = "/") -> None:
    """Give a built site its policy.

    Args:
        site: Where it was built.
        checker: Address of the checker; empty where it is the site's own.
        pages: Whether each page is to name its policy as well.
        framed_by: The origins whose pages may frame the form.
        start: Path of the site's start page where it is published.

    Raises:
        BuildError: A page holds what no policy worth its name can allow; or one of the origins is
            none.
    """
    origin = origin_of(checker)
    every, forbidden = Inline(), []
    for path in sorted(site.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        own = read(html)
        every.scripts.update(own.scripts)
        every.styles.update(own.styles)
        forbidden += [f"{path.relative_to(site).as_posix()}: {what}" for what in own.forbidden]
        if pages:
            directives = security.content_security_policy(own.scripts, own.styles, origin)
            path.write_text(with_policy(html, directives), encoding="utf-8")
    if forbidden:
        told = "\n  ".join(forbidden)
        raise BuildError(f"The Content Security Policy would stop what these pages do:\n  {told}")
    headers = security.of_site(
        security.content_security_policy(every.scripts, every.styles, origin)
    )
    try:
        single = framing.headers(headers, framing.origins(framed_by))
    except SettingsError as error:
        raise BuildError(str(error)) from error
    (site / security.FILE).write_text(security.write(headers, single), encoding="utf-8")
    (site / NGINX).write_text(servers.nginx(headers, single, start), encoding="utf-8")
    (site / APACHE).write_text(servers.apache(headers, single, start), encoding="utf-8")


def origin_of(address: str) -> str:
    """The origin in the checker's address (RFC 6454, 6.2), empty for none.

    Raises:
        BuildError: It has none.
    """
    found = _ORIGIN.match(address)
    if address and not found:
        raise BuildError(f"ZUSTELLBAR_CHECKER={address}: must be like https://check.example.org")
    return found[0] if found else ""


# Most pages have the same few scripts.
@cache
def _read(html: str) -> Inline:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Inline()
        self._hashes: set[str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "style":
            self._hashes = self.found.styles
        elif tag == "script" and "src" not in attributes:
            run = attributes.get("type", "").strip().lower() in _RUN
            self._hashes = self.found.scripts if run else None
        for name, value in attributes.items():
            code = value.strip().lower().startswith("javascript:")
            if name == "style" or name.startswith("on") or code:
                self.found.forbidden.append(f'<{tag} {name}="{value}">')

    def handle_data(self, data: str) -> None:
        if self._hashes is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._hashes is not None and tag in {"script", "style"}:
            digest = hashlib.sha256(self._text.encode()).digest()
            self._hashes.add(f"'sha256-{base64.b64encode(digest).decode()}'")
            self._hashes, self._text = None, ""
