"""Keeps what takes long to make, under a name that says what it was made of."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(
    folder: Path, made_of: tuple[object, ...], content: bytes, make: Callable[[], bytes]
) -> bytes:
    """Make something, or find it made.

    Args:
        folder: The cache.
        made_of: What the result depends on beside the content.
        content: What it is made from.
        make: Makes it.
    """
    digest = hashlib.sha256(repr(made_of).encode() + b"\0" + content).hexdigest()[:32]
    path = folder / digest
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        # Written aside first, so that nobody ever finds half of it.
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(make())
        Path(file.name).replace(path)
    return path.read_bytes()
