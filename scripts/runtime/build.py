"""Puts the runtime together, or finds it in the cache."""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scripts.runtime import archive, library, package, side_files
from scripts.runtime.cache import kept

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "runtime"

LIBRARY = "python_stdlib.zip"
LOCK = "pyodide-lock.json"
OWN = "checker.zip"

_WORKER = ROOT / "overrides" / "assets" / "paste" / "worker.js"
_KEPT = 4
"""Built runtimes in the cache; a change of the rules makes a new one."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A built runtime.

    Attributes:
        folder: Its files, with their side files; the name is the hash of what is in it.
        compiled: Whether the modules are compiled.
        python: The Python that it runs.
        maximum_input: How many characters or bytes of a report it reads.
    """

    folder: Path
    compiled: bool
    python: str
    maximum_input: int

    @property
    def name(self) -> str:
        """What changes when anything in it changes."""
        return self.folder.name

    def sizes(self, suffix: str = "") -> dict[str, int]:
        """File -> bytes, of the files themselves or of their side files."""
        return {
            path.name: path.with_name(path.name + suffix).stat().st_size
            for path in sorted(self.folder.iterdir())
            if path.suffix not in {".br", ".gz"}
        }

    def worker(self) -> str:
        """The worker's script, which knows what there is to be fetched."""
        files = json.dumps(self.sizes(), separators=(",", ":"))
        return f"const FILES = {files};\n{_WORKER.read_text(encoding='utf-8')}"


def build(
    *,
    cache: Path = CACHE,
    best: bool = False,
    fetch: package.Fetch | None = None,
    python: tuple[int, int] = sys.version_info[:2],
) -> Runtime:
    """Build the runtime; instant where the cache holds it.

    Args:
        cache: Where what is fetched and built is kept.
        best: Whether to take a minute for the smallest side files.
        fetch: Fetches the package; npm unless given.
        python: The version of the Python that compiles; for tests.

    Raises:
        RuntimeBuildError: Something that it is made of cannot be had.
    """
    quality = side_files.BEST if best else side_files.QUICK
    own = own_modules()
    place = cache / "built" / _key(own, quality, python)
    if not place.is_dir():
        _build(place, cache, package.files(cache, fetch), own, quality, python)
        _forget(place.parent)
    about = json.loads((place / "about.json").read_text())
    folder = place / about.pop("folder")
    return Runtime(folder, **about)


def own_modules() -> dict[str, bytes]:
    """Our modules that run in the browser: path -> content."""
    checker = ROOT / "checker"
    paths = [
        checker / "__init__.py",
        checker / "browser.py",
        checker / "problems.py",
        checker / "text.py",
        *(path for path in (checker / "bounce").rglob("*.py") if path.name != "terminal.py"),
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted(paths)}


def _key(own: Mapping[str, bytes], quality: int, python: tuple[int, int]) -> str:
    """What the result depends on."""
    digest = hashlib.sha256(repr((quality, python, sys.version, _tools())).encode())
    scripts = {path.name: path.read_bytes() for path in Path(__file__).parent.glob("*.py")}
    for name, content in sorted({**own, **scripts}.items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:16]


def _tools() -> list[str]:
    versions = []
    for tool in ("brotli", "pyodide-build"):
        try:
            versions.append(version(tool))
        except PackageNotFoundError:
            versions.append("")
    return versions


def _build(  # noqa: PLR0913, PLR0917 - all that a runtime is made of
    place: Path,
    cache: Path,
    files: Mapping[str, bytes],
    own: Mapping[str, bytes],
    quality: int,
    python: tuple[int, int],
) -> None:
    from checker.bounce import MAXIMUM_INPUT  # noqa: PLC0415 - takes time, and most builds are there

    lock = json.loads(files[LOCK])
    runs = lock["info"]["python"]
    compiled = tuple(map(int, runs.split(".")[:2])) == python
    # The hundreds of packages that it lists are none of ours.
    made = {**files, LOCK: _json({**lock, "packages": {}}), OWN: archive.write(own)}
    if compiled:
        made[LIBRARY] = _slim(files[LIBRARY], own)
        recipe = (sys.version, *_tools(), Path(archive.__file__).read_bytes())
        for name in (LIBRARY, OWN):
            compile_ = partial(archive.compiled, made[name])
            made[name] = kept(cache / "compiled", recipe, made[name], compile_)
    folder = _hash(made)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as temporary:
        target = Path(temporary) / place.name
        (target / folder).mkdir(parents=True)
        for file, content in made.items():
            (target / folder / file).write_bytes(content)
        side_files.write(target / folder, cache / "side-files", quality)
        about = {
            "folder": folder,
            "compiled": compiled,
            "python": runs,
            "maximum_input": MAXIMUM_INPUT,
        }
        (target / "about.json").write_bytes(_json(about))
        # Who builds the same at the same time may have been first.
        if not place.is_dir():
            target.rename(place)


def _slim(standard_library: bytes, own: Mapping[str, bytes]) -> bytes:
    sources = archive.read(standard_library)
    kept = library.needed(sources, own)
    return archive.write({path: sources[path] for path in kept})


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _hash(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:16]


def _forget(built: Path) -> None:
    """Drop all but the newest, else every change of a rule would leave 20 MB."""
    runtimes = [about.parent for about in built.glob("*/about.json")]
    by_age = sorted(runtimes, key=lambda path: path.stat().st_mtime, reverse=True)
    for old in by_age[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
