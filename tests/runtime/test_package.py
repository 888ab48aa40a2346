"""The package of Pyodide is the one that is pinned, or the build says why there is none."""

import os
import shutil
import tarfile
from pathlib import Path

import pytest

from scripts.node import npm
from scripts.runtime import package
from scripts.runtime.build import CACHE
from scripts.runtime.errors import RuntimeBuildError

pytestmark = pytest.mark.programs

ARCHIVE = f"{package.NAME}-{package.VERSION}.tgz"


def copied(folder: Path) -> None:
    """Fetch what npm has fetched before."""
    shutil.copy(CACHE / ARCHIVE, folder)


def another(folder: Path) -> None:
    """Fetch something else under the right name."""
    with tarfile.open(folder / ARCHIVE, "w:gz") as archive:
        archive.add(__file__, "package/pyodide.mjs")


def npm_that_says(folder: Path, text: str) -> None:
    """Put an npm that fails into a folder."""
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{text}\nEND\nexit 1\n")
    npm.chmod(0o755)


def test_the_package_holds_what_a_browser_needs_and_is_fetched_once(tmp_path: Path) -> None:
    package.files(CACHE)
    fetched = []

    def fetch(folder: Path) -> None:
        fetched.append(folder)
        copied(folder)

    for _ in range(2):
        assert set(package.files(tmp_path, fetch)) == set(package.FILES)
    assert len(fetched) == 1


def test_another_package_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(RuntimeBuildError, match=r"not the package that .* pins: .* sha512-"):
        package.files(tmp_path, another)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_copy_is_fetched_again(tmp_path: Path) -> None:
    package.files(CACHE)
    (tmp_path / ARCHIVE).write_bytes(b"half of it")
    assert package.files(tmp_path, copied)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            (
                "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\n"
                "npm error network request to a registry failed\nnpm error network More follows"
            ),
            "network request to a registry failed",
        ),
        ("npm error code ETARGET\nnpm error notarget No matching version", "notarget No matching"),
        ("", "it did not say why"),
    ],
)
def test_a_failed_download_says_in_one_line_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, reason: str
) -> None:
    npm_that_says(tmp_path, output)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(RuntimeBuildError) as refused:
        package.files(tmp_path / "cache")
    message = str(refused.value)
    assert reason in message
    assert "connect to the network" in message
    assert "\n" not in message


def test_without_any_npm_the_message_names_the_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(npm, "find_spec", lambda _name: None)
    with pytest.raises(RuntimeBuildError, match="scripts/setup site"):
        package.files(tmp_path / "cache")
