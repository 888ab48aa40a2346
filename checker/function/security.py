"""What a response tells the browser about safety; no more than Python is needed to know it.

The build writes the site's own headers into one file. Netlify and Cloudflare Pages read it as it
is, and so does what serves the site beside the function.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

FILE = "_headers"
"""Where the built site names its headers."""

POLICY = "Content-Security-Policy"

UNFRAMED = "frame-ancestors 'none'"
"""The directive by which no page frames what has it."""

_ALL_ADDRESSES = "/*"

_NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})

_ANYWHERE = {
    "X-Content-Type-Options": "nosniff",
    # Not stricter: else browsers would hide from the checker which site a plain form is on.
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
}

EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {**_ANYWHERE, POLICY: f"default-src 'none'; {UNFRAMED}"}
)
"""Of a response that is no page of the site: what a browser makes of it may do nothing at all."""

_UNKNOWN_SITE: Mapping[str, str] = MappingProxyType({**_ANYWHERE, POLICY: UNFRAMED})


def content_security_policy(
    scripts: Iterable[str], styles: Iterable[str], checker: str = ""
) -> dict[str, str]:
    """What a page may do (Content Security Policy Level 3), directive by directive.

    Args:
        scripts: Sources of the scripts that stand in a page: their hashes.
        styles: The same of its style sheets.
        checker: Origin of the checker; empty where it is the site's own.
    """
    asked = " ".join(filter(None, ("'self'", checker)))
    return {
        "default-src": "'none'",
        # The paste box's Python is WebAssembly, which this allows without allowing eval.
        "script-src": " ".join(("'self'", "'wasm-unsafe-eval'", *sorted(scripts))),
        "style-src": " ".join(("'self'", *sorted(styles))),
        # The theme's icons are drawings within its style sheets.
        "img-src": "'self' data:",
        "connect-src": asked,
        "worker-src": "'self'",
        "form-action": asked,
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }


def in_line(directives: Mapping[str, str]) -> str:
    """The value of the header."""
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def of_site(directives: Mapping[str, str]) -> dict[str, str]:
    """The headers of a site's pages and files, by name."""
    return {POLICY: in_line(directives), **_ANYWHERE}


def write(headers: Mapping[str, str], single: Mapping[str, Mapping[str, str]] = _NOTHING) -> str:
    """The text of the file.

    Args:
        headers: Those of all addresses.
        single: Those of single addresses. Of a header that both have, Cloudflare Pages sends both
            values unless it is told to drop the first, and of two policies both hold.
    """
    lines = [_ALL_ADDRESSES, *_indented(headers)]
    for path, own in single.items():
        lines += [path, *(f"  ! {name}" for name in own if name in headers), *_indented(own)]
    return "\n".join(lines) + "\n"


def read(site: Path) -> Mapping[str, str]:
    """The headers of all addresses that a built site names in its file.

    Args:
        site: The folder of the site. One that another build has made may have no such file, and
            nobody knows then what its pages do.
    """
    return _rules(site).get(_ALL_ADDRESSES, _UNKNOWN_SITE)


def read_single(site: Path) -> dict[str, dict[str, str]]:
    """The headers of single addresses that a built site names in its file: address -> headers.

    Args:
        site: The folder of the site.
    """
    return {path: own for path, own in _rules(site).items() if path != _ALL_ADDRESSES}


def _rules(site: Path) -> dict[str, dict[str, str]]:
    try:
        text = (site / FILE).read_text(encoding="utf-8")
    except OSError:
        return {}
    rules: dict[str, dict[str, str]] = {}
    headers: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, value = line.strip().partition(":")
        if not line.startswith("  "):
            headers = rules.setdefault(line.strip(), {})
        elif colon:
            headers[name] = value.strip()
    return rules


def _indented(headers: Mapping[str, str]) -> list[str]:
    return [f"  {name}: {value}" for name, value in headers.items()]
