"""The first thing that a result says: why, and what the reader can do today."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Route, ViewportSize, expect

from tests.browser.conftest import Enter
from tests.browser.expected import LANGUAGES, squeeze, words
from tests.browser.turns import in_a_language, in_the_longer_language
from tests.browser.visitor import CHECK, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}

REASONS = {
    ("wrong-name.test", "careful"): (
        (
            "Grund: Das Zertifikat von mx.wrong-name.test lautet auf www.somebody-else.test, "
            "nicht auf mx.wrong-name.test."
        ),
        (
            "Reason: the certificate of mx.wrong-name.test is for www.somebody-else.test, "
            "not for mx.wrong-name.test."
        ),
    ),
    ("tls-1-0-only.test", "profihost"): (
        (
            "Grund: mx.tls-1-0-only.test spricht höchstens TLS 1.0; "
            "Profihost verlangt TLS 1.2 oder TLS 1.3."
        ),
        (
            "Reason: mx.tls-1-0-only.test speaks nothing newer than TLS 1.0; "
            "Profihost demands TLS 1.2 or TLS 1.3."
        ),
    ),
    ("tls-1-3-only.test", "mediafinanz"): (
        "Grund: mx.tls-1-3-only.test spricht nur TLS 1.3; mediaFinanz GmbH spricht nur TLS 1.2.",
        "Reason: mx.tls-1-3-only.test speaks only TLS 1.3; mediaFinanz GmbH speaks only TLS 1.2.",
    ),
    ("does-not-exist.test", "careful"): (
        "Die Domain does-not-exist.test gibt es nicht, jedenfalls nicht in dieser Schreibweise.",
        "The domain does-not-exist.test does not exist, at least not in this spelling.",
    ),
    ("unknown-ca.test", "careful"): (
        (
            "Grund: Das Zertifikat von mx.unknown-ca.test stammt von „Private Root“; "
            "diesen Aussteller erkennen Mailserver nicht an."
        ),
        (
            "Reason: the certificate of mx.unknown-ca.test was issued by “Private Root”, "
            "whom mail servers do not trust."
        ),
    ),
    ("dh-512.test", "careful"): (
        (
            "Grund: Der Schlüsselaustausch von mx.dh-512.test hat nur 512 Bit (Diffie-Hellman); "
            "heute sind 2048 das Mindeste."
        ),
        (
            "Reason: the key exchange of mx.dh-512.test has only 512 bits (Diffie-Hellman); "
            "2048 bits is the minimum today."
        ),
    ),
    ("starttls-454.test", "mediafinanz"): (
        (
            "Grund: mx.starttls-454.test bietet Verschlüsselung an und verweigert sie dann: "
            "„454 4.7.0 TLS not available at the moment“."
        ),
        (
            "Reason: mx.starttls-454.test offers encryption and then refuses it: "
            "“454 4.7.0 TLS not available at the moment”."
        ),
    ),
    ("first-starttls-454.test", "mediafinanz"): (
        (
            "Der zweite Mailserver nimmt sie an; der erste Mailserver ist gestört: "
            "mx1.first-starttls-454.test bietet Verschlüsselung an und verweigert sie dann: "
            "„454 4.7.0 TLS not available at the moment“."
        ),
        (
            "The second mail server takes it; the first mail server is broken: "
            "mx1.first-starttls-454.test offers encryption and then refuses it: "
            "“454 4.7.0 TLS not available at the moment”."
        ),
    ),
    ("first-dead.test", "mediafinanz"): (
        (
            "Der zweite Mailserver nimmt sie an; der erste Mailserver tat es gerade nicht: "
            "mx1.first-dead.test hat die Verbindung abgelehnt."
        ),
        (
            "The second mail server takes it; the first mail server did not just now: "
            "mx1.first-dead.test refused the connection."
        ),
    ),
    ("ipv4-dead.test", "careful"): (
        (
            "Eine andere Adresse desselben Mailservers nimmt sie an. Zur ersten: "
            "mx.ipv4-dead.test hat die Verbindung abgelehnt."
        ),
        (
            "Another address of the same mail server takes it. Of the first one: "
            "mx.ipv4-dead.test refused the connection."
        ),
    ),
    ("rsa-1024.test", "careful"): (
        (
            "Eines sollte trotzdem in Ordnung gebracht werden: Der Schlüssel von mx.rsa-1024.test, "
            "RSA 1024, ist zu kurz; bei RSA sind heute 2048 Bit das Mindeste."
        ),
        (
            "One thing should be put right all the same: the key of mx.rsa-1024.test, "
            "RSA 1024, is too short; with RSA, 2048 bits is the minimum today."
        ),
    ),
    ("sts-not-listed.test", "careful"): (
        (
            "Eines sollte trotzdem in Ordnung gebracht werden: "
            "Die MTA-STS-Policy von sts-not-listed.test nennt den Mailserver "
            "mx.sts-not-listed.test nicht."
        ),
        (
            "One thing should be put right all the same: "
            "the MTA-STS policy of sts-not-listed.test does not list the mail server "
            "mx.sts-not-listed.test."
        ),
    ),
    ("expired-and-421.test", "careful"): (
        (
            "Grund: Das Zertifikat von mx1.expired-and-421.test ist am {date} abgelaufen "
            "(vor 10 Tagen). mx2.expired-and-421.test bittet um einen späteren Versuch: "
            "„421 4.3.2 mx2.expired-and-421.test Service not available, closing“."
        ),
        (
            "Reason: the certificate of mx1.expired-and-421.test expired on {date} "
            "(10 days ago). mx2.expired-and-421.test asks senders to try again later: "
            "“421 4.3.2 mx2.expired-and-421.test Service not available, closing”."
        ),
    ),
    ("no-starttls.test", "profihost"): (
        "Grund: mx.no-starttls.test bietet keine Verschlüsselung an (STARTTLS).",
        "Reason: mx.no-starttls.test offers no encryption (STARTTLS).",
    ),
    ("connection-refused.test", "careful"): (
        "Grund: mx.connection-refused.test hat die Verbindung abgelehnt.",
        "Reason: mx.connection-refused.test refused the connection.",
    ),
    ("null-mx.test", "profihost"): (
        "Grund: null-mx.test erklärt im DNS, keine E-Mails anzunehmen (Null-MX).",
        "Reason: null-mx.test declares in the DNS that it does not accept e-mail (null MX).",
    ),
}
"""Domain and sender -> the line in German and in English; a date is the lab's own."""

DATE = r"\d{1,2}\.? \w+ \d{4}"


def reason(visitor: Visitor) -> Locator:
    """The line below the outcome."""
    return visitor.page.locator(".check-verdict .check-reason")


async def is_seen_at_once(visitor: Visitor) -> None:
    """The reason, the steps and the button are in the window once the result has been shown."""
    for size in (DESK, PHONE):
        await visitor.page.set_viewport_size(size)
        # As the page does it when it shows a result.
        await visitor.page.locator("#check-result").evaluate(
            """(result) => result.scrollIntoView({ behavior: "auto", block: "start" })"""
        )
        await expect(reason(visitor)).to_be_in_viewport(ratio=1)
        steps = visitor.page.locator(".check-verdict > .check-steps > li")
        assert 2 <= await steps.count() <= 3
        for step in await steps.all():
            await expect(step).to_be_in_viewport(ratio=1)
        main = visitor.page.locator(".check-verdict .md-button--primary")
        assert await main.count() <= 1
        for button in await main.all():
            await expect(button).to_be_in_viewport(ratio=1)


async def change(visitor: Visitor, **evidence: object) -> None:
    """Let the next checks end at one fixed moment, with this evidence of the first problem."""

    async def answer(route: Route) -> None:
        headers = {**route.request.headers, "accept": "application/json"}
        real: dict[str, Any] = await (await route.fetch(headers=headers)).json()
        real["checked_at"] = "2026-11-29T23:45:00Z"
        real["problems"][0]["evidence"].update(evidence)
        await route.fulfill(json=real)

    await visitor.page.route(f"**{CHECK}", answer)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "de",
            (
                "Grund: Das Zertifikat von mx.expired.test ist am 20. November 2026 abgelaufen "
                "(vor 9 Tagen)."
            ),
        ),
        (
            "en",
            "Reason: the certificate of mx.expired.test expired on 20 November 2026 (9 days ago).",
        ),
    ],
)
async def test_a_day_is_that_of_the_reader_s_calendar(
    enter: Enter, language: str, line: str
) -> None:
    visitor = await enter(language)
    session = await visitor.page.context.new_cdp_session(visitor.page)
    await session.send("Emulation.setTimezoneOverride", {"timezoneId": "Europe/Berlin"})
    await change(visitor, not_after="2026-11-19T23:50:00Z")
    assert squeeze((await visitor.check("expired.test")).reason) == line
    await visitor.page.click("#check-letter > summary")
    letter = await visitor.page.locator("#check-letter .handover pre").text_content()
    _, _, sentence = line.partition(": ")
    assert sentence[1:] in squeeze(letter or "")
    await visitor.page.click(".check-ticket > summary")
    ticket = await visitor.page.locator(".check-ticket .handover pre").text_content()
    assert line in squeeze(ticket or "")


async def test_what_a_server_says_is_cut_and_cannot_fill_in_a_place(enter: Enter) -> None:
    visitor = await enter("en")
    await change(visitor, text="{operator} <img src=x> \u202e[name] " + 300 * "x")
    result = await visitor.check("starttls-454.test")
    assert "“454 {operator} <img src=x> [name] xxx" in result.reason
    assert len(result.reason) < 250
    assert await reason(visitor).locator("img").count() == 0
    await visitor.page.click("#check-letter > summary")
    gaps = await visitor.page.locator("#check-letter .handover mark").all_inner_texts()
    assert gaps == ["[name]"]


@in_the_longer_language
async def test_the_fact_that_decides_and_the_steps_are_seen_without_scrolling(
    enter: Enter, language: str
) -> None:
    visitor = await enter(language)
    await visitor.check("healthy.test", "mediafinanz")
    await is_seen_at_once(visitor)
    for (domain, operator), lines in REASONS.items():
        result = await visitor.check(domain, operator)
        line = re.escape(lines[LANGUAGES.index(language)]).replace(r"\{date\}", DATE)
        assert re.fullmatch(line, squeeze(result.reason)), result.reason
        await is_seen_at_once(visitor)


@in_a_language
async def test_each_reader_is_spoken_to(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    steps = words(language)["steps"]
    boxes = {"mediafinanz": ("recipient", "sender"), "profihost": ("sender", "recipient")}
    for operator, (reader, other) in boxes.items():
        domain = {"mediafinanz": "expired.test", "profihost": "tls-1-0-only.test"}[operator]
        await visitor.check(domain, operator)
        first = steps[reader]["provider-own" if reader == "recipient" else "provider"][-1]
        shown = visitor.page.locator(".check-verdict > .check-steps > li").last
        assert squeeze(await shown.inner_text())[:12] == first.format(asked="mediaFinanz GmbH")[:12]
        await visitor.page.click(".check-more > summary")
        folded = visitor.page.locator(".check-more .check-other > summary")
        await expect(folded).to_have_text([steps["readers"][other], steps["readers"]["admin"]])


async def test_who_comes_from_a_returned_mail_is_spoken_to_as_its_sender(enter: Enter) -> None:
    for path, reader in {"came-back/": "sender", "no-mail/": "recipient"}.items():
        visitor = await enter("en", path)
        await visitor.check("expired.test", "careful")
        mender = words("en")["mender"]["receiving-provider"][reader]
        await expect(visitor.page.locator(".check-mender")).to_have_text(mender)


async def test_a_misspelled_domain_is_corrected_in_place(enter: Enter) -> None:
    visitor = await enter("de")
    result = await visitor.check("anna@does-not-exist.test", "mediafinanz")
    assert result.verdict.startswith("Ist does-not-exist.test richtig geschrieben?")
    assert words("de")["mender"]["spelling"] in result.more
    await visitor.page.click(".check-verdict .md-button--primary")
    await expect(visitor.page.locator("#check-domain")).to_be_focused()
    await visitor.page.keyboard.type("anna@healthy.test")
    await expect(visitor.page.locator("#check-domain")).to_have_value("anna@healthy.test")


@in_a_language
async def test_a_server_that_is_too_new_is_not_called_outdated(enter: Enter, language: str) -> None:
    visitor = await enter(language)
    outdated = {"de": "veraltet", "en": "outdated"}[language]
    denied = {"de": ("nicht veraltet", "Veraltet ist"), "en": ("not outdated", "Nothing about")}
    result = await visitor.check("tls-1-3-only.test", "mediafinanz")
    await visitor.page.click("#check-letter > summary")
    letter = await visitor.page.locator("#check-letter .handover pre").text_content() or ""
    await visitor.page.click(".check-ticket > summary")
    ticket = await visitor.page.locator(".check-ticket .handover pre").text_content() or ""
    for text in (letter, ticket):
        assert "SSLv3" not in text
        assert "TLS 1.3" in text
    assert outdated in squeeze(letter).lower()
    for text in (result.explanation.split(words(language)["steps"]["readers"]["admin"])[0], letter):
        for part in squeeze(text).split(". "):
            if outdated in part.lower():
                assert any(denial in part for denial in denied[language]), part
    older = await visitor.check("tls-1-0-only.test", "mediafinanz")
    assert outdated in older.explanation


async def test_beside_a_yes_nobody_reads_that_others_do_not_deliver(enter: Enter) -> None:
    visitor = await enter("en")
    result = await visitor.check("first-expired.test", "mediafinanz")
    assert "areful senders" not in result.verdict + result.more
    before_the_letter = result.explanation.split(words("en")["steps"]["readers"]["admin"])[0]
    assert "areful senders then do not" not in before_the_letter
