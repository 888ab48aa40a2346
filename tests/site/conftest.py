"""Sites that are built for another purpose than a plain one."""

from pathlib import Path

import pytest

from tests.conftest import Build


@pytest.fixture(scope="session")
def published(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with its own address, a checker elsewhere and a public project."""
    target = tmp_path_factory.mktemp("published")
    done = build(
        target,
        ZUSTELLBAR_SITE_URL="https://zustellbar.example/",
        ZUSTELLBAR_CHECKER="https://check.zustellbar.example",
        ZUSTELLBAR_EDIT_URL="https://git.zustellbar.example/edit/main",
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
