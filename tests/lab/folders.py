"""Folders that last as long as one run, also when the run crashes."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "lab"


@contextmanager
def run_folder() -> Iterator[Path]:
    """Make a folder, and remove it at the end; those that crashed runs left go as well."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with locked(CACHE / "lock"):
        for left in CACHE.glob("run-*"):
            _remove_if_left(left)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=CACHE))
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the others who hold the lock file; the kernel frees it when its holder dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _remove_if_left(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)
