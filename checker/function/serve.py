"""Site and function in one process, for one's own machine and small installations."""

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from checker.function.app import create_app
from checker.function.connections import Connection
from checker.function.options import Options
from checker.production import build_checker
from checker.settings import Settings

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8_000

_HIGHEST_PORT = 65_535
_LAST_CHECKS = 28
"""Seconds for what goes on at the end: longer than any check, and no client can hold it up."""

_WITHOUT_SITE = (
    "There are no pages here, only the checker below /api/ and its description, /openapi.json. "
    "--site DIR adds the pages, from the folder of a built site."
)


class ServeError(Exception):
    """The server cannot start; the message says why."""


def serve(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    site: Path | None = None,
    host: str | None = None,
    port: int | None = None,
) -> None:
    """Serve until interrupted.

    Args:
        settings: How the checker reaches the world.
        environment: For what is not given: CHECKER_SITE, CHECKER_HOST, CHECKER_PORT; and who may
            frame the form.
        site: Folder of the built site.
        host: Address to listen on.
        port: Port to listen on.

    Raises:
        ServeError: The site is not there, or the port cannot be had.
        SettingsError: A setting names something that is not there.
    """
    options = Options.from_environment(environment, site)
    if options.site is not None and not (options.site / "index.html").is_file():
        raise ServeError(
            f"{options.site}: holds no built site (index.html); in a clone of the project, "
            '"scripts/setup site && .venv/bin/mkdocs build" makes one, the folder "site"'
        )
    host = host or environment.get("CHECKER_HOST") or DEFAULT_HOST
    listener = _listen(host, _port(environment) if port is None else port)
    app = create_app(build_checker(settings), options)
    # No access log: who asked for what is nobody's business.
    # And whose X-Forwarded-For is believed is for the guard to say.
    config = uvicorn.Config(
        app,
        http=Connection,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_LAST_CHECKS,
    )
    said = [f"http://{_bracketed(host)}:{listener.getsockname()[1]}/"]
    if options.site is None and not options.site_url:
        said.append(_WITHOUT_SITE)
    # Where nobody can read it, it serves all the same.
    with contextlib.suppress(OSError):
        print(*said, sep="\n", flush=True)  # noqa: T201
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2_048)
    except (OSError, OverflowError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise ServeError(f"cannot listen on {host} port {port}: {reason}") from error


def _port(environment: Mapping[str, str]) -> int:
    text = environment.get("CHECKER_PORT", "") or str(DEFAULT_PORT)
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise ServeError(f"CHECKER_PORT: must be a port, not {text!r}")
    return int(text)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
