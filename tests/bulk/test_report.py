"""The report: what it says at a glance, whom to call, what changed; and it needs only itself."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from checker.bulk.lists import Entry, Unreadable
from checker.bulk.report import LANGUAGES, Wanted, render, words
from checker.bulk.report.letters import letter
from checker.bulk.store import Row, Run, Store
from checker.domain import Domain
from checker.problems import PROBLEMS
from tests.site.test_letters import PLACEHOLDERS

NO_PAGES = Path("nowhere")
Told = dict[str, tuple[str, str]]


def answer(domain: str, operator: str, outcome: str, problem: str) -> dict[str, Any]:
    """An answer as JSON has it."""
    first = {
        "id": problem,
        "host": "mx.provider.net",
        "address": "192.0.2.1",
        "evidence": {"not_after": "2026-11-01T00:00:00Z"},
    }
    return {
        "domain": domain,
        "operator": operator,
        "outcome": outcome,
        "checked_at": "2026-11-30T12:00:00Z",
        "problems": [first],
    }


def run_of(store: Store, began: str, *told: Told, operators: tuple[str, ...]) -> Run:
    """A run that has ended, with what came of each domain for each operator."""
    entries: list[Entry | Unreadable] = [
        Entry(line, Domain(name, name)) for line, name in enumerate(told[0], 1)
    ]
    entries.append(Unreadable(99, "x", "single-label"))
    run = store.begin(began, "kunden.txt", "f", operators, entries)
    with store.transaction():
        for one in store.pending(run):
            answers = zip(operators, told, strict=True)
            store.keep_answers(
                one.id,
                [Row.of(answer(one.domain, name, *each[one.domain])) for name, each in answers],
            )
    store.end(run, began)
    return run


REACHED, EXPIRED = ("delivers", "no-problem-found"), ("fails", "certificate-expired")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty state."""
    with closing(Store(tmp_path / "bulk.sqlite")) as made:
        yield made


def page_of(store: Store, run: Run, **wanted: Any) -> str:  # noqa: ANN401 - as the report has it
    """The report."""
    given = {"language": "de", "operators": ("ein sorgfältiger Absender",), "docs": NO_PAGES}
    return "".join(render(store, run, Wanted(**{**given, **wanted})))


class _Fetched(HTMLParser):
    """What a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {n}={v}" for n, v in attrs if n in {"src", "srcset", "data"}]
        if tag in {"link", "iframe", "object", "base"}:
            self.found.append(tag)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_but_itself(store: Store, language: str) -> None:
    run = run_of(store, "2026-11-30T12:00:00Z", {"a.example": EXPIRED}, operators=("careful",))
    page = page_of(store, run, language=language)
    fetched = _Fetched()
    fetched.feed(page)
    assert fetched.found == []
    assert "url(" not in page
    assert f'<html lang="{language}">' in page


def test_it_says_at_a_glance_and_whom_to_call(store: Store) -> None:
    told = {f"d{n}.example": EXPIRED for n in range(40)} | {"good.example": REACHED}
    run = run_of(store, "2026-11-30T12:00:00Z", told, operators=("careful",))
    page = page_of(store, run)
    assert "41 von 41 Domains geprüft" in page
    assert "provider.net: 40 Domains, 1 Anruf" in page
    assert "Zeilen der Liste ohne Domain: 1." in page
    assert re.search(r"Kommt zurück</text>\s*<rect[^>]*>\s*<text[^>]*>40<", page)
    assert page.count('<tr data-outcome="fails">') == 40
    assert page.index("d0.example</td>") < page.index("good.example</td>")


def test_it_says_what_changed_since_the_last_run(store: Store) -> None:
    before = {"a.example": REACHED, "b.example": EXPIRED, "c.example": REACHED}
    after = before | {"a.example": EXPIRED, "b.example": REACHED}
    run_of(store, "2026-10-30T12:00:00Z", before, operators=("careful",))
    run = run_of(store, "2026-11-30T12:00:00Z", after, operators=("careful",))
    page = page_of(store, run)
    changes = page[page.index('id="changes"') : page.index('id="problems"')]
    assert "30.10.2026, 12:00 UTC" in changes
    assert re.findall(r"<td>(\w)\.example</td>", changes) == ["a", "b"]
    assert changes.count("certificate-expired") == 2


def test_it_says_whom_a_change_of_the_sender_loses_and_why(store: Store) -> None:
    old = {"a.example": REACHED, "b.example": REACHED, "c.example": EXPIRED}
    new = {"a.example": EXPIRED, "b.example": REACHED, "c.example": REACHED}
    operators = ("old", "new")
    run = run_of(store, "2026-11-30T12:00:00Z", old, new, operators=operators)
    page = page_of(store, run, operators=("Alt", "Neu"))
    lost = page[page.index('id="lost"') : page.index('id="gained"')]
    gained = page[page.index('id="gained"') : page.index('id="list"')]
    assert "Wen der Wechsel verliert (Alt → Neu)" in lost
    assert re.findall(r"<td>(\w)\.example</td>", lost) == ["a"]
    assert "certificate-expired" in lost
    assert re.findall(r"<td>(\w)\.example</td>", gained) == ["c"]


def test_what_strangers_say_is_text(store: Store) -> None:
    run = store.begin("2026-11-30T12:00:00Z", "<b>.txt", "f", ["acme"], [])
    page = page_of(store, run, operators=("<script>alert(1)</script>",))
    assert "<b>.txt" not in page
    assert page.count("<script>") == 1


def test_the_letters_are_the_sites_own_and_filled_in(store: Store) -> None:
    told = {"a.example": EXPIRED, "b.example": EXPIRED}
    run = run_of(store, "2026-11-30T12:00:00Z", told, operators=("careful",))
    page = "".join(render(store, run, Wanted("en", ("careful",), "https://site.example/")))
    found = dict(re.findall(r'<pre lang="(\w\w)">(.*?)</pre>', page, re.DOTALL))
    assert list(found) == ["en", "de"]
    for language, folder in (("de", ""), ("en", "en/")):
        text = found[language]
        assert f"https://site.example/{folder}problems/certificate-expired/#admin" in text
        assert {"de": "01.11.2026, 00:00 UTC", "en": "2026-11-01, 00:00 UTC"}[language] in text
        assert "mx.provider.net" in text
        assert "a.example, b.example" in text
        assert "--8&lt;--" not in text
    assert 'href="https://site.example/p/certificate-expired/?domain=a.example' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_problem_that_has_a_letter_on_the_site_has_one_here(language: str) -> None:
    places = {one[1:-1] for pair in PLACEHOLDERS.items() for one in pair}
    for problem in PROBLEMS:
        text = letter(problem, language, {}, "https://site.example/#admin")
        if text is not None:
            assert "--8<--" not in text
            assert set(re.findall(r"\[([^\]\[]+)\]", text)) <= places, problem
    assert letter("certificate-expired", language, {}, "") is not None


def test_both_languages_have_the_same_words() -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(one) for key, one in value.items()}
        return sorted(re.findall(r"\{\w+\}", str(value)))

    assert shape(words("de")) == shape(words("en"))
    assert json.dumps(words("de")) != json.dumps(words("en"))
