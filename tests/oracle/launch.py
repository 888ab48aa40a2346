"""Starts a run in a network of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.lab.laboratory import RECEIVERS, end
from tests.lab.root import Root, become_root, prepare
from tests.oracle.run import SENDERS

_PATIENCE = 1800


def launch(
    folder: Path, roots: Iterable[Root], module: str, *arguments: str, seconds: float
) -> tuple[Any, str]:
    """Run a module in a network of its own, where the lab's servers have the ports of real ones.

    Args:
        folder: Takes what is printed.
        roots: What is installed for the run; in its network there is nobody to fetch packages from.
        module: Prints JSON.
        arguments: Those of the module.
        seconds: For all of it.

    Returns:
        What it printed, and what it complained of.
    """
    for root in {RECEIVERS, *roots}:
        prepare(root)
    namespaces = ["unshare", "--net", "--pid", "--fork", "--kill-child"]
    python = [sys.executable, "-B", "-m", "tests.oracle.network", module, *arguments]
    with (folder / "printed").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a module of our own
            [*become_root(), *namespaces, *python],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(timeout=seconds)
        finally:
            end(process)
    complaints = (folder / "errors").read_text(errors="replace")
    assert process.returncode == 0, complaints
    return json.loads((folder / "printed").read_text()), complaints


def send_and_check(folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - it is JSON
    """What the checker foretold, and what happened, by operator and domain.

    Args:
        folder: Takes what is printed.
        arguments: Those of :mod:`tests.oracle.run`.
    """
    roots = [sender.root for sender in SENDERS]
    found, _ = launch(folder, roots, "tests.oracle.run", *arguments, seconds=_PATIENCE)
    return found
