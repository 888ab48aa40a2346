"""The built runtime: the same each time, compressed truly, and possible without a compiler."""

import gzip
import hashlib
import shutil
import sys
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it brings no types
import pytest

from scripts.runtime import archive, package
from scripts.runtime.build import CACHE, LIBRARY, OWN, Runtime, build

pytestmark = pytest.mark.programs

SAME_PYTHON = sys.version_info[:2] == (3, 13)


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    """The runtime as a preview of the site has it."""
    return build()


def copied(folder: Path) -> None:
    """Fetch what npm has fetched before."""
    shutil.copy(CACHE / f"{package.NAME}-{package.VERSION}.tgz", folder)


def known(cache: Path) -> None:
    """Have a cache know what takes long to make."""
    for name in ("compiled", "side-files"):
        if (CACHE / name).is_dir():
            shutil.copytree(CACHE / name, cache / name)


def contents(runtime: Runtime) -> dict[str, bytes]:
    """All files, side files too."""
    return {path.name: path.read_bytes() for path in runtime.folder.iterdir()}


@pytest.mark.repeats
def test_a_second_build_from_nothing_is_the_same_byte_for_byte(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What differs between one machine and another.
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    # What Python keeps of its own library, which the second of two archives would find.
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "kept"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    again = build(cache=tmp_path / "cache", fetch=copied)
    assert again.name == runtime.name
    assert contents(again) == contents(runtime)


def test_what_is_built_is_found_again(runtime: Runtime) -> None:
    before = runtime.folder.stat().st_ctime_ns
    assert build() == runtime
    assert runtime.folder.stat().st_ctime_ns == before


def test_side_files_hold_the_same(runtime: Runtime) -> None:
    files = contents(runtime)
    plain = {name for name in files if not name.endswith((".br", ".gz"))}
    assert set(files) == {name + suffix for name in plain for suffix in ("", ".br", ".gz")}
    for name in plain:
        assert brotli.decompress(files[f"{name}.br"]) == files[name]
        assert gzip.decompress(files[f"{name}.gz"]) == files[name]


def test_the_name_is_the_hash_of_what_is_in_it(runtime: Runtime) -> None:
    digest = hashlib.sha256()
    for name in sorted(runtime.sizes()):
        content = (runtime.folder / name).read_bytes()
        digest.update(name.encode() + hashlib.sha256(content).digest())
    assert runtime.name == digest.hexdigest()[:16]


def test_it_is_small(runtime: Runtime) -> None:
    wire = sum(runtime.sizes(".br").values())
    assert wire < (4_000_000 if runtime.compiled else 5_500_000)


def test_the_worker_knows_what_there_is_to_fetch(runtime: Runtime) -> None:
    first, _, rest = runtime.worker().partition("\n")
    for name, size in runtime.sizes().items():
        assert f'"{name}":{size}' in first
    assert rest.startswith("//")


def test_archives_bear_no_time_and_no_order_of_their_own() -> None:
    files = {"b.py": b"2", "a.py": b"1"}
    assert archive.write(files) == archive.write(dict(sorted(files.items())))
    assert archive.read(archive.write(files)) == files


def test_modules_are_compiled_without_what_nobody_reads(runtime: Runtime) -> None:
    assert runtime.compiled is SAME_PYTHON
    own = archive.read((runtime.folder / OWN).read_bytes())
    suffix = ".pyc" if SAME_PYTHON else ".py"
    assert {Path(name).suffix for name in own} == {suffix}
    if SAME_PYTHON:
        assert b"What the paste box's worker calls" not in own["checker/browser.pyc"]


@pytest.mark.usefixtures("runtime")
def test_another_python_leaves_the_sources_as_they_are(tmp_path: Path) -> None:
    known(tmp_path)
    other = build(cache=tmp_path, fetch=copied, python=(3, 11))
    assert not other.compiled
    own = archive.read((other.folder / OWN).read_bytes())
    assert b"What the paste box's worker calls" in own["checker/browser.py"]
    shipped = package.files(CACHE)[LIBRARY]
    assert (other.folder / LIBRARY).read_bytes() == shipped


def test_old_builds_are_dropped(runtime: Runtime, tmp_path: Path) -> None:
    for number in range(9):
        place = tmp_path / "built" / f"old-{number}"
        place.mkdir(parents=True)
        (place / "about.json").write_text("{}")
    known(tmp_path)
    assert build(cache=tmp_path, fetch=copied).name == runtime.name
    assert len(list((tmp_path / "built").iterdir())) == 4
