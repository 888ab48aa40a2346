"""Compressed copies that a web server may send instead: ``.br`` and ``.gz`` beside a file."""

import gzip
from collections.abc import Callable
from functools import partial
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it brings no types

from scripts.runtime.cache import kept

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
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for suffix, (how, compress) in _compressors(quality).items():
            copy = kept(cache, how, content, partial(compress, content))
            path.with_name(path.name + suffix).write_bytes(copy)


def _compressors(
    quality: int,
) -> dict[str, tuple[tuple[object, ...], Callable[[bytes], bytes]]]:
    """Suffix -> the name of the way, and the way."""
    return {
        ".br": (
            ("brotli", brotli.__version__, quality),
            lambda content: brotli.compress(content, quality=quality, lgwin=_WINDOW),
        ),
        ".gz": (("gzip",), lambda content: gzip.compress(content, mtime=0)),
    }
