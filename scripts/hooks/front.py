"""Reads what stands at the top of a page; each page once, for many pages ask for all others'."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mkdocs.utils import meta


@cache
def read(path: Path) -> Mapping[str, Any]:
    """The front matter of a page, as it was when a build first asked for it.

    Args:
        path: The page, as it is written.
    """
    _, about = meta.get_data(path.read_text(encoding="utf-8"))
    return MappingProxyType(about)
