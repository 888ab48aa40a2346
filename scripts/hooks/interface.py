"""Writes what programs may send to the function and get from it, from the interface's description.

What is described stands in the description alone; what it means to a reader stands in the words of
each language. So neither can have anything that the other lacks: the build stops and names it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from checker.function import interface
from checker.function.interface import Json
from checker.function.openapi import document, examples
from scripts.hooks import safety, single, words

ADDRESS = "https://check.example.org"
"""In the examples, where the address of the function is put."""

_MARKER = re.compile(r"<!-- interface: (?P<what>[a-z_.]+) -->")
_EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
_CHECK = "/api/v1/check"
_MINUTE = 60
_WIDTH = 84


def render(markdown: str, language: str, address: str) -> str:
    """Replace each marker.

    Args:
        markdown: The page's.
        language: Of the page.
        address: Of the checker or else of the site; empty for a preview that has none.
    """
    return _MARKER.sub(lambda marker: _part(marker["what"], language, address), markdown)


def _part(what: str, language: str, address: str) -> str:
    if "." in what:
        text = (_EXAMPLES / what).read_text(encoding="utf-8")
        return _code(text.replace(ADDRESS, safety.origin_of(address) or ADDRESS), what[-2:])
    if what.startswith("example_"):
        example = _SHOWN[what.removeprefix("example_")]
        if isinstance(example, str):
            return _code(example, "text")
        return _code(_pretty(example), "json")
    return _TABLES[what](language)


_SHOWN: Mapping[str, Json | str] = {
    "answer": examples.ANSWER,
    "stream": examples.STREAM,
    "too_many": examples.TOO_MANY_CHECKS,
}


def _calls(language: str) -> str:
    return _table(
        language,
        "calls",
        (
            (f"`{method.upper()} {path}`", operation["operationId"])
            for path, item in document()["paths"].items()
            for method, operation in item.items()
        ),
    )


def _fields(language: str) -> str:
    schema = document()["components"]["schemas"]["CheckRequest"]
    known = {"operator": ", ".join(f"`{name}`" for name in single.known())}
    return _table(language, "fields", ((f"`{name}`", name) for name in schema["properties"]), known)


def _answer(language: str) -> str:
    properties = document()["components"]["schemas"]["Answer"]["properties"]
    known = {
        name: ", ".join(f"`{value}`" for value in schema["enum"] if value is not None)
        for name, schema in properties.items()
        if "enum" in schema and name != "operator"
    }
    return _table(language, "answer", ((f"`{name}`", name) for name in properties), known)


def _statuses(language: str) -> str:
    responses = document()["paths"][_CHECK]["post"]["responses"]
    return _table(language, "statuses", ((status, status) for status in responses))


def _codes(language: str) -> str:
    return _table(language, "codes", ((f"`{code}`", code) for code in interface.CODES))


def _limits(language: str) -> str:
    def rate(limit: interface.Rate) -> str:
        minutes = limit.seconds // _MINUTE
        said = words.look_up(language, "interface", "rate" if minutes > 1 else "rate_minute")
        return said.format(count=limit.count, minutes=minutes)

    lifetime = words.look_up(language, "interface", "minutes")
    values = {
        "client": rate(interface.CLIENT_LIMIT),
        "at_once": str(interface.CLIENT_AT_ONCE),
        "domain": rate(interface.DOMAIN_LIMIT),
        "lifetime": lifetime.format(minutes=interface.RESULT_LIFETIME // _MINUTE),
        "fresh": rate(interface.FRESH),
        "body": f"{interface.MAXIMUM_BODY // 1024} KiB",
    }
    return _rows(
        language,
        ("limit", "value"),
        (
            (words.look_up(language, "interface", "limits", key), text)
            for key, text in values.items()
        ),
    )


_TABLES: Mapping[str, Callable[[str], str]] = {
    "calls": _calls,
    "fields": _fields,
    "answer": _answer,
    "statuses": _statuses,
    "codes": _codes,
    "limits": _limits,
}


def _table(
    language: str,
    group: str,
    entries: Iterable[tuple[str, str]],
    values: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A table of what programs write and read, and of what it means."""
    meanings = (
        (shown, words.look_up(language, "interface", group, key).format(values=values.get(key, "")))
        for shown, key in entries
    )
    return _rows(language, (group, "meaning"), meanings)


def _rows(language: str, columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    head = (words.look_up(language, "interface", "columns", column) for column in columns)
    lines = [" | ".join(row) for row in (head, ("---", "---"), *rows)]
    return "\n".join(f"| {line} |" for line in lines)


def _pretty(value: object, indent: str = "") -> str:
    """JSON with each part in one line that is short enough."""
    line = json.dumps(value, ensure_ascii=False)
    inner = f"{indent}  "
    if len(indent + line) <= _WIDTH:
        return line
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_pretty(one, inner)}" for key, one in value.items()]
        opened, closed = "{}"
    elif isinstance(value, list):
        parts = [_pretty(one, inner) for one in value]
        opened, closed = "[]"
    else:
        return line
    lines = ",\n".join(f"{inner}{part}" for part in parts)
    return f"{opened}\n{lines}\n{indent}{closed}"


def _code(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"
