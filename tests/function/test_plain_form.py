"""Without JavaScript the form leads to the page of the problem, whatever a check has found."""

from pathlib import Path

import pytest

from checker import operators
from checker.check import Answer, Checker
from checker.domain import Domain
from checker.function.guard.options import GuardOptions
from checker.function.options import Options
from checker.operators import Operator
from tests.browser.expected import LANGUAGES, START, notice_of, squeeze
from tests.checks import Table
from tests.function.conftest import Connect
from tests.lab.domains import DOMAINS
from tests.site.pages import page

UNLIMITED = GuardOptions(
    client_limit=None, client_at_once=None, domain_limit=None, address_limit=None
)


@pytest.fixture
def known(checker: Checker, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each check end with the answer that one of the lab had."""

    async def check(domain: Domain, operator: Operator, *_: object, **__: object) -> Answer:
        return answers[domain.ascii, operator.name]

    answers = {
        (answer.domain.ascii, operator): answer for (_, operator), answer in table.answers.items()
    }
    monkeypatch.setattr(checker, "check", check)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_form_leads_to_what_explains_the_outcome(
    connect: Connect, site: Path, table: Table, language: str
) -> None:
    wrong = []
    async with connect(Options(guard=UNLIMITED)) as client:
        for domain in DOMAINS:
            for operator in operators.names():
                asked = {"domain": domain.address, "operator": operator, "lang": language}
                reply = await client.post(
                    "/api/v1/check", data=asked, headers={"Accept": "text/html"}
                )
                answer = table.answers[domain.domain, operator]
                problem, notice, said = notice_of(language, answer)
                expected = f"{START[language]}problems/{problem}/#{notice}"
                (shown,) = page(site, language, f"problems/{problem}").all("div", id=notice)
                if reply.headers["location"] != expected or said not in squeeze(shown.text):
                    wrong.append((domain.domain, operator, reply.headers["location"]))
    assert wrong == []
