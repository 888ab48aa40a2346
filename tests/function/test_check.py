"""A check over HTTP: how it is asked for, and the forms of its answer."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from checker import operators
from checker.check import Checker
from checker.domain import Domain
from checker.function.app import Options
from tests.function.conftest import Connect
from tests.function.fakes import ADDRESS, MailServer

CHECK = "/api/v1/check"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SCRIPT = {"Accept": "text/event-stream, application/json;q=0.9"}


def events(response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream: name and data."""
    found = []
    for block in response.text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


async def test_json_and_form_get_the_same_answer(client: httpx.AsyncClient) -> None:
    asked = {"domain": "anna@example.test", "operator": "mediafinanz"}
    answers = []
    for response in [
        await client.post(CHECK, json=asked),
        await client.post(CHECK, data=asked),
        await client.post(CHECK, data=asked, headers={"Accept": "application/json"}),
    ]:
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        answers.append({**response.json(), "checked_at": ""})
    assert answers[0] == answers[1] == answers[2]


async def test_an_answer_has_every_key_of_the_interface(client: httpx.AsyncClient) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    answer = (await client.post(CHECK, json={"domain": "example.test"})).json()
    checked_at = datetime.fromisoformat(answer.pop("checked_at"))
    looked_at = datetime.fromisoformat(answer["attempts"][0].pop("checked_at"))
    assert before <= checked_at <= looked_at <= datetime.now(UTC)
    assert answer == {
        "domain": "example.test",
        "operator": "careful",
        "outcome": "fails",
        "disposition": "retried",
        "when": "P5D",
        "report_to": "sender",
        "assumed": list(operators.load("careful").assumed),
        "problems": [
            {
                "id": "starttls-not-supported",
                "host": "mx.example.test",
                "address": ADDRESS,
                "decisive": True,
                "evidence": {},
            }
        ],
        "route": {
            "kind": "mx",
            "authenticated": False,
            "mail_servers": [
                {
                    "host": "mx.example.test",
                    "preference": 10,
                    "addresses": [ADDRESS],
                    "problems": [],
                }
            ],
        },
        "attempts": [
            {
                "host": "mx.example.test",
                "address": ADDRESS,
                "preference": 10,
                "stage": "starttls",
                "ehlo_name": "checker.test",
                "tls_version": None,
                "cipher": None,
                "certificate": None,
                "replies": [
                    {"command": "connect", "code": 220, "lines": ["mx.example.test ESMTP"]},
                    {"command": "EHLO", "code": 250, "lines": ["mx.example.test", "HELP"]},
                ],
                "problems": [{"id": "starttls-not-supported", "evidence": {}}],
            }
        ],
    }


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


async def test_the_stream_tells_each_step_and_then_the_answer(client: httpx.AsyncClient) -> None:
    asked = {"domain": "example.test", "operator": "mediafinanz"}
    response = await client.post(CHECK, data=asked, headers=SCRIPT)
    assert response.headers["content-type"].startswith("text/event-stream")
    told = events(response)
    target = {"host": "mx.example.test", "address": ADDRESS, "preference": 10}
    assert told[:-1] == [
        ("step", {"stage": "domain", "domain": "example.test"}),
        ("step", {"stage": "route"}),
        ("step", {"stage": "connect", **target}),
        ("step", {"stage": "greeting", **target}),
        ("step", {"stage": "ehlo", **target}),
        ("step", {"stage": "starttls", **target}),
    ]
    name, answer = told[-1]
    assert name == "answer"
    plain = (await client.post(CHECK, data=asked)).json()
    assert {**answer, "checked_at": ""} == {**plain, "checked_at": ""}


async def test_the_stream_tells_the_domain_as_people_write_it(client: httpx.AsyncClient) -> None:
    response = await client.post(CHECK, data={"domain": "xn--mller-kva.test"}, headers=SCRIPT)
    assert events(response)[0] == ("step", {"stage": "domain", "domain": "müller.test"})


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


async def test_a_plain_form_leads_to_the_site_where_that_is_elsewhere(connect: Connect) -> None:
    site = Options(
        site_url="https://zustellbar.example", origins=frozenset({"https://zustellbar.example"})
    )
    headers = {**BROWSER, "Origin": "https://zustellbar.example", "Sec-Fetch-Site": "same-site"}
    async with connect(site) as client:
        found = await client.post(CHECK, data={"domain": "example.test"}, headers=headers)
        wrong = await client.post(CHECK, data={"domain": "example"}, headers=headers)
    assert found.headers["location"] == (
        "https://zustellbar.example/problems/starttls-not-supported/#outcome-fails-later-careful"
    )
    assert wrong.headers["location"] == "https://zustellbar.example/#error-single-label"


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/event-stream"])
@pytest.mark.parametrize("domain", ["example.test", "192.0.2.1"])
async def test_no_cache_keeps_an_answer(
    client: httpx.AsyncClient, accept: str, domain: str
) -> None:
    response = await client.post(CHECK, data={"domain": domain}, headers={"Accept": accept})
    assert response.headers["cache-control"] == "no-store"
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", CHECK, 200),
        ("GET", CHECK, 405),
        ("GET", "/api/v1/operators", 200),
        ("GET", "/healthz", 200),
        ("GET", "/nowhere/", 404),
    ],
)
async def test_no_browser_guesses_types_or_tells_where_it_came_from(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path, data={"domain": "example.test"})
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "strict-origin"


async def test_a_fault_of_ours_tells_nothing_and_is_kept_by_no_cache(
    client: httpx.AsyncClient,
    checker: Checker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(domain: Domain, *_: object, **__: object) -> None:
        async with asyncio.TaskGroup():
            raise RuntimeError(f"secret: {domain.ascii}")

    monkeypatch.setattr(checker, "check", fail)
    asked = {"domain": "example.test", "lang": "en"}
    response = await client.post(CHECK, data=asked)
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    stream = await client.post(CHECK, data=asked, headers={"Accept": "text/event-stream"})
    assert events(stream)[-1] == ("error", response.json())
    page = await client.post(CHECK, data=asked, headers={"Accept": "text/html"})
    assert page.headers["location"] == "/en/#error-unexpected"
    for record in caplog.records:
        told = record.getMessage()
        assert "RuntimeError" in told
        assert "in fail" in told
        assert "secret: example" not in told
        assert "example.test" not in told
    assert len(caplog.records) == 3
    assert "secret" not in response.text + stream.text


async def test_the_senders_are_listed(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/operators")
    assert response.json() == {
        "operators": [
            {"name": "mediafinanz", "title": "mediaFinanz GmbH", "audience": "recipients"},
            {"name": "profihost", "title": "Profihost", "audience": "senders"},
            {"name": "careful", "title": "Careful sender", "audience": "recipients"},
        ],
        "default": "careful",
    }


async def test_it_says_that_it_is_well(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
