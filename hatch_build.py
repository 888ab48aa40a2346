"""What the wheel requires: what ``requirements/*.in`` want, and nothing older than what is locked.

hatchling calls it for each build, so that the requirements stand in one place.
"""

import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


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


def _requirements(folder: Path, group: str) -> list[str]:
    lock = (folder / f"{group}.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE))
    wanted = (folder / f"{group}.in").read_text(encoding="utf-8").splitlines()
    return [
        f"{line}>={locked[_name(line)]}"
        for line in wanted
        if line and not line.startswith(("#", "-r "))
    ]


def _name(requirement: str) -> str:
    """A requirement's name as locks write it, without its extras."""
    found = re.fullmatch(r"([\w.-]+)(?:\[[\w,.-]+\])?", requirement)
    if found is None:
        raise ValueError(f"{requirement!r} is no plain name")
    return re.sub(r"[-_.]+", "-", found[1]).lower()
