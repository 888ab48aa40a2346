"""``app`` for any ASGI server, set up from the environment (``CHECKER_…``).

Importing this costs next to nothing: the checker is loaded when the server starts the application
(ASGI's lifespan), or with the first request where a server has no such start.
"""

import logging
import os
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send


def load() -> "Starlette":
    """The application itself.

    Raises:
        SettingsError: A variable of the environment cannot be used.
    """
    # Not at the top: importing these is most of a cold start.
    from checker.function.app import create_app  # noqa: PLC0415
    from checker.function.options import Options  # noqa: PLC0415
    from checker.production import build_checker  # noqa: PLC0415
    from checker.settings import FUNCTION_TIMEOUT, Settings  # noqa: PLC0415

    # Unless it is told otherwise, uvicorn logs each client's address, and the domain that a link to
    # the form names. Who wants that can have the web server before it do it.
    logging.getLogger("uvicorn.access").disabled = True
    if not sys.warnoptions:
        # Nor does a stranger's certificate, of which a library warns, write to the log.
        warnings.simplefilter("ignore")
    return create_app(
        build_checker(Settings.from_environment(os.environ, total_timeout=FUNCTION_TIMEOUT)),
        Options.from_environment(os.environ),
    )


class _Deferred:
    def __init__(self) -> None:
        self._loaded: Starlette | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self._loaded is None:
            from checker.settings import SettingsError  # noqa: PLC0415 - as above

            try:
                self._loaded = load()
            except SettingsError as error:
                # The server says so in one line, and ends.
                if scope["type"] != "lifespan":
                    raise
                await receive()
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
        await self._loaded(scope, receive, send)


app = _Deferred()
