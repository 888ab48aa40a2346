"""What is kept of the standard library, told by what the modules import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.runtime import archive, library
from scripts.runtime.build import LIBRARY, Runtime, build

pytestmark = pytest.mark.programs

ROOT = Path(__file__).parents[2]

SCRIPT = """
import sys
before = set(sys.modules)
from checker.browser import read
read("to=<a@example.org>, status=deferred (Cannot start TLS: handshake failure)")
import json
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.parametrize(
    ("path", "source", "imported"),
    [
        ("a.py", "import b, c.d as e", {"b", "c.d"}),
        ("a.py", "from b import c, d", {"b", "b.c", "b.d"}),
        ("a/__init__.py", "from . import b", {"a", "a.b"}),
        ("a/b.py", "from . import c", {"a", "a.c"}),
        ("a/b/c.py", "from ..d import e", {"a.d", "a.d.e"}),
        ("a.py", "try:\n import b\nexcept ImportError:\n import c", {"b", "c"}),
        ("a.py", "class A:\n import b", {"b"}),
        ("a.py", "def f():\n import b", set()),
        ("a.py", "async def f():\n import b", set()),
        ("a.py", "if TYPE_CHECKING:\n import b\nelse:\n import c", {"c"}),
        ("a.py", "if typing.TYPE_CHECKING:\n import b", set()),
        ("a.py", "if __name__ == '__main__':\n import b", set()),
    ],
)
def test_what_is_imported_on_import(path: str, source: str, imported: set[str]) -> None:
    assert set(library.imports(path, source.encode())) == imported


def test_what_our_functions_import_when_a_text_needs_it_is_needed() -> None:
    sources = {"near.py": b"def f():\n import far", "far.py": b""}
    own = {"own.py": b"def f():\n import near"}
    assert library.needed(sources, own) == {"near.py"}


def test_what_is_needed_is_what_is_imported_however_far_away() -> None:
    sources = {
        "near.py": b"from far import away",
        "far/__init__.py": b"",
        "far/away.py": b"import sys",
        "unused.py": b"import near",
        "encodings/koi8_r.py": b"import codecs",
        "codecs.py": b"",
        "far/data.txt": b"",
    }
    assert library.needed(sources, {"own.py": b"import near"}) == {
        "near.py",
        "far/__init__.py",
        "far/away.py",
        "encodings/koi8_r.py",
        "codecs.py",
    }


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    """The runtime as a preview of the site has it."""
    return build()


@pytest.fixture(scope="module")
def kept(runtime: Runtime) -> set[str]:
    """The modules of its standard library."""
    paths = archive.read((runtime.folder / LIBRARY).read_bytes())
    return {library.name_of(path.removesuffix("c")) for path in paths}


COMPILED = {"binascii", "math", "zlib"}


def test_all_that_the_rules_load_is_kept(kept: set[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name for name in json.loads(done.stdout) if name.partition(".")[0] != "checker"}
    loaded.remove("collections.abc")  # another name of a module, and no file
    # A browser's Python holds all modules that are written in C.
    compiled = {name for name in loaded if name.startswith("_") or name in COMPILED}
    compiled |= set(sys.builtin_module_names) | {"unicodedata"}
    assert loaded - compiled - kept == set()


def test_what_has_no_business_in_a_browser_is_left_out(runtime: Runtime, kept: set[str]) -> None:
    tops = {name.partition(".")[0] for name in kept}
    useless = tops & {"doctest", "email", "http", "multiprocessing", "pydoc", "unittest"}
    # Where nothing can be compiled the library stays as it is shipped.
    assert bool(useless) is not runtime.compiled
    assert (len(kept) < 300) is runtime.compiled
