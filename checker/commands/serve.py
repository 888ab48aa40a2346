"""``serve``: site and function in one process."""

import argparse
import os
from pathlib import Path

from checker.commands.shared import CONFIGURATION, USAGE, add_network, complain, settings
from checker.settings import FUNCTION_TIMEOUT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add_network(parser)
    parser.add_argument(
        "--site",
        type=Path,
        metavar="DIR",
        help="the folder of the built site; without it, the checker alone is served",
    )
    parser.add_argument("--host", metavar="H", help="address to listen on; default 127.0.0.1")
    parser.add_argument("--port", type=int, metavar="N", help="port to listen on; default 8000")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    whole = settings(options, total_timeout=FUNCTION_TIMEOUT)
    # Not at the top: --help need not wait for a web server.
    from checker.conversation.imitation import ImitationError  # noqa: PLC0415
    from checker.function.serve import ServeError, serve  # noqa: PLC0415

    try:
        serve(whole, os.environ, site=options.site, host=options.host, port=options.port)
    except ServeError as error:
        return complain(str(error), USAGE)
    except ImitationError as error:
        return complain(str(error), CONFIGURATION)
    return 0
