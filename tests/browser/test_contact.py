"""Whom the result of a check names as the one to contact."""

import json
from typing import Any

import pytest
from playwright.async_api import Route

from tests.browser.conftest import Enter
from tests.browser.expected import START, squeeze, words
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

DATA = "**/assets/providers.json"
FAULTY = "anna@expired.test"
HOST = "mx.expired.test"


def _row(name: str, *hosts: str, kind: str = "mailbox", **contact: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "hosts": hosts, "contact": contact}


async def _told(visitor: Visitor, rows: list[dict[str, Any]] | None) -> tuple[str, str]:
    """What the outcome says about whom to contact, and where the link in it leads."""

    async def fulfill(route: Route) -> None:
        if rows is None:
            await route.abort()
        else:
            await route.fulfill(content_type="application/json", body=json.dumps(rows))

    await visitor.page.route(DATA, fulfill)
    await visitor.check(FAULTY, "mediafinanz")
    await visitor.unfold()
    contact = visitor.page.locator(".check-verdict .check-contact")
    address = await contact.locator("a").evaluate("link => link.href")
    return squeeze(await contact.inner_text()), address


def _sentence(language: str, kind: str, name: str = "") -> str:
    told = words(language)["contact"][kind]
    # mediaFinanz's mail concerns those who wait for it.
    sentence = told["recipient"] if isinstance(told, dict) else told
    return squeeze(sentence.format(host=HOST, name=name))


@pytest.mark.parametrize(
    ("language", "kind"),
    # The words of each kind are there in both languages: tests/site/test_providers.py.
    [("de", "mailbox"), ("en", "hosting"), ("de", "business"), ("en", "gateway")],
)
async def test_a_known_server_s_operator_is_named_with_its_help(
    enter: Enter, language: str, kind: str
) -> None:
    visitor = await enter(language)
    help_ = {"de": "https://hilfe.example/", "en": "https://help.example/"}
    rows = [_row("Example Mail", "expired.test", kind=kind, **help_)]
    text, address = await _told(visitor, rows)
    link = words(language)["contact"]["link"].format(name="Example Mail")
    assert text == f"{_sentence(language, kind, 'Example Mail')} {link}"
    assert address == help_[language]
    beside = words(language)["contact"]["beside"].format(name="Example Mail")
    servers = (await visitor.read()).servers
    assert HOST in servers
    assert beside in servers


async def test_help_in_another_language_is_announced(enter: Enter) -> None:
    visitor = await enter("en")
    text, address = await _told(visitor, [_row("X", "expired.test", de="https://hilfe.example/")])
    assert text.endswith(words("en")["contact"]["in_de"])
    assert address == "https://hilfe.example/"


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([_row("Short", "test"), _row("Long", "expired.test")], "Long"),
        ([_row("Long", "expired.test"), _row("Short", "test")], "Long"),
        ([_row("Any", "*.expired.test"), _row("Short", "expired.test")], "Any"),
        ([_row("Letters", "pired.test"), _row("Whole", "test")], "Whole"),
        ([_row("Longer", "a.mx.expired.test"), _row("Whole", "test")], "Whole"),
    ],
)
async def test_the_rule_with_the_most_whole_labels_counts(
    enter: Enter, rows: list[dict[str, Any]], name: str
) -> None:
    text, _ = await _told(await enter("en"), rows)
    assert text.startswith(_sentence("en", "mailbox", name))


@pytest.mark.parametrize(
    ("language", "rows"),
    [("de", None), ("en", None), ("de", []), ("en", [_row("Example Mail", "example.org")])],
)
async def test_the_general_advice_stands_where_nobody_is_known(
    enter: Enter, language: str, rows: list[dict[str, Any]] | None
) -> None:
    visitor = await enter(language)
    text, address = await _told(visitor, rows)
    assert text == f"{_sentence(language, 'own')} {words(language)['contact']['page']}"
    assert address == f"{visitor.origin}{START[language]}providers/"
    if rows is None:
        visitor.forgive("Failed to load resource")


async def test_an_operator_without_help_leads_to_the_general_advice(enter: Enter) -> None:
    visitor = await enter("en")
    text, address = await _told(visitor, [_row("Example Mail", "expired.test")])
    assert text.startswith(_sentence("en", "mailbox", "Example Mail"))
    assert address == f"{visitor.origin}/en/providers/"


async def test_names_are_shown_as_text(enter: Enter) -> None:
    visitor = await enter("en")
    name = "<img src=x onerror=alert(1)>"
    text, _ = await _told(visitor, [_row(name, "expired.test", en="https://help.example/")])
    assert name in text
