"""Starts a run in a network of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.lab.laboratory import RECEIVERS, end
from tests.lab.root import become_root, prepare
from tests.oracle.run import SENDERS

_PATIENCE = 1800


def launch(folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - it is JSON
    """What the checker foretold, and what happened, by operator and domain.

    Args:
        folder: Takes what is printed.
        arguments: Those of the run.
    """
    # In the network of the run there is nobody to fetch packages from.
    for root in {RECEIVERS, *(sender.root for sender in SENDERS)}:
        prepare(root)
    namespaces = ["unshare", "--net", "--pid", "--fork", "--kill-child"]
    python = [sys.executable, "-B", "-m", "tests.oracle.network", "tests.oracle.run", *arguments]
    with (folder / "found.json").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - a module of our own
            [*become_root(), *namespaces, *python],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(timeout=_PATIENCE)
        finally:
            end(process)
    assert process.returncode == 0, (folder / "errors").read_text()
    return json.loads((folder / "found.json").read_text())
