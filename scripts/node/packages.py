"""Installs what the site, lint, tests and benchmarks take from npm: locked, and kept in the cache.

Each folder in ``requirements`` with a ``package.json`` has a lock beside it, which holds the
checksum of every package. To move a version, change it in ``package.json`` and run, in that folder,
``npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved``.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.node.npm import NpmError, npm

ROOT = Path(__file__).resolve().parents[2]

_CACHE = ROOT / ".cache" / "node"
_TIMEOUT = 300
_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
# Without a network npm would try again for minutes.
_HURRY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")


class NodePackagesError(Exception):
    """The packages cannot be installed; the message says why."""


def installed(group: str, *, hurry: bool = False) -> Path:
    """The folder ``node_modules`` of a group, installed unless it is there already.

    Args:
        group: A folder in ``requirements``.
        hurry: Whether somebody waits who can do without.

    Raises:
        NodePackagesError: npm cannot install them, or there is none.
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
            _install(folder, _HURRY if hurry else ())
            if not target.is_dir():
                folder.replace(target)
    return target / "node_modules"


def _install(folder: Path, options: Sequence[str]) -> None:
    try:
        npm(("ci", *_OPTIONS, *options), folder, _TIMEOUT)
    except NpmError as error:
        raise NodePackagesError(f"npm could not install {folder.name}: {error}") from error
