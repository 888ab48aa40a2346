"""Puts the paste box's runtime into the site, and tells the templates where it is."""

import hashlib
import logging
import os
import shutil
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError

from checker.bounce import MAXIMUM_INPUT
from scripts.runtime.build import Runtime, build
from scripts.runtime.errors import RuntimeBuildError

SOURCE = "assets/paste/worker.js"
"""The worker as it is written; the site has it under a name that changes with it."""

_log = logging.getLogger("mkdocs.hooks.runtime")


def prepare() -> dict[str, Any] | None:
    """Build the runtime, or find it in the cache.

    Returns:
        What the templates are told: where the worker and the runtime will be in the site, bytes
        over the wire and unpacked, and how much text the worker takes. Nothing where the runtime
        cannot be built; the site then has no paste box.

    Raises:
        BuildError: It cannot be built, and the site is for real use.
    """
    try:
        runtime = _build()
    except RuntimeBuildError as error:
        message = f"The site is built without the paste box: {error}."
        if _for_real_use():
            raise BuildError(message) from error
        # A warning would not be seen where mkdocs is told to be quiet, as by scripts/serve.
        _log.error(message)
        return None
    if not runtime.compiled:
        _log.info(
            "The paste box will start slowly, for its modules are not compiled: "
            "that takes Python %s.",
            ".".join(runtime.python.split(".")[:2]),
        )
    return {
        "worker": _worker(runtime),
        "folder": _folder(runtime),
        "bytes": sum(runtime.sizes(".br").values()),
        "raw_bytes": sum(runtime.sizes().values()),
        "maximum_input": MAXIMUM_INPUT,
    }


def write(site: Path) -> None:
    """Copy the prepared runtime into the built site."""
    runtime = _build()
    shutil.copytree(runtime.folder, site / _folder(runtime), dirs_exist_ok=True)
    worker = site / _worker(runtime)
    worker.parent.mkdir(parents=True, exist_ok=True)
    worker.write_text(runtime.worker(), encoding="utf-8")


def _for_real_use() -> bool:
    return os.environ.get("ZUSTELLBAR_RELEASE") == "1"


def _build() -> Runtime:
    # Who edits need not wait a minute for what a visitor gains by it.
    return build(best=_for_real_use())


def _folder(runtime: Runtime) -> str:
    return f"assets/runtime/{runtime.name}/"


def _worker(runtime: Runtime) -> str:
    name = hashlib.sha256(runtime.worker().encode()).hexdigest()[:16]
    return f"assets/paste/worker-{name}.js"
