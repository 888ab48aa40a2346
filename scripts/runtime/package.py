"""Fetches the npm package ``pyodide``: one version, whose checksum stands here."""

import base64
import hashlib
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.node.npm import NpmError, npm
from scripts.runtime.errors import RuntimeBuildError

NAME = "pyodide"
VERSION = "0.29.5"
INTEGRITY = (
    "sha512-TkYrUv9m8QmfImADKRmpwZulL48E0uUaBSO+dvRQKyAJc0qh9gu7jn8b"
    "tyHPh3NZm1r2IH2YrJhIr7Q2B9urAw=="
)
"""As ``npm view pyodide@VERSION dist.integrity`` prints it (W3C Subresource Integrity)."""

FILES = (
    "pyodide.mjs",
    "pyodide.asm.js",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
    "python_stdlib.zip",
)

_TIMEOUT = 180
# Without a network npm would try again for minutes.
_OPTIONS = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--no-update-notifier")

Fetch = Callable[[Path], None]


def files(cache: Path, fetch: Fetch | None = None) -> Mapping[str, bytes]:
    """The package's files that a browser needs.

    Args:
        cache: Where the package is kept, so that it is fetched once.
        fetch: Puts the package's archive into a folder; npm unless given.

    Raises:
        RuntimeBuildError: The package cannot be had, or is not the one that is pinned.
    """
    archive = cache / f"{NAME}-{VERSION}.tgz"
    if not (archive.is_file() and _integrity(archive) == INTEGRITY):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            (fetch or _npm_pack)(Path(folder))
            fetched = Path(folder) / archive.name
            if not fetched.is_file():
                raise RuntimeBuildError(f"npm fetched no {archive.name}")
            if (found := _integrity(fetched)) != INTEGRITY:
                raise RuntimeBuildError(
                    f"{archive.name} is not the package that scripts/runtime/package.py pins: "
                    f"its checksum is {found}"
                )
            fetched.replace(archive)
    with tarfile.open(archive) as package:
        return {name: _read(package, f"package/{name}") for name in FILES}


def _integrity(path: Path) -> str:
    digest = hashlib.sha512(path.read_bytes()).digest()
    return f"sha512-{base64.b64encode(digest).decode()}"


def _read(package: tarfile.TarFile, name: str) -> bytes:
    member = package.extractfile(name)
    if member is None:
        raise RuntimeBuildError(f"the package {NAME} {VERSION} holds no {name}")
    return member.read()


def _npm_pack(folder: Path) -> None:
    try:
        npm(("pack", f"{NAME}@{VERSION}", *_OPTIONS), folder, _TIMEOUT)
    except NpmError as error:
        if error.is_missing:
            raise RuntimeBuildError(str(error)) from error
        raise RuntimeBuildError(_advice(_reason(str(error)))) from error


def _reason(output: str) -> str:
    """What npm says in its first line about the error that has more than a code, or all it says."""
    lines = [line.partition("npm error ")[2] for line in output.splitlines()]
    said = [line for line in lines if line and not line.startswith(("code ", "errno ", "syscall "))]
    return next(iter(said or output.split("\n")), "") or "it did not say why"


def _advice(reason: str) -> str:
    return (
        f"npm could not fetch {NAME} {VERSION} ({reason}). It is needed once: connect to the "
        "network, or to the registry that your npm is set up for, and build again"
    )
