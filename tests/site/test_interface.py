"""The page for programs says what the interface's description says, in both languages."""

import json
import re
from pathlib import Path

import pytest

from checker import operators
from checker.function import interface
from checker.function.openapi import document, examples
from scripts.hooks import interface as hook
from scripts.hooks import words
from tests.site.pages import LANGUAGES, ROOT, page, sources

CHECK = document()["paths"]["/api/v1/check"]["post"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_all_that_is_described(site: Path, language: str) -> None:
    shown = page(site, language, "integrators")
    cells = [cell.text for cell in shown.all("td")]
    schemas = document()["components"]["schemas"]
    calls = [
        f"{method.upper()} {path}" for path, item in document()["paths"].items() for method in item
    ]
    for name in [
        *calls,
        *schemas["CheckRequest"]["properties"],
        *schemas["Answer"]["properties"],
        *CHECK["responses"],
        *interface.CODES,
    ]:
        assert name in cells, name
    values = [*schemas["Answer"]["properties"]["outcome"]["enum"], *operators.names()]
    assert all(any(value in cell for cell in cells) for value in values)
    assert "<!-- interface" not in str([element.text for element in shown.elements])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_describe_nothing_that_is_not_there(language: str) -> None:
    described = words.load(language)["interface"]
    schemas = document()["components"]["schemas"]
    assert set(described["fields"]) == set(schemas["CheckRequest"]["properties"])
    assert set(described["answer"]) == set(schemas["Answer"]["properties"])
    assert set(described["statuses"]) == set(CHECK["responses"])
    assert set(described["codes"]) == set(interface.CODES)
    names = {one["operationId"] for item in document()["paths"].values() for one in item.values()}
    assert set(described["calls"]) == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_are_those_of_the_description(site: Path, language: str) -> None:
    shown = [code.text for code in page(site, language, "integrators").all("pre")]
    assert any(text.strip() == examples.STREAM.strip() for text in shown)
    messages = [json.loads(text) for text in shown if text.lstrip().startswith("{")]
    assert messages == [examples.ANSWER, examples.TOO_MANY_CHECKS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_a_program_is_shown(language: str) -> None:
    text = sources(language)["integrators.md"]
    shown = set(re.findall(r"<!-- interface: (\w+\.\w+) -->", text))
    assert shown == {path.name for path in (ROOT / "docs" / "examples").iterdir()}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", hook.ADDRESS),
        ("https://zustellbar.example/", "https://zustellbar.example"),
        ("https://check.zustellbar.example", "https://check.zustellbar.example"),
    ],
)
def test_the_examples_call_the_site_s_own_checker(address: str, shown: str) -> None:
    text = hook.render("<!-- interface: check.sh -->", "en", address)
    assert f" {shown}/api/v1/check " in text


def test_a_published_site_names_its_checker(published: Path) -> None:
    shown = "".join(code.text for code in page(published, "en", "integrators").all("pre"))
    assert "https://check.zustellbar.example/api/v1/check" in shown
    assert hook.ADDRESS not in shown
