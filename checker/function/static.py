"""The files of the built site: compressed copies where there are some, and how long each keeps."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from checker.function import framing, security
from checker.function.headers import SafeHeaders

_SIDE_FILES = {"br": ".br", "gzip": ".gz"}
"""Content coding (RFC 9110, 8.4.1) -> how the name of such a copy ends; the best first."""

# Python takes some of these from the system, and systems differ.
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
}

_HASHED = re.compile(r"/assets/runtime/[0-9a-f]{16}/|/assets/paste/worker-[0-9a-f]{16}\.js\Z")
_REFUSED = re.compile(r"\s*q\s*=\s*0(?:\.0{0,3})?\s*")
_FOR_EVER = "public, max-age=31536000, immutable"


def built_site(site: Path, embed_origins: Iterable[str] = ()) -> ASGIApp:
    """What serves a built site, with the headers that it names.

    Args:
        site: Its folder.
        embed_origins: Whose pages may frame the form, in the place of those that the site names.
    """
    everywhere = security.read(site)
    single = {**security.read_single(site), **framing.headers(everywhere, embed_origins)}
    return SafeHeaders(SiteFiles(site), everywhere, single)


class SiteFiles(StaticFiles):
    """Static files, with the copies that lie beside some of them."""

    def __init__(self, site: Path) -> None:
        """Serve a folder with a page in each directory."""
        super().__init__(directory=site, html=True)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; what is meant for those who serve the site is none of it."""
        if path.startswith(security.FILE):
            return "", None
        return super().lookup_path(path)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with a file, or with the copy of it that the browser likes best."""
        path = Path(full_path)
        copies = {
            coding: copy
            for coding, suffix in _SIDE_FILES.items()
            if (copy := path.with_name(path.name + suffix)).is_file()
        }
        coding = _preferred(copies, Headers(scope=scope).get("accept-encoding", ""))
        sent = copies.get(coding, path)
        stat_result = sent.stat() if coding else stat_result
        response = super().file_response(sent, stat_result, scope, status_code)
        headers = response.headers
        if copies:
            headers.add_vary_header("Accept-Encoding")
        if _HASHED.search(scope["path"]):
            headers["Cache-Control"] = _FOR_EVER
        if response.status_code == status_code:
            _describe(headers, path, coding)
        return response


def _describe(headers: MutableHeaders, path: Path, coding: str) -> None:
    # The copy's own name says nothing of what is in it.
    if path.suffix in _TYPES:
        headers["Content-Type"] = _TYPES[path.suffix]
    if coding:
        headers["Content-Encoding"] = coding


def _preferred(copies: dict[str, Path], accepted: str) -> str:
    """The best coding that is there and is accepted (RFC 9110, 12.5.3); empty for none."""
    wanted = {}
    for entry in accepted.lower().split(","):
        coding, _, weight = entry.partition(";")
        wanted[coding.strip()] = not _REFUSED.fullmatch(weight)
    return next((coding for coding in copies if wanted.get(coding, wanted.get("*"))), "")
