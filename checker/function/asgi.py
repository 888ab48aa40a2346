"""``app`` for any ASGI server, set up from the environment (``CHECKER_…``)."""

import logging
import os

from checker.function.app import Options, create_app
from checker.settings import FUNCTION_TIMEOUT, Settings

app = create_app(
    Settings.from_environment(os.environ, total_timeout=FUNCTION_TIMEOUT).checker(),
    Options.from_environment(os.environ),
)

# Unless it is told otherwise, uvicorn logs each client's address, and the domain that a link to the
# form names. Who wants that can have the web server before it do it.
logging.getLogger("uvicorn.access").disabled = True
