"""The page of a log: what became of whom, what would be lost, whom to call; and only by itself."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from checker.log_report import LANGUAGES, Wanted, render, words
from tests.log.reports import SITE, written


@pytest.fixture(name="files", scope="module")
def _files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return written(tmp_path_factory.mktemp("log"))


@pytest.fixture(name="page", scope="module")
def _page(files: Mapping[str, str]) -> str:
    return files["report.en.html"]


def _section(page: str, id_: str) -> str:
    return page.partition(f' id="{id_}"')[2].partition("<h2")[0]


def _chart(section: str) -> list[tuple[str, str]]:
    """Names and numbers, as they stand there for everybody."""
    found = re.findall(r"<text[^>]*>([^<]*)</text>", section)
    return [(unescape(name), number) for name, number in zip(found[::2], found[1::2], strict=True)]


def test_a_page_for_each_language_and_the_answer_itself(files: Mapping[str, str]) -> None:
    assert set(files) == {"log.json", "report.de.html", "report.en.html"}
    assert json.loads(files["log.json"])["recipients"]["expired"] == 2
    for language in LANGUAGES:
        assert f'<html lang="{language}">' in files[f"report.{language}.html"]


def test_each_fate_and_each_day_also_those_without_a_failure(page: str) -> None:
    assert _chart(_section(page, "outcomes")) == [
        ("Delivered at once", "2"),
        ("Delivered after further attempts", "0"),
        ("Came back", "1"),
        ("Came back because the time was up", "2"),
        ("Still waiting", "0"),
    ]
    days = _chart(_section(page, "days"))
    assert [(day[-2:], count) for day, count in days] == [("02", "1"), ("03", "0"), ("04", "2")]
    assert _chart(_section(page, "servers")) == [("mx.example.org", "3")]


def test_for_sure_and_untold_are_apart(page: str) -> None:
    under = _section(page, "under")
    sure, untold = under.split('id="cannot_be_told"')
    assert "Went without encryption: mails: 1, domains: 1" in sure
    assert f"{SITE}p/starttls-not-supported/?operator=careful" in sure
    assert "whether the certificate would do: mails: 1, domains: 1" in untold


def test_whom_to_call_with_a_letter_in_both_languages(page: str) -> None:
    providers = _section(page, "providers")
    assert "example.org: 3 domains, 1 phone call" in providers
    letters = dict(re.findall(r'<pre lang="(\w\w)">(.*?)</pre>', providers, re.DOTALL))
    assert list(letters) == ["en", "de"]
    for text in letters.values():
        assert "mx.example.org" in text
        assert {"example.org", "example.net", "example.com"} <= set(re.findall(r"[\w.]+", text))


def test_tls_reports_and_the_list_with_the_line_that_shows_it(page: str) -> None:
    assert "mx1.example.org" in _section(page, "reports")
    rows = _section(page, "list")
    assert set(re.findall(r'data-outcome="([^"]*)"', rows)) == {
        *("expired", "bounced", "for_sure", "cannot_be_told"),
    }
    assert {"to=&lt;x@example.org&gt;", "to=&lt;x@example.net&gt;"} <= set(
        re.findall(r"to=&lt;x@[\w.]+&gt;", rows)
    )


def test_nothing_leaves_the_machine_and_strangers_say_text_alone(
    files: Mapping[str, str],
) -> None:
    for text in files.values():
        assert not re.search(r"\b(anna|ben|carla|dora|emil)\b", text)
    for language in LANGUAGES:
        page = files[f"report.{language}.html"]
        assert page.count("<script>") == 1
        assert "alert(1)" in page
        assert not re.search(r"\s(src|srcset|data)=|<(link|iframe|object|base)\b|url\(", page)
        links = re.findall(r'href="([^"]*)"', page)
        assert links
        assert not [link for link in links if "example.org" in link or "domain=" in link]


def test_of_very_many_days_each_month_has_a_bar() -> None:
    one = {"problem": "certificate-expired", "returned": 1, "waiting": 1}
    days = ["2025-12-31", "2026-02-01", "2026-02-28", "2026-11-30"]
    answer: dict[str, Any] = {
        "length": 1,
        "years_assumed": False,
        **dict.fromkeys(("expired_unexplained", "forgotten", "left_out"), 0),
        **{name: [] for name in ("problems", "domains", "servers", "troubles")},
        "days": [{"day": day, **one} for day in days],
        "recipients": dict.fromkeys(
            ("delivered", "delivered_late", "bounced", "expired", "waiting"), 0
        ),
    }
    page = "".join(render(answer, Wanted("en")))
    told = [("2025-12", "2"), ("2026-02", "4"), ("2026-11", "2")]
    assert _chart(_section(page, "days").partition("<details>")[0]) == told


def test_both_languages_have_the_same_words() -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(one) for key, one in value.items()}
        return sorted(re.findall(r"\{\w+\}", str(value)))

    assert shape(words("de")) == shape(words("en"))
