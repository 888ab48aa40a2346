"""A check over HTTP: how it is asked for, and what is the same in every form of its answer."""

import httpx
import pytest

from checker import operators
from tests.function.asking import CHECK
from tests.function.fakes import MailServer


async def test_each_sender_gets_an_answer_of_its_own(client: httpx.AsyncClient) -> None:
    told = {}
    for name in operators.names():
        asked = {"domain": "example.test", "operator": name}
        answer = (await client.post(CHECK, json=asked)).json()
        told[name] = (answer["operator"], answer["outcome"], answer["when"], answer["report_to"])
    assert told == {
        "mediafinanz": ("mediafinanz", "fails", "PT0S", "operator"),
        "profihost": ("profihost", "unknown", None, None),
        "careful": ("careful", "fails", "P5D", "sender"),
    }


@pytest.mark.parametrize(
    "typed",
    [
        "example.test",
        " Example.TEST. ",
        "anna@example.test",
        "Anna <anna@example.test>",
        "https://anna@example.test:8443/path?query#part",
        "<script>alert(1)</script>@example.test",
    ],
)
async def test_whatever_is_typed_its_domain_is_checked(
    client: httpx.AsyncClient, mail_server: MailServer, typed: str
) -> None:
    answer = (await client.post(CHECK, data={"domain": typed})).json()
    assert answer["domain"] == "example.test"
    assert not [line for line in mail_server.heard if b"anna" in line.lower()]


async def test_a_domain_with_an_umlaut_is_checked_as_the_dns_writes_it(
    client: httpx.AsyncClient,
) -> None:
    answer = (await client.post(CHECK, json={"domain": "anna@Müller.test"})).json()
    assert answer["domain"] == "xn--mller-kva.test"
    assert answer["outcome"] == "fails"


async def test_a_dns_that_fails_is_an_answer_and_not_an_error(client: httpx.AsyncClient) -> None:
    response = await client.post(CHECK, json={"domain": "broken.test"})
    assert response.status_code == 200
    assert response.json()["outcome"] == "unknown"
    assert response.json()["problems"][0]["id"] == "dns-failure"
    assert response.json()["attempts"] == []


async def test_the_server_hears_good_bye_and_nothing_of_a_mail(
    client: httpx.AsyncClient, mail_server: MailServer
) -> None:
    await client.post(CHECK, json={"domain": "example.test"})
    await mail_server.left.wait()
    assert mail_server.heard == [b"EHLO checker.test\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/event-stream"])
@pytest.mark.parametrize("domain", ["example.test", "192.0.2.1"])
async def test_no_cache_keeps_an_answer(
    client: httpx.AsyncClient, accept: str, domain: str
) -> None:
    response = await client.post(CHECK, data={"domain": domain}, headers={"Accept": accept})
    assert response.headers["cache-control"] == "no-store"
    assert "Accept" in response.headers["vary"]
