"""Whom to contact: the data, the page made from it, and what the check's script gets."""

import json
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from mkdocs.exceptions import BuildError
from mkdocs.utils.yaml import yaml_load

from checker.domain import parse
from scripts.hooks import providers
from scripts.hooks.providers import Kind, Provider
from tests.site.pages import LANGUAGES, ROOT, page

DOCS = ROOT / "docs"

PROVIDERS = providers.load(DOCS)


def _addresses(provider: Provider) -> list[str]:
    return [provider.source, *provider.contact.values(), *provider.postmaster.values()]


def _fit_one_name(rule: str, other: str) -> bool:
    """A name could end in both rules, and neither is longer."""
    pairs = list(zip(rule.split("."), other.split("."), strict=False))
    equally_long = rule.count(".") == other.count(".")
    return equally_long and all(a == b or "*" in (a, b) for a, b in pairs)


@pytest.mark.parametrize("kind", Kind)
def test_the_rows_of_a_kind_stand_in_order(kind: Kind) -> None:
    names = [provider.name.casefold() for provider in PROVIDERS if provider.kind is kind]
    assert names
    assert names == sorted(names)


def test_no_operator_is_listed_twice() -> None:
    names = [provider.name for provider in PROVIDERS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_a_row_says_where_it_comes_from_and_leads_only_to_safe_addresses(
    provider: Provider,
) -> None:
    assert provider.date <= datetime.now(UTC).date()
    for address in _addresses(provider):
        parts = urlsplit(address)
        assert parts.scheme == "https", address
        assert parts.hostname, address
        assert not parts.username, address
    assert {*provider.contact, *provider.postmaster} <= set(LANGUAGES)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_the_ends_of_names_are_whole_names_in_order(provider: Provider) -> None:
    assert provider.hosts
    assert list(provider.hosts) == sorted(provider.hosts)
    for rule in provider.hosts:
        assert parse(rule.replace("*", "any")).ascii == rule.replace("*", "any")


def test_no_name_fits_two_rows_equally_well() -> None:
    rules = [rule for provider in PROVIDERS for rule in provider.hosts]
    assert not [pair for pair in combinations(rules, 2) if _fit_one_name(*pair)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_every_operator_with_its_servers_and_its_source(
    site: Path, language: str
) -> None:
    document = page(site, language, "providers")
    cells = {cell.text for tag in ("th", "td") for cell in document.all(tag)}
    links = {link["href"] for link in document.all("a")}
    for provider in PROVIDERS:
        assert ", ".join((provider.name, *provider.also)) in cells
        assert "".join(provider.hosts) in cells
        assert provider.source in links
        for places in (provider.contact, provider.postmaster):
            assert not places or links & set(places.values())


def test_a_page_in_the_other_language_is_announced(site: Path) -> None:
    row = "Hilfe für Kunden (auf Englisch)"
    assert row in {cell.text for cell in page(site, "de", "providers").all("td")}
    row = "help for customers (in German)"
    assert row in {cell.text for cell in page(site, "en", "providers").all("td")}


def test_the_script_gets_the_same_rows_and_no_more_than_it_needs(site: Path) -> None:
    rows = json.loads((site / providers.ASSET).read_text(encoding="utf-8"))
    assert rows == [
        {
            "name": provider.name,
            "kind": provider.kind,
            "hosts": list(provider.hosts),
            "contact": dict(provider.contact),
        }
        for provider in PROVIDERS
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mailbox:", "mailboxes:", "mailboxes: Example"),
        ("seen: copy", "seen: dreamt", "mailbox: Example: 'dreamt'"),
        ("    source: https://example.org/\n", "", "mailbox: Example: .*source"),
        ("hosts:", "host:", "mailbox: Example: 'hosts'"),
    ],
)
def test_a_row_that_says_too_little_or_too_much_stops_the_build_and_is_named(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    row = (
        "mailbox:\n"
        "  - name: Example\n"
        "    hosts: [example.org]\n"
        "    source: https://example.org/\n"
        "    date: 2026-11-22\n"
        "    seen: copy\n"
    )
    (tmp_path / providers.SOURCE).write_text(row, encoding="utf-8")
    (provider,) = providers.load(tmp_path)
    assert provider.hosts == ("example.org",)
    (tmp_path / providers.SOURCE).write_text(row.replace(old, new), encoding="utf-8")
    with pytest.raises(BuildError, match=told):
        providers.load(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_every_kind(language: str) -> None:
    path = ROOT / "overrides" / "words" / f"{language}.yml"
    words = yaml_load(path.read_text(encoding="utf-8"))["contact"]
    assert {*Kind, "own", "unknown"} <= set(words)
