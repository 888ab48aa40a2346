"""Sites that are built for another purpose than a plain one."""

from pathlib import Path

import pytest

from tests.conftest import Built


@pytest.fixture(scope="session")
def published(built: Built) -> Path:
    """The site with its own address, a checker elsewhere and a public project."""
    return built(
        "published",
        ZUSTELLBAR_SITE_URL="https://zustellbar.example/",
        ZUSTELLBAR_CHECKER="https://check.zustellbar.example",
        ZUSTELLBAR_EDIT_URL="https://git.zustellbar.example/edit/main",
    )


@pytest.fixture(scope="session")
def lab_site(built: Built) -> Path:
    """The site as it is served together with the lab."""
    return built("lab", ZUSTELLBAR_LAB="1")
