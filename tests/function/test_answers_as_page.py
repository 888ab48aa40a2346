"""Without JavaScript the answer is a page of the site, in the language of the form."""

import httpx
import pytest

from checker.function.options import Options
from tests.function.asking import BROWSER, CHECK
from tests.function.conftest import Connect


@pytest.mark.parametrize(("lang", "start"), [("de", "/"), ("en", "/en/"), ("fr", "/"), ("", "/")])
async def test_a_plain_form_leads_to_a_page(
    client: httpx.AsyncClient, lang: str, start: str
) -> None:
    for (domain, operator), page in {
        ("example.test", "mediafinanz"): "starttls-not-supported/#outcome-fails-now-mediafinanz",
        ("example.test", "profihost"): "starttls-not-supported/#outcome-unknown-profihost",
        ("nowhere.test", "careful"): "domain-not-found/#outcome-fails-now-careful",
        ("broken.test", ""): "dns-failure/#outcome-unknown-careful",
    }.items():
        asked = {"domain": domain, "operator": operator, "lang": lang}
        response = await client.post(CHECK, data=asked, headers=BROWSER)
        assert response.status_code == 303
        assert response.headers["location"] == f"{start}problems/{page}"


@pytest.mark.parametrize(("lang", "start"), [("de", "/"), ("en", "/en/")])
async def test_a_plain_form_leads_to_the_message_about_what_was_typed(
    client: httpx.AsyncClient, lang: str, start: str
) -> None:
    for (domain, operator), message in {
        ("192.0.2.1", "careful"): "error-ip-address",
        ("", "careful"): "error-empty",
        ("example.test", "nobody"): "error-unknown-operator",
    }.items():
        asked = {"domain": domain, "operator": operator, "lang": lang}
        response = await client.post(CHECK, data=asked, headers=BROWSER)
        assert response.status_code == 303
        assert response.headers["location"] == f"{start}#{message}"


@pytest.mark.parametrize("path", ["", "/help/mail"])
async def test_a_plain_form_leads_to_the_site_where_that_is_elsewhere(
    connect: Connect, path: str
) -> None:
    site = Options(
        site_url=f"https://zustellbar.example{path}",
        origins=frozenset({"https://zustellbar.example"}),
    )
    headers = {**BROWSER, "Origin": "https://zustellbar.example", "Sec-Fetch-Site": "same-site"}
    async with connect(site) as client:
        found = await client.post(CHECK, data={"domain": "example.test"}, headers=headers)
        wrong = await client.post(CHECK, data={"domain": "example"}, headers=headers)
    assert found.headers["location"] == (
        f"https://zustellbar.example{path}/problems/starttls-not-supported/#outcome-fails-later-careful"
    )
    assert wrong.headers["location"] == f"https://zustellbar.example{path}/#error-single-label"
