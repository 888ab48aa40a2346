"""Puts the modules of our scripts together, so that a page loads few files, and small ones.

What a module imports at once comes with it; what it imports later stays a file of its own. Where
esbuild cannot be had, the modules stay as they are written: that works as well, and weighs more.
"""

import logging
import posixpath
import re
import subprocess
from functools import cache
from pathlib import Path

from scripts.node.packages import NodePackagesError, installed

_SOURCES = Path(__file__).resolve().parents[2] / "overrides"
_CLASSIC = ("assets/javascripts/", "assets/embed.js", "assets/framed.js")
"""Material and the pages of others start these as no modules."""

_IMPORTED = re.compile(r'\bfrom "(?P<path>\.[^"]+)"')
_TIMEOUT = 60

_log = logging.getLogger("mkdocs.hooks.modules")


def put_together(site: Path) -> None:
    """Replace the copied scripts by what a visitor loads of them.

    Args:
        site: The built site.

    Raises:
        subprocess.CalledProcessError: A script cannot be read; esbuild has said why.
    """
    program = _esbuild()
    if program is None:
        return
    paths = [path.relative_to(_SOURCES).as_posix() for path in sorted(_SOURCES.rglob("*.js"))]
    # Not all are copied: some are made at build time.
    ours = [path for path in paths if (site / path).is_file()]
    modules = [path for path in ours if not path.startswith(_CLASSIC)]
    inner = {
        posixpath.normpath(posixpath.join(posixpath.dirname(path), imported["path"]))
        for path in modules
        for imported in _IMPORTED.finditer((site / path).read_text(encoding="utf-8"))
    }
    together = ("--bundle", "--splitting", "--format=esm", "--chunk-names=assets/shared/[hash]")
    _run(program, site, *together, *(path for path in modules if path not in inner))
    # Others are put into the same scope, so the names in it stay.
    _run(program, site, *(path for path in ours if path.startswith(_CLASSIC)))
    for path in inner:
        (site / path).unlink()


@cache
def _esbuild() -> Path | None:
    try:
        (program,) = installed("esbuild", hurry=True).glob("@esbuild/*/bin/esbuild")
    except (NodePackagesError, ValueError) as error:
        # A warning would not be seen where mkdocs is told to be quiet, as by scripts/serve.
        _log.error("The scripts stay as they are written, and weigh more: %s.", error)
        return None
    return program


def _run(program: Path, site: Path, *arguments: str) -> None:
    places = ("--outdir=.", "--outbase=.", "--allow-overwrite")
    subprocess.run(  # noqa: S603 - a locked package, and scripts of ours
        [program, *arguments, *places, "--minify", "--charset=utf8", "--log-level=warning"],
        cwd=site,
        timeout=_TIMEOUT,
        check=True,
    )
