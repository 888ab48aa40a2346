"""The website of somebody else, of another origin than ours: pages that frame the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HOSTILE = "/hostile.css"

_HOSTILE = """\
*, ::before, ::after {
  all: unset !important; display: block !important; max-width: 20rem !important;
  color: red !important; font: 50px/5 cursive !important;
}
iframe {
  position: absolute !important; inset: 0 auto auto -99rem !important; float: right !important;
  width: 7px !important; height: 5px !important; max-height: 3px !important;
  margin: 2rem !important; opacity: 0 !important; visibility: hidden !important;
  pointer-events: none !important;
  transform: scale(0.1) !important; clip-path: circle(1px) !important;
  animation: 1s infinite hide !important; border: 1rem solid red !important;
}
@keyframes hide { from, to { height: 1px; opacity: 0; } }
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A running website.

    Attributes:
        origin: Where it is, without a slash at the end.
        pages: What stands in each of its pages, by path, between two links and before more text.
        policies: The Content Security Policy of each.
    """

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, content: str, policy: str = "", *, style: str = "") -> str:
        """Make a page, in the language that its path begins with, and give its address."""
        sheet = f'<link rel="stylesheet" href="{style}">' if style else ""
        self.pages[path] = (
            f'<!doctype html><html lang="{path[1:3]}"><meta charset="utf-8"><title>ACME</title>'
            f'<meta name="viewport" content="width=device-width">{sheet}'
            '<main><h1>ACME</h1><p><a href="#" id="before">1</a></p>'
            f'{content}<p><a href="#" id="behind">2</a></p>{"<p>More of ACME.</p>" * 60}</main>'
        )
        self.policies[path] = policy
        return self.origin + path

    def embed(self, path: str, site: str, *, style: str = "") -> str:
        """Make a page that has our form by the one line, with a policy as strict as it can be."""
        content = f'<script src="{site}/assets/embed.js" data-operator="mediafinanz"></script>'
        policy = (
            f"default-src 'none'; script-src {site}; frame-src {site}; style-src 'self'; "
            "img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
        )
        return self.put(path, content, policy, style=style)


class _Website(ThreadingHTTPServer):
    host: Host


class _Handler(BaseHTTPRequestHandler):
    server: _Website

    def do_GET(self) -> None:
        host, path = self.server.host, self.path.partition("?")[0]
        is_style = path == HOSTILE
        text = _HOSTILE if is_style else host.pages.get(path)
        self.send_response(404 if text is None else 200)
        self.send_header("Content-Type", "text/css" if is_style else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", host.policies.get(path, ""))
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def hosting() -> Iterator[Host]:
    """A website on a port of its own."""
    with _Website(("127.0.0.1", 0), _Handler) as server:
        # By its name it is another site than the one that is reached by an address.
        server.host = Host(f"http://localhost:{server.server_port}")
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.host
        finally:
            server.shutdown()
            thread.join()
