"""The drawing of the e-mail's way: where it stopped, for the eye and for the ear."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Enter
from tests.browser.expected import sender, words
from tests.browser.turns import in_a_language

pytestmark = pytest.mark.asyncio(loop_scope="session")

FINE = ["good"] * 4

WAYS: dict[tuple[str, str], tuple[list[str], str]] = {
    ("healthy.test", "mediafinanz"): (["good", "good", *FINE, "good"], "mx.healthy.test"),
    ("expired.test", "mediafinanz"): (
        ["good", "good", "good", "good", "good", "bad", "none"],
        "mx.expired.test: Certificate has expired",
    ),
    ("expired.test", "profihost"): (
        ["good", "good", "good", "good", "good", "warn", "good"],
        "mx.expired.test: Certificate has expired",
    ),
    ("first-starttls-454.test", "mediafinanz"): (
        ["good", "good", "good", "bad", "none", "none", *FINE, "good"],
        "mx1.first-starttls-454.test: Mail server offers encryption, then refuses it",
    ),
    ("no-starttls.test", "mediafinanz"): (
        ["good", "good", "good", "bad", "none", "none", "none"],
        "mx.no-starttls.test: Mail server offers no encryption",
    ),
    ("connection-refused.test", "careful"): (
        ["good", "good", "open", "none", "none", "none", "open"],
        "mx.connection-refused.test: Mail server cannot be reached",
    ),
    ("null-mx.test", "careful"): (
        ["good", "bad", "none"],
        "DNS: Domain does not accept e-mail",
    ),
}
"""Domain and sender -> how things were at each station, and what stands beside them."""


async def states(journey: Locator) -> list[str]:
    """How things were at each station, in order."""
    names: list[str] = await journey.locator(".journey__station").evaluate_all(
        "all => all.map((one) => /journey--(\\w+)/.exec(one.className)[1])"
    )
    return names


async def test_the_way_shows_where_it_stopped(enter: Enter) -> None:
    visitor = await enter("en")
    for (domain, operator), (expected, beside) in WAYS.items():
        await visitor.check(domain, operator)
        journey = visitor.page.locator("#check-result .journey")
        assert await states(journey) == expected, domain
        await expect(journey).to_contain_text(beside)


@in_a_language
async def test_the_way_reads_as_text(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    await visitor.check("expired.test", "mediafinanz")
    text: Any = words(language)["journey"]
    state = text["states"]
    said = [
        sender(language, "mediafinanz"),
        text["directory"],
        *(f"{text['stages'][name]}: {state['good']}" for name in ("greeting", "starttls", "tls")),
        f"{text['stages']['certificate']}: {state['bad']}",
        f"{text['mailbox']}: {state['none']}",
    ]
    stations = visitor.page.locator("#check-result .journey__station")
    assert await stations.all_text_contents() == said
    list_ = visitor.page.get_by_role("list", name=text["title"])
    await expect(list_.get_by_role("listitem")).to_have_count(len(said) + 1)


async def test_the_way_grows_while_the_check_runs(enter: Enter) -> None:
    visitor = await enter()
    await visitor.fill("silent.test", "mediafinanz")
    await visitor.submit()
    journey = visitor.page.locator("#check-progress .journey")
    await expect(journey.locator(".journey--busy")).to_contain_text("Greeting")
    await expect(journey).to_contain_text("mx.silent.test")
    assert await states(journey) == ["good", "good", "busy", "none", "none", "none", "none"]
    # The sentence beside it is what is read out.
    await expect(journey).to_have_attribute("aria-hidden", "true")


@pytest.mark.parametrize("width", [320, 1280])
async def test_the_way_goes_from_left_to_right_where_there_is_room(
    enter: Enter, width: int
) -> None:
    visitor = await enter(width=width)
    await visitor.check("expired.test", "mediafinanz")
    places = await visitor.page.locator("#check-result .journey__station:visible svg").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map(({ x, y }) => [x, y])"
    )
    along, across = (0, 1) if width > 1000 else (1, 0)
    assert [place[along] for place in places] == sorted({place[along] for place in places})
    assert max(place[across] for place in places) - min(place[across] for place in places) < 1
