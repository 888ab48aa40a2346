"""The function without the site: a program or a browser gets JSON, and links lead to the site."""

import httpx
import pytest

from checker.function.options import Options
from tests.function.conftest import Connect

CHECK = "/api/v1/check"
SITE = "https://zustellbar.example"
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-Mode": "navigate",
}


@pytest.mark.parametrize("path", ["/api/v1/operators", "/healthz", "/openapi.json"])
async def test_a_browser_gets_the_same_json_as_a_program(
    client: httpx.AsyncClient, path: str
) -> None:
    program, browser = await client.get(path), await client.get(path, headers=BROWSER)
    assert browser.headers["content-type"] == "application/json"
    assert browser.json() == program.json()


@pytest.mark.parametrize("path", ["/", "/en/", "/problems/tls-version/", "/favicon.ico"])
async def test_where_the_site_would_be_there_is_a_problem_document(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path, headers=BROWSER)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 404


async def test_links_lead_to_the_site_that_is_named(connect: Connect) -> None:
    async with connect(Options(site_url=SITE)) as client:
        start = await client.get("/", headers=BROWSER)
        found = await client.post(CHECK, data={"domain": "example.test"}, headers=BROWSER)
        wrong = await client.post(
            CHECK, data={"domain": "localhost", "lang": "en"}, headers=BROWSER
        )
    assert (start.status_code, start.headers["location"]) == (303, f"{SITE}/")
    assert found.status_code == wrong.status_code == 303
    assert found.headers["location"].startswith(f"{SITE}/problems/starttls-not-supported/#outcome-")
    assert wrong.headers["location"] == f"{SITE}/en/#error-special-use"
