"""Builds the site once for all tests that look at it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.pages import ROOT

Build = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def build() -> Build:
    """Runs ``mkdocs build --strict`` into a folder, as anybody would."""

    def run(target: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("ZUSTELLBAR_")
        }
        mkdocs = Path(sys.executable).with_name("mkdocs")
        return subprocess.run(  # noqa: S603 - our own interpreter's mkdocs
            [mkdocs, "build", "--strict", "--site-dir", target],
            cwd=ROOT,
            env={**inherited, "NO_MKDOCS_2_WARNING": "1", **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def site(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as a plain build makes it."""
    target = tmp_path_factory.mktemp("site")
    done = build(target)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def published(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with its own address and a checker elsewhere."""
    target = tmp_path_factory.mktemp("published")
    done = build(
        target,
        ZUSTELLBAR_SITE_URL="https://zustellbar.example/",
        ZUSTELLBAR_CHECKER="https://check.zustellbar.example",
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def lab_site(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is served together with the lab."""
    target = tmp_path_factory.mktemp("lab-site")
    done = build(target, ZUSTELLBAR_LAB="1")
    assert done.returncode == 0, done.stderr
    return target
