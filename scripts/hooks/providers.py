"""Who runs which mail server: a table for each kind on the page, and the rows for the script.

Everything comes from ``docs/providers.yml``, which says what each field means.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError

from scripts.hooks import words

SOURCE = "providers.yml"
ASSET = "assets/providers.json"

_COLUMNS = ("name", "hosts", "contact", "source")


class Kind(StrEnum):
    """What an operator's relation to the recipient is."""

    MAILBOX = "mailbox"
    HOSTING = "hosting"
    BUSINESS = "business"
    GATEWAY = "gateway"


class Seen(StrEnum):
    """How the source was read."""

    COPY = "copy"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One row.

    Attributes:
        kind: Which table it belongs to.
        name: As the operator writes it.
        also: Other names that its customers know it by.
        hosts: What the names of its servers end in; ``*`` stands for one label.
        contact: Language -> where customers are helped.
        postmaster: Language -> where those who run another mail server are helped.
        source: The page that says whose hosts these are.
        date: When that was looked up.
        seen: How it was read.
    """

    kind: Kind
    name: str
    also: Sequence[str] = ()
    hosts: tuple[str, ...]
    contact: Mapping[str, str] = field(default_factory=dict)
    postmaster: Mapping[str, str] = field(default_factory=dict)
    source: str
    date: date
    seen: Seen


def load(docs: Path) -> list[Provider]:
    """The rows in the order of the file.

    Raises:
        BuildError: A kind or a field is unknown or missing.
    """
    path = docs / SOURCE
    return _read(path, path.stat().st_mtime_ns)


def render(markdown: str, docs: Path, language: str) -> str:
    """Replace each marker such as ``<!-- providers: mailbox -->`` by the table of that kind."""
    for kind in Kind:
        marker = f"<!-- providers: {kind} -->"
        if marker in markdown:
            members = [provider for provider in load(docs) if provider.kind is kind]
            markdown = markdown.replace(marker, _table(members, language))
    return markdown


def write(docs: Path, site: Path) -> None:
    """Write what the check's script matches names against; it is loaded when a result needs it."""
    rows = [
        {
            "name": provider.name,
            "kind": provider.kind,
            "hosts": provider.hosts,
            "contact": provider.contact,
        }
        for provider in load(docs)
    ]
    target = site / ASSET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


@cache
def _read(path: Path, _changed: int) -> list[Provider]:
    rows: dict[str, list[dict[str, Any]]] = words.parse(path)
    return [_provider(kind, row) for kind, members in rows.items() for row in members]


def _provider(kind: str, row: dict[str, Any]) -> Provider:
    try:
        return Provider(
            **{**row, "kind": Kind(kind), "hosts": tuple(row["hosts"]), "seen": Seen(row["seen"])}
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"docs/{SOURCE}: {kind}: {row.get('name', row)}: {error}"
        raise BuildError(message) from error


def _table(members: list[Provider], language: str) -> str:
    columns = (words.look_up(language, "contact", f"column_{name}") for name in _COLUMNS)
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    rows = "".join(_row(provider, language) for provider in members)
    return (
        f'<div class="facts"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(provider: Provider, language: str) -> str:
    def word(key: str, **values: object) -> str:
        return escape(words.look_up(language, "contact", key).format(**values))

    def link(address: str, text: str, remark: str = "") -> str:
        return f'<a href="{escape(address)}">{text}</a>' + (remark and f" {remark}")

    hosts = "<br>".join(f"<code>{escape(host)}</code>" for host in provider.hosts)
    help_ = "<br>".join(
        link(address, word(key), "" if spoken == language else word(f"in_{spoken}"))
        for key, places in (("customers", provider.contact), ("postmasters", provider.postmaster))
        for spoken, address in _nearest(places, language)
    )
    names = ", ".join((provider.name, *provider.also))
    copy = word("copy") if provider.seen is Seen.COPY else ""
    source = link(provider.source, word("source", date=provider.date), copy)
    return (
        f'<tr><th scope="row">{escape(names)}</th>'
        f"<td>{hosts}</td><td>{help_ or word('none')}</td><td>{source}</td></tr>"
    )


def _nearest(places: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """The page in the reader's language, else the one there is."""
    if language in places:
        return [(language, places[language])]
    return list(places.items())[:1]
