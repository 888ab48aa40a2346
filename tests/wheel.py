"""Wheels that the tests use and the checker does not: fetched once, unpacked, never installed."""

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.lab.folders import locked


def unpacked(wanted: Path, cache: Path) -> Path:
    """The folder where the wheels are unpacked.

    Args:
        wanted: A file of requirements that names version and hash of each.
        cache: Where the folder is kept, under the name of that file, and anew when it changes.

    Raises:
        CalledProcessError: One cannot be fetched, or is another one.
    """
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]
    folder = cache / f"{wanted.stem}-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        if not folder.exists():
            unfinished = folder.with_suffix(".part")
            pip = [sys.executable, "-I", "-m", "pip", "install", "--quiet", "--no-deps"]
            only = ["--only-binary", ":all:", "--require-hashes", "--requirement", str(wanted)]
            subprocess.run([*pip, *only, "--target", str(unfinished)], check=True)  # noqa: S603 - our own interpreter's pip
            unfinished.rename(folder)
    return folder
