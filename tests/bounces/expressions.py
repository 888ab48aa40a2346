"""All regular expressions by which reports are read, and what a text must hold to fit one."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from checker import bounce
from checker.bounce.asides.phrases import Phrases, compiled
from checker.bounce.patterns import Pattern

OWN = "checker.bounce.asides.phrases"
"""What reads our own wordings, and no stranger's text."""


def _modules() -> Iterator[ModuleType]:
    for module in walk_packages(bounce.__path__, f"{bounce.__name__}."):
        if module.name != OWN:
            yield import_module(module.name)


def _patterns(value: object) -> Iterator["re.Pattern[str]"]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Phrases):
        for wordings in value._wordings.values():  # noqa: SLF001 - whatever text they are for
            yield from (compiled(wording) for _, wording in wordings)
    elif isinstance(value, Pattern):
        yield re.compile(value.pattern, value.flags)
    elif isinstance(value, dict):
        yield from _patterns((*value, *value.values()))
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _patterns(one)
    elif type(value).__module__.startswith(bounce.__name__):
        names = (*getattr(value, "__dict__", ()), *getattr(value, "__slots__", ()))
        yield from _patterns([getattr(value, name) for name in names])


PATTERNS = sorted(
    {
        pattern
        for module in _modules()
        for value in vars(module).values()
        for pattern in _patterns(value)
    },
    key=lambda pattern: pattern.pattern,
)
