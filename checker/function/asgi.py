"""``app`` for any ASGI server, set up from the environment (``CHECKER_…``)."""

import os

from checker.function.app import Options, create_app
from checker.settings import FUNCTION_TIMEOUT, Settings

app = create_app(
    Settings.from_environment(os.environ, total_timeout=FUNCTION_TIMEOUT).checker(),
    Options.from_environment(os.environ),
)
