"""Whose pages may frame the form; no more than Python is needed to know it."""

import re
from collections.abc import Iterable, Mapping

from checker.function import security
from checker.settings import SettingsError

VARIABLE = "ZUSTELLBAR_EMBED_ORIGINS"

PAGES = ("/embed/", "/en/embed/")
"""The pages that may be framed. Each stands for itself: no other address is to be taken for one."""

SCRIPT = "/assets/embed.js"
"""What a page of somebody else loads to frame one of them."""

_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"https?://{_LABEL}(?:\.{_LABEL})*(?::(?P<port>[0-9]{{1,5}}))?")
_HIGHEST_PORT = 65_535

# The page around it may admit only what agrees to that (Cross-Origin-Embedder-Policy).
_AGREES = {"Cross-Origin-Resource-Policy": "cross-origin"}


def origins(text: str) -> tuple[str, ...]:
    """The origins whose pages may frame the form, as browsers write them (RFC 6454, 6.2).

    Args:
        text: What the variable holds: origins, separated by spaces or commas.

    Raises:
        SettingsError: One is no origin that a policy can name, or would stand for several.
    """
    found = tuple(one.lower() for one in re.split(r"[\s,]+", text) if one)
    for one in found:
        match = _ORIGIN.fullmatch(one)
        if not match or int(match["port"] or 0) > _HIGHEST_PORT:
            raise SettingsError(
                f"{VARIABLE}: must be origins such as https://www.example.org, not {one!r}"
            )
    return found


def headers(everywhere: Mapping[str, str], origins: Iterable[str]) -> dict[str, dict[str, str]]:
    """The headers of single addresses that stand in the place of those of all addresses.

    Args:
        everywhere: Those of all addresses.
        origins: Whose pages may frame the form; without any, none does.
    """
    ancestors = " ".join(origins)
    if not ancestors:
        return {}
    policy = everywhere[security.POLICY]
    page = {
        security.POLICY: policy.replace(security.UNFRAMED, f"frame-ancestors {ancestors}"),
        "Cross-Origin-Embedder-Policy": "require-corp",
        **_AGREES,
    }
    return {**dict.fromkeys(PAGES, page), SCRIPT: _AGREES}
