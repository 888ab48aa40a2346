"""The mail lab's domains, for a start page that can be tried without the internet."""

import os
from importlib import import_module
from typing import Any


def domains() -> list[dict[str, Any]]:
    """What to type in, and what to expect; empty unless the site is served with the lab."""
    if os.environ.get("ZUSTELLBAR_LAB") != "1":
        return []
    # The lab comes with the tests: a build for real use has neither.
    rows = import_module("tests.lab.domains").DOMAINS
    return [{"address": row.address, "explanation": row.explanation} for row in rows]
