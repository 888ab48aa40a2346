"""What a build adds: the requirements, and the letters of the site's pages.

hatchling calls it for each build, so that both stand in one place. The wheel requires what
``requirements/*.in`` want, and nothing older than what is locked.
"""

import json
import re
import runpy
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_LETTERS = "checker/bulk/report/letters"


class RequirementsHook(MetadataHookInterface):
    """Fills in the fields that ``pyproject.toml`` calls dynamic."""

    def update(self, metadata: dict[str, object]) -> None:
        """Fill them in.

        Raises:
            ValueError: A requirement is no plain name.
            KeyError: It is not locked.
        """
        folder = Path(self.root) / "requirements"
        metadata["dependencies"] = _requirements(folder, "checker")
        extras = ("bulk", "store")
        metadata["optional-dependencies"] = {one: _requirements(folder, one) for one in extras}


class LettersHook(BuildHookInterface):
    """Puts the letters to providers into the archives, which have no pages."""

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Write them; a source archive brings them along.

        Raises:
            ValueError: There are neither pages nor letters.
        """
        root = Path(self.root)
        file = root / f"{_LETTERS}.json"
        if (root / "docs").is_dir():
            collect = runpy.run_path(str(root / f"{_LETTERS}.py"))["collect"]
            text = json.dumps(collect(root / "docs"), ensure_ascii=False, indent=1, sort_keys=True)
            self._folder = tempfile.mkdtemp()
            file = Path(self._folder) / "letters.json"
            file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        if not file.is_file():
            raise ValueError("no letters: build from a clone, or from a source archive")
        build_data["force_include"][str(file)] = f"{_LETTERS}.json"

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact: str) -> None:
        """Clear away."""
        shutil.rmtree(getattr(self, "_folder", ""), ignore_errors=True)


def _requirements(folder: Path, group: str) -> list[str]:
    lock = (folder / f"{group}.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE))
    wanted = (folder / f"{group}.in").read_text(encoding="utf-8").splitlines()
    return [_bounded(line, locked) for line in wanted if line and not line.startswith(("#", "-r "))]


def _bounded(line: str, locked: dict[str, str]) -> str:
    requirement, semicolon, marker = line.partition(";")
    return f"{requirement}>={locked[_name(requirement)]}{semicolon}{marker}"


def _name(requirement: str) -> str:
    """A requirement's name as locks write it, without its extras."""
    found = re.fullmatch(r"([\w.-]+)(?:\[[\w,.-]+\])?", requirement)
    if found is None:
        raise ValueError(f"{requirement!r} is no plain name")
    return re.sub(r"[-_.]+", "-", found[1]).lower()
