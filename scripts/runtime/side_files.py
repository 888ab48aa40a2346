"""Compressed copies that a web server may send instead: ``.br`` and ``.gz`` beside a file."""

import gzip
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it brings no types

BEST = 11
QUICK = 9
_WINDOW = 24
"""Brotli's largest window, 16 MB: more than any of the files."""


def write(folder: Path, cache: Path, quality: int) -> None:
    """Write the side files of all files in a folder.

    Args:
        folder: The files.
        cache: What was compressed before.
        quality: Brotli's. The best takes most of a minute for Pyodide, and saves an eighth.
    """
    cache.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for suffix, compress in _compressors(quality).items():
            kept = cache / f"{hashlib.sha256(content).hexdigest()[:32]}-{quality}{suffix}"
            if not kept.is_file():
                _put(kept, compress(content))
            path.with_name(path.name + suffix).write_bytes(kept.read_bytes())


def _compressors(quality: int) -> dict[str, Callable[[bytes], bytes]]:
    return {
        ".br": lambda content: brotli.compress(content, quality=quality, lgwin=_WINDOW),
        ".gz": lambda content: gzip.compress(content, mtime=0),
    }


def _put(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
