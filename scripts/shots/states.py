"""The states of the page that are worth a look: a table, and what a visitor does in each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from playwright.sync_api import Page, Route

Scheme = Literal["light", "dark"]
Act = Callable[[Page], None]

CHECK = "**/api/v1/check"
RESULT = "#check-result:not([hidden]) .check-verdict"

WIDE, NARROW, NARROWEST = 1280, 390, 320


@dataclass(frozen=True, slots=True)
class State:
    """One picture.

    Attributes:
        name: Name of the picture.
        act: What the visitor does on the page.
        path: Which page, below the language's start page.
        language: What the visitor reads.
        scheme: Light or dark.
        width: Of the window, in CSS pixels.
        media: Screen, or paper.
        forced_colors: With few colours of the visitor's own.
        until: The last thing that the picture shows; the whole page unless given.
        only: The one thing that it shows.
    """

    name: str
    act: Act
    path: str = ""
    language: str = "de"
    scheme: Scheme = "light"
    width: int = WIDE
    media: Literal["screen", "print"] = "screen"
    forced_colors: bool = False
    until: str = ""
    only: str = ""


def _nothing(_page: Page) -> None:
    """Just look."""


def _submit(page: Page, domain: str, operator: str) -> None:
    page.fill("#check-domain", f"anna@{domain}")
    page.select_option("#check-operator", operator)
    page.press("#check-domain", "Enter")


def _check(domain: str, operator: str = "mediafinanz") -> Act:
    def act(page: Page) -> None:
        _submit(page, domain, operator)
        page.wait_for_selector(RESULT)

    return act


def _wait_at(domain: str, stage: str) -> Act:
    """The moment at which a mail server keeps us waiting."""

    def act(page: Page) -> None:
        _submit(page, domain, "mediafinanz")
        page.locator("#check-progress .journey--busy", has_text=stage).wait_for()

    return act


def _refused(status: int, code: str, retry_after: int | None = None) -> Act:
    def refuse(route: Route) -> None:
        body = {"title": code, "status": status, "code": code, "retry_after": retry_after}
        route.fulfill(status=status, json={name: one for name, one in body.items() if one})

    def act(page: Page) -> None:
        page.route(CHECK, refuse)
        _submit(page, "example.org", "mediafinanz")
        page.wait_for_selector("#check-trouble:visible")

    return act


def _invalid(page: Page) -> None:
    _submit(page, "localhost", "mediafinanz")
    page.wait_for_selector(".check__error:visible")


def _open(domain: str, part: str, awaited: str = "") -> Act:
    """Check, and unfold a part of the result."""
    check = _check(domain)

    def act(page: Page) -> None:
        check(page)
        page.click(f"{part} > summary")
        if awaited:
            page.wait_for_selector(f"{part} {awaited}")

    return act


def _paste(page: Page) -> None:
    if page.locator("#paste-fold").count():
        page.click("#paste-fold > summary")
    page.fill(
        "#paste-text",
        "<anna@expired.test>: Server certificate not verified: "
        "host mx.expired.test[192.0.2.1]: certificate has expired",
    )
    page.click("[data-paste=read]")
    page.wait_for_selector("#paste-result .check-verdict")


_LIVE = "#check-live"
_WAY = "#check-result .check-way"
_LETTER = "#check-letter"


def _both(state: State) -> Iterator[State]:
    yield state
    yield replace(state, name=f"{state.name}-en", language="en")


def _all() -> Iterator[State]:
    for state in [
        State("start", _nothing),
        State("invalid", _invalid),
        State("working", _wait_at("silent.test", ""), until=_LIVE),
        State("delivers", _check("healthy.test"), until=_LIVE),
        State("warnings", _check("first-starttls-454.test"), until=_LIVE),
        State("fails", _check("expired.test"), until=_LIVE),
        State("fails-later", _check("tls-1-1-only.test", "profihost"), until=_LIVE),
        State("no-mail", _check("null-mx.test"), until=_LIVE),
        State("unknown", _check("connection-refused.test", "careful"), until=_LIVE),
        State("many-servers", _check("many-servers.test"), until=_LIVE),
        State("error", _refused(429, "too-many-checks", 42), until=_LIVE),
        State("overloaded", _refused(503, "overloaded"), until=_LIVE),
        State("letter", _open("expired.test", _LETTER), until=_LIVE),
        State("ticket", _open("expired.test", ".check-ticket", ".handover"), until=_LIVE),
        State("technical", _open("expired.test", ".check-technical"), until=_LIVE),
        State("paste", _paste, path="came-back/"),
        State("problem", _nothing, path="problems/certificate-expired/"),
    ]:
        yield from _both(state)
    for name, act in {
        "start": _nothing,
        "working": _wait_at("silent.test", ""),
        "warnings": _check("first-starttls-454.test"),
        "fails": _check("expired.test"),
        "error": _refused(429, "too-many-checks", 42),
        "letter": _open("expired.test", _LETTER),
    }.items():
        state = State(name, act, until="" if name == "start" else _LIVE)
        yield replace(state, name=f"{name}-dark", scheme="dark")
        phone = replace(state, name=f"{name}-phone", width=NARROW)
        yield phone
        yield replace(phone, name=f"{phone.name}-dark-en", scheme="dark", language="en")
    yield State("paste-phone", _paste, path="came-back/", width=NARROW)
    for name, domain in {"fails": "expired.test", "warnings": "first-starttls-454.test"}.items():
        yield State(f"{name}-narrowest", _check(domain), width=NARROWEST, until=_LIVE)
    yield State("fails-forced-colors", _check("expired.test"), forced_colors=True, until=_LIVE)
    # Those of README.md.
    result = State("readme-result", _check("expired.test"), "", "en", width=960, until=_WAY)
    yield result
    yield replace(
        result,
        name="readme-phone",
        act=_wait_at("silent.test", ""),
        scheme="dark",
        width=NARROW,
        until="#check-progress",
    )
    yield replace(result, name="readme-letter", act=_open("expired.test", _LETTER), only=_LETTER)
    yield State("fails-print", _check("expired.test"), media="print", width=794)
    yield State("problem-print", _nothing, "problems/tls-version/", media="print", width=794)


STATES = tuple(_all())
"""Every state, in the order in which the pictures are taken."""
