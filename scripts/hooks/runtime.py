"""Puts the paste box's runtime into the site, and tells the templates where it is."""

import hashlib
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError

from scripts.runtime.build import Runtime, build
from scripts.runtime.errors import RuntimeBuildError

SOURCE = "assets/paste/worker.js"
"""The worker as it is written; the site has it under a name that changes with it."""

_log = logging.getLogger("mkdocs.hooks.runtime")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A runtime that is built, and waits for the site.

    Attributes:
        runtime: What was built; also where its sources change while the site is made.
    """

    runtime: Runtime

    @property
    def variables(self) -> dict[str, Any]:
        """For templates: where all will be, bytes packed and unpacked, how much text is read."""
        return {
            "worker": self._worker,
            "folder": self._folder,
            "bytes": sum(self.runtime.sizes(".br").values()),
            "raw_bytes": sum(self.runtime.sizes().values()),
            "maximum_input": self.runtime.maximum_input,
        }

    def write(self, site: Path) -> None:
        """Copy it into the built site."""
        shutil.copytree(self.runtime.folder, site / self._folder, dirs_exist_ok=True)
        worker = site / self._worker
        worker.parent.mkdir(parents=True, exist_ok=True)
        worker.write_text(self.runtime.worker(), encoding="utf-8")

    @property
    def _folder(self) -> str:
        return f"assets/runtime/{self.runtime.name}/"

    @property
    def _worker(self) -> str:
        name = hashlib.sha256(self.runtime.worker().encode()).hexdigest()[:16]
        return f"assets/paste/worker-{name}.js"


def prepare() -> Prepared | None:
    """Build the runtime, or find it in the cache.

    Returns:
        The runtime; nothing where it cannot be built: the site then has no paste box.

    Raises:
        BuildError: It cannot be built, and the site is for real use.
    """
    try:
        # Who edits need not wait a minute for what a visitor gains by it.
        runtime = build(best=_for_real_use())
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
    return Prepared(runtime)


def _for_real_use() -> bool:
    return os.environ.get("ZUSTELLBAR_RELEASE") == "1"
