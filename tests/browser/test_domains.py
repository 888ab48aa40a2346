"""Every domain of the lab, for every sender, in both languages, as a visitor sees it.

A real check in the browser shows each kind of answer; the page's own scripts then tell all answers
without a check for each.
"""

import asyncio
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from checker import operators
from checker.check import Answer
from checker.problems import PROBLEMS
from checker.tell.answer import to_json
from tests.browser.conftest import Enter, Readers
from tests.browser.expected import (
    LANGUAGES,
    SPELLING,
    START,
    in_short,
    mender,
    notice_of,
    sentences,
    squeeze,
    words,
)
from tests.browser.turns import in_the_longer_language
from tests.browser.visitor import READ, Result, Visitor, result_of
from tests.checks import Table
from tests.lab.domains import DOMAINS
from tests.lab.model import LabDomain

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLOW = {
    "dns-dead.test",
    "ehlo-inside-tls-20-seconds.test",
    "greeting-15-seconds.test",
    "greeting-35-seconds.test",
    "one-byte-a-second.test",
    "silent.test",
    "sts-hangs.test",
    "tls-hangs.test",
}
"""Checks of these end only when the checker's patience does, so each is made once."""

# Shows answers one after another in the place of a result, as the form does with its own.
TELL = f"""async (cases) => {{
  const form = document.getElementById("check-form");
  const {{ build, reveal }} = await import("/assets/check/use.js");
  const words = await (await fetch(form.dataset.words)).json();
  const lang = form.elements.lang.value;
  const signal = new AbortController().signal;
  const told = [];
  for (const [domainAsRead, answer] of cases) {{
    const site = {{ ...form.dataset, lang, signal, domainAsRead, again: () => {{}} }};
    reveal(document.getElementById("check-result"), await build(answer, words, site));
    told.push(({READ})());
  }}
  return told;
}}"""


def _kinds() -> list[tuple[str, LabDomain]]:
    """A sender and a domain for each pair of an outcome and a problem, in turn of all senders."""
    names = operators.names()
    found: dict[tuple[str, str], tuple[str, LabDomain]] = {}
    for domain in DOMAINS:
        turned = names[len(found) % len(names) :] + names[: len(found) % len(names)]
        if domain.domain not in SLOW:
            for name in turned:
                found.setdefault(domain.expected[name], (name, domain))
    return list(found.values())


Kind = tuple[int, str, LabDomain]


def _params() -> Iterator[object]:
    """Those pairs; what is told of each family of problems is told of the others in it alike."""
    seen = set()
    for number, (operator, domain) in enumerate(_kinds()):
        outcome, problem = domain.expected[operator]
        kind = outcome, PROBLEMS[problem].family
        marks = [pytest.mark.repeats] if kind in seen else []
        seen.add(kind)
        yield pytest.param(
            (number, operator, domain), id=f"{domain.domain}-{operator}", marks=marks
        )


KINDS = list(_params())


def _assert_told(
    result: Result, site: Path, language: str, answer: Answer, focused: str = "check-outcome"
) -> None:
    operator, outcome = answer.operator.name, str(answer.verdict.outcome)
    problem = answer.verdict.troubles[0].id
    assert f"check-{outcome}" in result.outcome.split()
    title, *rest = sentences(language, answer)
    assert result.verdict.startswith(title)
    assert all(sentence in f"{result.verdict} {squeeze(result.more)}" for sentence in rest)
    # Of versions there are two cases, which have a test of their own.
    if problem != "tls-version":
        told = mender(language, operator, problem) in squeeze(result.more)
        assert told == (outcome != "delivers")
        explained = in_short(site, language, problem) in result.explanation
        # Beside a yes nobody reads that others do not deliver.
        assert explained == (outcome != "delivers-with-warnings")
    heading = words(language)["problem"][problem]
    if outcome == "delivers-with-warnings":
        heading = words(language)["section"]["missing"]
    assert result.heading.endswith(heading)
    assert_reason(language, problem, outcome, result)
    assert result.address == f"{START[language]}problems/{problem}/"
    assert result.focused == focused


def assert_reason(language: str, problem: str, outcome: str, result: Result) -> None:
    """The line below the outcome names what was seen, and is not the general one."""
    sentences_ = words(language)["reason"]["problem"][problem]
    assert result.reason
    assert not set("{}") & set(result.reason)
    assert "undefined" not in result.reason
    if len(sentences_) > 1:
        assert sentences_["plain"].lower() not in result.reason.lower()
    lead = words(language)["reason"]["lead"].partition("{")[0]
    is_no = not outcome.startswith("delivers") and problem != SPELLING
    assert result.reason.startswith(lead) == is_no


async def _check(
    visitor: Visitor, site: Path, operator: str, domain: LabDomain, table: Table
) -> None:
    result = await visitor.check(domain.address, operator)
    answer = table.answers[domain.domain, operator]
    # What may be a slip is corrected in the field.
    is_slip = answer.verdict.troubles[0].id == SPELLING and answer.verdict.troubles[0].decisive
    focused = "check-domain" if is_slip else "check-outcome"
    _assert_told(result, site, visitor.language, answer, focused)
    visitor.assert_all_is_well()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_visitor_is_told_the_outcome_and_reads_what_explains_it(
    readers: Readers, site: Path, table: Table, kind: Kind
) -> None:
    number, operator, domain = kind
    await _check(readers[LANGUAGES[number % len(LANGUAGES)]], site, operator, domain, table)


async def test_a_visitor_is_told_what_takes_long(enter: Enter, site: Path, table: Table) -> None:
    slow = [domain for domain in DOMAINS if domain.domain in SLOW]
    places = [(language, operator) for operator in operators.names() for language in LANGUAGES]

    async def check(language: str, operator: str, domain: LabDomain) -> None:
        await _check(await enter(language), site, operator, domain, table)

    await asyncio.gather(
        *(check(*place, domain) for place, domain in zip(cycle(places), slow, strict=False))
    )


@in_the_longer_language
async def test_every_answer_is_told(
    readers: Readers, site: Path, table: Table, language: str, pytestconfig: pytest.Config
) -> None:
    cases = [(domain, operator) for domain in DOMAINS for operator in operators.names()]
    if not pytestconfig.getoption("all"):
        cases = _one_of_each_form(cases, table)
    answers = [table.answers[domain.domain, operator] for domain, operator in cases]
    visitor = readers[language]
    told = await visitor.page.evaluate(
        TELL, [[answer.domain.unicode, to_json(answer)] for answer in answers]
    )
    wrong = {}
    for (domain, operator), read in zip(cases, told, strict=True):
        try:
            answer = table.answers[domain.domain, operator]
            _assert_told(result_of(read), site, language, answer)
        except AssertionError as error:
            wrong[f"{domain.domain}, {operator}"] = str(error)
    assert wrong == {}
    visitor.assert_all_is_well()


def _one_of_each_form(
    cases: list[tuple[LabDomain, str]], table: Table
) -> list[tuple[LabDomain, str]]:
    found: dict[object, tuple[LabDomain, str]] = {}
    for domain, operator in cases:
        answer = to_json(table.answers[domain.domain, operator])
        found.setdefault((operator, _form(answer)), (domain, operator))
    return list(found.values())


def _form(value: object) -> object:
    """What an answer says of whatever domain: its words and fields, without names and numbers."""
    match value:
        case dict():
            return frozenset((key, _form(inner)) for key, inner in value.items())
        case list() | tuple():
            return frozenset(map(_form, value))
        case str() if not re.fullmatch(r"[a-z][a-z-]*", value):
            return "text"
        case int() | float() if not isinstance(value, bool):
            return "number"
    return value


async def _check_without_script(
    visitor: Visitor, operator: str, domain: LabDomain, table: Table
) -> None:
    page = visitor.page
    # Every page of a problem has the form as well, so the next check may start from there.
    if not await page.locator("#check-form").count():
        await visitor.open()
    await visitor.fill(domain.address, operator)
    async with page.expect_navigation():
        await page.press("#check-domain", "Enter", no_wait_after=True)
    answer = table.answers[domain.domain, operator]
    problem, notice, said = notice_of(visitor.language, answer)
    assert page.url == f"{visitor.origin}{START[visitor.language]}problems/{problem}/#{notice}"
    shown = page.locator(".check-notice:visible")
    assert await shown.count() == 1
    assert (await shown.get_attribute("id")) == notice
    assert said in await shown.inner_text()
    assert await page.locator("#in-short").is_visible()


@pytest.mark.parametrize("kind", KINDS)
async def test_without_javascript_the_form_leads_to_the_page_that_explains_it(
    plain_readers: Readers, table: Table, kind: Kind
) -> None:
    number, operator, domain = kind
    language = LANGUAGES[(number + 1) % len(LANGUAGES)]
    await _check_without_script(plain_readers[language], operator, domain, table)
