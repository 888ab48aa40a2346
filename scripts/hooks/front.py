"""Reads what stands at the top of a page; each text once, for many pages ask for all others'."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from mkdocs.utils import meta


@cache
def read(text: str) -> Mapping[str, Any]:
    """The front matter of a page.

    Args:
        text: The whole page, as it is written.
    """
    _, about = meta.get_data(text)
    return MappingProxyType(about)
