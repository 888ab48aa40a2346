"""Reads the words of the form, its result and the site's frame: one file per language."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from mkdocs.exceptions import BuildError

# Ten times as quick as the one in Python, which mkdocs takes.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FOLDER = Path(__file__).resolve().parents[2] / "overrides" / "words"


def languages() -> list[str]:
    """The languages that have words."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


@cache
def load(language: str) -> dict[str, Any]:
    """The words of one language, as they were when a build first asked for them."""
    words: dict[str, Any] = parse(FOLDER / f"{language}.yml")
    return words


def parse(path: Path) -> Any:  # noqa: ANN401 - as YAML has it
    """What a YAML file holds."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_LOADER)  # noqa: S506 - either loader is a safe one


def look_up(language: str, *keys: str) -> str:
    """One text; a missing one stops the build and is named."""
    value: Any = load(language)
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            message = f"overrides/words/{language}.yml: {' > '.join(keys)} is missing"
            raise BuildError(message)
        value = value[key]
    return str(value)
