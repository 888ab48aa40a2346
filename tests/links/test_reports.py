"""From the report in a sender's mailbox to the exact defect: real servers, a real browser."""

import asyncio
import email
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import expect

from checker import bounce
from checker.check import Answer
from checker.problems import PROBLEMS
from tests.browser.expected import LANGUAGES, START, sentences, words
from tests.browser.visitor import Visitor
from tests.checks import Table
from tests.lab.model import LabDomain
from tests.links.senders import (
    CROWDED,
    DEFECTS,
    LONG,
    LOST,
    OPERATOR,
    PATIENT,
    SENDERS,
    TRIED,
    VERIFIED,
    all_defects,
    recipients,
)
from tests.serving import Server
from tests.site.pages import page

pytestmark = pytest.mark.asyncio(loop_scope="session")

_ADDRESS = re.compile(r"https?://\S+")
_PERMALINK = re.compile(r"https?://\S+/p/\S+")
MAILS = [
    pytest.param(name, domain, recipient, id=f"{name}-{recipient}")
    for name in SENDERS
    for domain in DEFECTS
    for recipient in recipients(name, domain.domain)
]

# One domain for each defect: that the others are told apart by a check is tested elsewhere.
ONE_OF_EACH = {
    **{domain.expected[OPERATOR][1]: domain for domain in reversed(DEFECTS)},
    "delayed": next(domain for domain in DEFECTS if domain.domain == PATIENT),
}


def _one_of_each() -> Iterator[object]:
    """Those domains; what is clicked is the same for all of a family of problems."""
    seen = set()
    for name, domain in ONE_OF_EACH.items():
        family = PROBLEMS[name].family if name in PROBLEMS else name
        marks = [pytest.mark.repeats] if family in seen else []
        seen.add(family)
        yield pytest.param(domain, id=domain.domain, marks=marks)


def body(report: Message) -> str:
    """What a person reads of a report."""
    part = next(part for part in report.walk() if part.get_content_type() == "text/plain")
    return str(part.get_payload())


def told(text: str, domain: str) -> set[str]:
    """What the report tells without its links, and without the lab's telling names."""
    plain = _ADDRESS.sub("", text).replace(domain, "example.org")
    return {problem.id for report in bounce.read(plain) for problem in report.problems}


@pytest.mark.parametrize(("name", "domain", "recipient"), MAILS)
async def test_a_report_holds_a_link_to_what_it_tells(
    reports: Any,  # noqa: ANN401 - it is JSON
    name: str,
    domain: LabDomain,
    recipient: str,
) -> None:
    text = reports[name][recipient]
    report = email.message_from_string(text)
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    assert report["Subject"].isascii()
    (fields,) = (part for part in report.walk() if part["Final-Recipient"])
    assert fields["Final-Recipient"].partition(";")[2].strip() == recipient
    assert fields["Action"] == ("delayed" if domain.domain == PATIENT else "failed")
    link = urlsplit(_PERMALINK.findall(body(report))[0])
    _, _, problem, _ = link.path.split("/")
    assert problem in told(text, domain.domain)
    # Postfix breaks the line of a long address before it tells the cause, and it loses connections
    # for many a cause.
    silent = name == "postfix" and domain.domain in {LONG, LOST}
    wanted = {} if silent else {"domain": [domain.domain]}
    assert parse_qs(link.query) == {"operator": [OPERATOR], **wanted}


async def test_exim_names_each_cause_once_and_none_of_what_arrived(
    reports: Any,  # noqa: ANN401 - it is JSON
    server: Server,
) -> None:
    assert re.findall(r"(\S+): (.*)\n +(\S+)\n", reports["expanded"]) == [
        (domain, cause, f"{server.origin}/p/{problem}/?domain={domain}&operator={OPERATOR}")
        for domain, cause, problem in (
            (
                "late.test",
                "retry time not reached for any host for 'late.test'",
                "cause-not-stated",
            ),
            (
                "twice.test",
                "TLS session: (certificate verification failed): certificate has expired",
                "certificate-expired",
            ),
        )
    ]


@pytest.mark.parametrize("name", SENDERS)
async def test_what_the_page_turns_on_it_takes_back(
    reports: Any,  # noqa: ANN401 - it is JSON
    name: str,
) -> None:
    before, during, after = reports["settings"][name]
    assert during != before
    assert after == before


@pytest.mark.parametrize(("name", "recipient"), [(n, one) for n in TRIED for one in TRIED[n]])
async def test_who_tries_it_out_as_the_page_says_gets_a_report_with_a_link(
    reports: Any,  # noqa: ANN401 - it is JSON
    name: str,
    recipient: str,
) -> None:
    report = email.message_from_string(reports["tried"][name][recipient])
    (fields,) = (part for part in report.walk() if part["Final-Recipient"])
    assert fields["Action"] == ("undeliverable" if recipient == VERIFIED else "failed")
    query = parse_qs(urlsplit(_PERMALINK.findall(body(report))[0]).query)
    # Without a mail Postfix names the server before the cause, which no line is then known by.
    wanted = {} if recipient == VERIFIED else {"domain": [recipient.partition("@")[2]]}
    assert query == {"operator": [OPERATOR], **wanted}


async def test_what_the_page_shows_without_a_mail_holds_a_link(
    reports: Any,  # noqa: ANN401 - it is JSON
    server: Server,
) -> None:
    wanted = f"/p/certificate-not-verified/?operator={OPERATOR}\n"
    assert reports["shown"]["postfix"].endswith(wanted)
    assert f"{server.origin}/?operator={OPERATOR}" in reports["shown"]["exim"]


async def test_every_defect_is_among_them() -> None:
    assert {domain.expected[OPERATOR][1] for domain in DEFECTS} == all_defects()


async def test_mail_to_a_place_that_has_failed_is_among_it(
    reports: Any,  # noqa: ANN401 - it is JSON
) -> None:
    crowd = [reports["postfix"][recipient] for recipient in recipients("postfix", CROWDED)]
    assert any("temporarily suspended" in report for report in crowd)


@pytest.mark.parametrize("domain", list(_one_of_each()))
async def test_the_link_leads_to_the_section_and_one_click_to_the_defect(
    reports: Any,  # noqa: ANN401 - it is JSON
    senders: dict[str, Visitor],
    site: Path,
    table: Table,
    domain: LabDomain,
) -> None:
    answer = table.answers[domain.domain, OPERATOR]
    await asyncio.gather(
        *(
            _follow(senders[name], reports[name][recipients(name, domain.domain)[0]], site, answer)
            for name in SENDERS
        )
    )


async def _follow(visitor: Visitor, report: str, site: Path, answer: Answer) -> None:
    language, tab = visitor.language, visitor.page
    link = _PERMALINK.findall(body(email.message_from_string(report)))[0]
    problem = urlsplit(link).path.split("/")[2]
    await tab.goto(link)
    for each in LANGUAGES:
        explained = page(site, each, f"problems/{problem}")
        shown = tab.locator(f"section[lang={each}]")
        await expect(shown).to_contain_text(explained.one("h1").text.strip("# \n"))
        await expect(shown).to_contain_text(explained.one("meta", name="description")["content"])
    await tab.click(f"section[lang={language}] a[href$='#check']")
    assert urlsplit(tab.url).path == f"{START[language]}problems/{problem}/"
    field = tab.locator("#check-domain")
    if "domain=" in link:
        await expect(field).to_have_value(answer.domain.unicode)
    else:
        await expect(field).to_be_focused()
        await tab.keyboard.type(answer.domain.unicode)
    assert visitor.checks() == []
    await visitor.submit()
    result = await visitor.read()
    defect = answer.verdict.troubles[0].id
    assert result.verdict.startswith(sentences(language, answer)[0])
    assert result.heading.endswith(words(language)["problem"][defect])
    assert result.address == f"{START[language]}problems/{defect}/"
    visitor.assert_all_is_well()
