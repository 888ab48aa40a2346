"""Sites that are built for another purpose than a plain one."""

from pathlib import Path

import pytest

from tests.conftest import Built


@pytest.fixture(scope="session")
def published(built: Built) -> Path:
    """The site with its own address, a checker elsewhere, a public project, and the lab's list."""
    return built(
        "published",
        # For no site at once, but each is looked at for one of them.
        ZUSTELLBAR_LAB="1",
        ZUSTELLBAR_SITE_URL="https://zustellbar.example/",
        ZUSTELLBAR_CHECKER="https://check.zustellbar.example",
        ZUSTELLBAR_EDIT_URL="https://git.zustellbar.example/edit/main",
    )
