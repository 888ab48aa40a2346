"""Every domain of the lab, for every sender, in both languages, as a visitor sees it."""

import asyncio
from pathlib import Path

import pytest

from checker import operators
from tests.browser.conftest import Crowd, Enter
from tests.browser.expected import (
    LANGUAGES,
    SPELLING,
    START,
    fails,
    headline,
    in_short,
    mender,
    sentences,
    squeeze,
    words,
)
from tests.browser.visitor import Result, Visitor
from tests.lab.domains import DOMAINS
from tests.lab.model import LabDomain

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLOW = {
    "dns-dead.test",
    "one-byte-a-second.test",
    "silent.test",
    "sts-hangs.test",
    "tls-hangs.test",
}
"""Checks of these end only when the checker's patience does, so each is made once."""

PROMPT = [domain for domain in DOMAINS if domain.domain not in SLOW]


def _assert_told(
    result: Result, site: Path, language: str, operator: str, domain: LabDomain
) -> None:
    outcome, problem = domain.expected[operator]
    assert f"check-{outcome}" in result.outcome.split()
    title, *rest = sentences(language, operator, domain)
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
    assert result.focused == "check-outcome"


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


async def _check(visitor: Visitor, site: Path, operator: str, domain: LabDomain) -> None:
    result = await visitor.check(domain.address, operator)
    _assert_told(result, site, visitor.language, operator, domain)
    visitor.assert_all_is_well()


@pytest.mark.parametrize("domain", PROMPT, ids=lambda domain: domain.domain)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_visitor_is_told_the_outcome_and_reads_what_explains_it(
    crowd: Crowd, site: Path, language: str, domain: LabDomain
) -> None:
    await asyncio.gather(
        *(
            _check(visitor, site, operator, domain)
            for visitor, operator in zip(crowd[language], operators.names(), strict=True)
        )
    )


async def test_a_visitor_is_told_what_takes_long(enter: Enter, site: Path) -> None:
    slow = [domain for domain in DOMAINS if domain.domain in SLOW]
    places = [(language, operator) for operator in operators.names() for language in LANGUAGES]

    async def check(language: str, operator: str, domain: LabDomain) -> None:
        await _check(await enter(language), site, operator, domain)

    await asyncio.gather(
        *(check(*place, domain) for place, domain in zip(places, slow, strict=False))
    )


def _senders(number: int, domain: LabDomain) -> list[str]:
    """One sender for each outcome that the domain has, in turn not always the same one."""
    names = operators.names()
    turned = names[number % len(names) :] + names[: number % len(names)]
    return list({domain.expected[name]: name for name in turned}.values())


async def _check_without_script(visitor: Visitor, operator: str, domain: LabDomain) -> None:
    outcome, problem = domain.expected[operator]
    page = visitor.page
    # Every page of a problem has the form as well, so the next check may start from there.
    if not await page.locator("#check-form").count():
        await visitor.open()
    await visitor.fill(domain.address, operator)
    async with page.expect_navigation():
        await page.press("#check-domain", "Enter", no_wait_after=True)
    told = fails(operator, domain) if outcome == "fails" else outcome
    silent = operators.load(operator).tls.without_starttls == "not-stated"
    notice = f"outcome-{told}-{operator}"
    if problem == "tls-version" and "1-3-only" in domain.domain:
        notice += "-too-new"
    expected = f"{visitor.origin}{START[visitor.language]}problems/{problem}/#{notice}"
    assert page.url == expected
    shown = page.locator(".check-notice:visible")
    assert await shown.count() == 1
    assert (await shown.get_attribute("id")) == notice
    told = outcome
    if outcome == "unknown" and problem == "starttls-not-supported" and silent:
        told = "unknown-not-stated"
    assert headline(visitor.language, operator, told, problem) in await shown.inner_text()
    assert await page.locator("#in-short").is_visible()


@pytest.mark.parametrize("domain", PROMPT, ids=lambda domain: domain.domain)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_javascript_the_form_leads_to_the_page_that_explains_it(
    plain_crowd: Crowd, language: str, domain: LabDomain
) -> None:
    senders = _senders(PROMPT.index(domain) + LANGUAGES.index(language), domain)
    await asyncio.gather(
        *(
            _check_without_script(visitor, operator, domain)
            for visitor, operator in zip(plain_crowd[language], senders, strict=False)
        )
    )
