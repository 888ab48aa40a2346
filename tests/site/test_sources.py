"""What keeps the two languages together, and the pages together with the checker."""

import re
from string import Formatter
from typing import Any

import pytest
from mkdocs.utils import meta
from mkdocs.utils.yaml import yaml_load

from checker import operators
from checker.problems import PROBLEMS
from tests.site.pages import LANGUAGES, ROOT, sources

FACTS = [f"M{number}" for number in range(1, 14)] + [f"P{number}" for number in range(1, 12)]

FENCE = re.compile(r"^( *)(```|~~~).*?^\1\2 *$", re.MULTILINE | re.DOTALL)


def _headings(text: str) -> list[str]:
    body, _ = meta.get_data(text)
    return re.findall(r"^#{1,6} .+$", FENCE.sub("", body), re.MULTILINE)


def _ids(text: str) -> list[str]:
    return re.findall(r"\{#([a-z0-9-]+)\}$", "\n".join(_headings(text)), re.MULTILINE)


def _words(language: str) -> dict[str, Any]:
    path = ROOT / "overrides" / "words" / f"{language}.yml"
    with path.open(encoding="utf-8") as file:
        return yaml_load(file)


def _leaves(node: Any, path: str = "") -> dict[str, str]:  # noqa: ANN401 - a YAML tree
    if not isinstance(node, dict):
        return {path: str(node)}
    return {
        name: text
        for key, child in node.items()
        for name, text in _leaves(child, f"{path}/{key}").items()
    }


def test_both_languages_have_the_same_pages() -> None:
    assert set(sources("de")) == set(sources("en"))


@pytest.mark.parametrize("name", sources("de"))
def test_a_page_has_the_same_headings_and_front_matter_in_both_languages(name: str) -> None:
    german, english = sources("de")[name], sources("en")[name]
    assert _ids(german) == _ids(english)
    if name.startswith("snippets/"):
        return
    _, about = meta.get_data(german)
    _, other = meta.get_data(english)
    assert set(about) == set(other)
    for key in set(about) - {"title", "description"}:
        assert about[key] == other[key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_has_an_id_of_its_own(language: str) -> None:
    for name, text in sources(language).items():
        ids = _ids(text)
        assert len(ids) == len(_headings(text)), name
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_title_and_a_description(language: str) -> None:
    for name, text in sources(language).items():
        if name.startswith("snippets/"):
            continue
        _, about = meta.get_data(text)
        assert about.get("title"), name
        assert 0 < len(about.get("description", "")) <= 155, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_s_page_bears_the_problem_s_id(language: str) -> None:
    pages = {
        name.removeprefix("problems/").removesuffix(".md"): meta.get_data(text)[1].get("problem")
        for name, text in sources(language).items()
        if name.startswith("problems/") and name != "problems/index.md"
    }
    assert pages == {id_: id_ for id_ in PROBLEMS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_s_page_speaks_to_whoever_the_widget_shows_it_to(language: str) -> None:
    for id_ in PROBLEMS:
        ids = _ids(sources(language)[f"problems/{id_}.md"])
        assert {"in-short", "recipient", "sender"} <= set(ids), id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sender_has_its_page(language: str) -> None:
    pages = {
        name: meta.get_data(text)[1].get("operator")
        for name, text in sources(language).items()
        if name.startswith("senders/") and name != "senders/index.md"
    }
    assert pages == {f"senders/{name}.md": name for name in operators.names()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_is_told(language: str, fact: str) -> None:
    name = "mediafinanz" if fact.startswith("M") else "profihost"
    assert f"<!-- fact: {fact} -->" in sources(language)[f"senders/{name}.md"]


def test_the_words_have_the_same_keys_and_places_in_both_languages() -> None:
    german, english = (_leaves(_words(language)) for language in LANGUAGES)
    assert set(german) == set(english)
    for key, text in german.items():
        both = (text, english[key])
        places = [{part[1] for part in Formatter().parse(one)} - {None} for one in both]
        assert places[0] == places[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_know_every_problem_and_every_sender_s_patience(language: str) -> None:
    words = _words(language)
    assert set(words["problem"]) == set(PROBLEMS)
    assert {problem.mender for problem in PROBLEMS.values()} <= set(words["mender"])
    for operator in operators.load_all().values():
        assert set(operator.assumed) <= set(words["assumed"])
        assert operator.delivery.retry_for in {"PT0S", *words["durations"]}
        assert operator.delivery.report_to in words["report_to"]
