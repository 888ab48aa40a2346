"""The package runs in a browser: it imports nothing that a browser has not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SCRIPT = """
import json, sys
before = set(sys.modules)
from checker.bounce import read, to_json
to_json(read("to=<a@example.org>, status=deferred (Cannot start TLS: handshake failure)"))
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.programs
def test_nothing_of_the_network_is_imported() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    packages = {name.partition(".")[0] for name in loaded}
    assert not packages & {"ssl", "_ssl", "socket", "_socket", "asyncio", "select"}
    assert packages - {"checker"} <= sys.stdlib_module_names
