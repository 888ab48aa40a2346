"""Archives of Python modules: read, written the same way every time, and compiled."""

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from scripts.runtime.errors import RuntimeBuildError

_EPOCH = "315532800"
"""1980-01-01, the first moment that a ZIP archive can name."""

# Pyodide's build tool, without documentation strings and assertions.
_COMPILER = (sys.executable, "-B", "-OO", "-m", "pyodide_cli", "py-compile", "--silent")


def read(archive: bytes) -> dict[str, bytes]:
    """The files of an archive: path -> content."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist() if not name.endswith("/")}


def write(files: Mapping[str, bytes]) -> bytes:
    """An archive of the files: sorted, of one moment, and stored.

    The whole archive is compressed on its way, which does better than each file by itself.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            # Else it names the system that it was written on.
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def compiled(archive: bytes) -> bytes:
    """Compile the modules in an archive for the Python that runs this.

    Raises:
        RuntimeBuildError: The compiler is missing, or a module does not compile.
    """
    if find_spec("pyodide_build") is None:
        raise RuntimeBuildError("there is no pyodide-build: run scripts/setup site")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "modules.zip"
        path.write_bytes(archive)
        # Which strings are shared in what is compiled depends on those that the compiler itself has
        # loaded, and on how: from its sources, or as compiled by an earlier run.
        empty = Path(folder) / "kept"
        done = subprocess.run(  # noqa: S603 - a module that is installed
            [*_COMPILER, "--compression-level", "0", path],
            env={
                **os.environ,
                "SOURCE_DATE_EPOCH": _EPOCH,
                "PYTHONHASHSEED": "0",
                "PYTHONPYCACHEPREFIX": str(empty),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr or done.stdout).strip().rpartition("\n")[2]
            raise RuntimeBuildError(f"pyodide-build could not compile the modules: {last}")
        # Written anew, for the compiler's archive bears the time of the day.
        return write(read(path.read_bytes()))
