"""What a sender's page takes from the sender's own file."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker import operators
from checker.operators import SUPPORT_TOPICS, SupportFact
from scripts.hooks import facts
from scripts.hooks.words import load
from tests.site.pages import LANGUAGES, page, sources


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["mediafinanz", "profihost"])
def test_what_a_sender_s_support_does_not_say_is_said_to_be_unsaid(
    language: str, name: str
) -> None:
    operator = replace(operators.load(name), support={})
    said = facts.support(operator, "resend", language)
    assert said in {
        f"{operator.title} macht dazu keine Angabe; bitte fragen Sie dort nach.",
        f"{operator.title} gives no information on this; please ask {operator.title}.",
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Rufen Sie an. (Angabe des Absenders, Stand 09.11.2026)"),
        ("en", "Rufen Sie an. (stated by the sender, as of 09 November 2026)"),
    ],
)
def test_what_a_sender_s_support_says_comes_with_its_date(language: str, expected: str) -> None:
    fact = SupportFact("Rufen Sie an.", date(2026, 11, 9))
    operator = replace(operators.load("profihost"), support={language: {"contact": fact}})
    assert facts.support(operator, "contact", language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_unsaid_is_said_once_and_names_its_topics(language: str) -> None:
    silent = replace(operators.load("mediafinanz"), support={})
    line = facts.unsaid(silent, language)
    assert line.count(facts.support(silent, "resend", language)) == 1
    topics = load(language)["support"]["topics"]
    assert all(topics[topic].lower() in line.lower() for topic in SUPPORT_TOPICS)
    said = {topic: SupportFact("Rufen Sie an.", date(2026, 11, 9)) for topic in SUPPORT_TOPICS}
    contact = {"contact": said["contact"]}
    assert topics["contact"] not in facts.unsaid(
        replace(silent, support={language: contact}), language
    )
    assert facts.unsaid(replace(silent, support={language: said}), language) == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["mediafinanz", "profihost"])
def test_a_sender_s_page_does_not_repeat_what_is_unsaid(
    site: Path, language: str, name: str
) -> None:
    questions = page(site, language, f"senders/{name}").one("article").text
    said = facts.support(operators.load(name), "resend", language)
    # Whether it sends in the clear, Profihost does not state either.
    assert questions.count(said) == {"mediafinanz": 1, "profihost": 2}[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_mediafinanz_asks_its_support_about_every_topic(language: str) -> None:
    text = sources(language)["senders/mediafinanz.md"]
    for topic in SUPPORT_TOPICS:
        assert f"{{{{ operator.support.{topic} }}}}" in text, topic
