"""A wheel that the tests use and the project does not: fetched once, unpacked, never installed."""

import subprocess
import sys
from pathlib import Path

from tests.lab.folders import locked


def unpacked(wanted: Path, cache: Path) -> Path:
    """The folder where a wheel is unpacked.

    Args:
        wanted: A file of requirements that names its version and its hash.
        cache: Where the folder is kept, under the name of that file.

    Raises:
        CalledProcessError: It cannot be fetched, or is another one.
    """
    folder = cache / wanted.stem
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        if not folder.exists():
            unfinished = folder.with_suffix(".part")
            pip = [sys.executable, "-I", "-m", "pip", "install", "--quiet", "--no-deps"]
            only = ["--only-binary", ":all:", "--require-hashes", "--requirement", str(wanted)]
            subprocess.run([*pip, *only, "--target", str(unfinished)], check=True)  # noqa: S603 - our own interpreter's pip
            unfinished.rename(folder)
    return folder
