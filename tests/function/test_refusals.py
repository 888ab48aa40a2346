"""Requests that cannot be answered: each gets one clear problem document (RFC 9457)."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from checker.check import Checker
from checker.domain import Domain
from checker.function.errors import HttpError
from checker.function.interface import MAXIMUM_BODY
from checker.function.options import Options
from checker.function.request import read_fields
from tests.examples import examples
from tests.function.asking import CHECK, events
from tests.function.conftest import Connect
from tests.function.fakes import MailServer

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def assert_problem(response: httpx.Response, status: int, code: str = "", reason: str = "") -> None:
    """The response is a problem document that says this."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"]
    assert body["title"]
    assert (body.get("code", ""), body.get("reason", "")) == (code, reason)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("anna@", "empty"),
        ("https://", "empty"),
        (".", "empty"),
        ("x" * 2001, "too-long"),
        (f"{'x.' * 127}test", "too-long"),
        (f"{'x' * 64}.test", "too-long"),
        ("192.0.2.1", "ip-address"),
        ("anna@[192.0.2.1]", "ip-address"),
        ("http://192.0.2.1/", "ip-address"),
        ("2001:db8::1", "ip-address"),
        ("anna@[IPv6:2001:db8::1]", "ip-address"),
        ("1.2.3.4.5", "ip-address"),
        ("localhost", "special-use"),
        ("anna@localhost", "special-use"),
        ("printer.local", "special-use"),
        ("example", "single-label"),
        ("exam\x00ple.test", "invalid-characters"),
        ("exam\r\nple.test", "invalid-characters"),
        ("exam ple.test", "invalid-characters"),
        ("exam\u202eple.test", "invalid-characters"),
        ("<script>alert(1)</script>", "invalid-characters"),
        ("<b>.test", "invalid-characters"),
        ("exam_ple.test", "invalid-characters"),
        ("-example.test", "invalid-characters"),
        ("example..test", "invalid-characters"),
        ("xn--a.test", "invalid-idna"),
        ("☃☃.test", "invalid-idna"),
    ],
)
async def test_what_is_no_domain_is_refused_with_the_reason(
    client: httpx.AsyncClient, typed: str, reason: str
) -> None:
    for response in [
        await client.post(CHECK, json={"domain": typed}),
        await client.post(CHECK, data={"domain": typed}),
        await client.post(CHECK, data={"domain": typed}, headers={"Accept": "text/event-stream"}),
    ]:
        assert_problem(response, 400, "invalid-domain", reason)
        if len(typed) > 1:
            assert typed not in response.text


async def test_a_missing_domain_is_an_empty_one(client: httpx.AsyncClient) -> None:
    assert_problem(await client.post(CHECK, json={}), 400, "invalid-domain", "empty")
    assert_problem(await client.post(CHECK, headers=FORM), 400, "invalid-domain", "empty")


@pytest.mark.parametrize("name", ["nobody", "../careful", "careful.toml", "CAREFUL", "a\x00b"])
async def test_an_unknown_sender_is_refused(client: httpx.AsyncClient, name: str) -> None:
    for response in [
        await client.post(CHECK, json={"domain": "example.test", "operator": name}),
        await client.post(CHECK, data={"domain": "example.test", "operator": name}),
    ]:
        assert_problem(response, 400, "unknown-operator")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"5",
        b'"example.test"',
        b'["example.test"]',
        b'{"domain": "\xff"}',
        b'{"domain": 5}',
        b'{"domain": null}',
        b'{"domain": ["example.test"]}',
        b'{"domain": {"name": "example.test"}}',
        b'{"domain": "example.test", "operator": 5}',
        b'{"domain": "example.test", "operator": ["careful"]}',
        b'{"domain": ' + b"1" * 5_000 + b"}",
        b"[" * 16_000,
    ],
)
async def test_json_of_another_shape_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    assert_problem(await client.post(CHECK, content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    "body", [b"domain=%ff", b"domain=\xff.test", b"&".join([b"domain=example.test"] * 50)]
)
async def test_a_form_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, body: bytes
) -> None:
    assert_problem(await client.post(CHECK, content=body, headers=FORM), 400)


@pytest.mark.parametrize("type_", [FORM, JSON, {"Content-Type": "text/plain"}])
async def test_a_body_that_is_too_long_is_refused(
    client: httpx.AsyncClient, type_: dict[str, str]
) -> None:
    body = b"domain=example.test&note=".ljust(MAXIMUM_BODY + 1, b"x")

    async def in_pieces() -> AsyncIterator[bytes]:
        yield body[:1000]
        yield body[1000:]

    assert_problem(await client.post(CHECK, content=body, headers=type_), 413)
    assert_problem(await client.post(CHECK, content=in_pieces(), headers=type_), 413)


async def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    with pytest.raises(HttpError) as refusal:
        await read_fields(request, patience=0.01)
    assert refusal.value.status == 408
    assert refusal.value.headers() == {"Connection": "close"}


async def test_the_longest_body_is_still_read(client: httpx.AsyncClient) -> None:
    body = b"domain=example.test&note=".ljust(MAXIMUM_BODY, b"x")
    assert (await client.post(CHECK, content=body, headers=FORM)).status_code == 200


async def test_what_is_said_twice_counts_as_said_first_in_json_and_in_a_form(
    client: httpx.AsyncClient,
) -> None:
    body = '{"domain": "localhost", "domain": "example.test", "operator": "no", "operator": ""}'
    in_json = await client.post(CHECK, content=body, headers=JSON)
    in_form = await client.post(CHECK, data={"domain": ["localhost", "example.test"]})
    assert_problem(in_json, 400, "invalid-domain", "special-use")
    assert in_json.json() == in_form.json()


@pytest.mark.parametrize("type_", ["", "text/plain", "multipart/form-data; boundary=x", "json"])
async def test_a_body_of_another_type_is_refused(client: httpx.AsyncClient, type_: str) -> None:
    headers = {"Content-Type": type_} if type_ else {}
    response = await client.post(CHECK, content=b'{"domain": "example.test"}', headers=headers)
    assert_problem(response, 415)


@pytest.mark.parametrize("type_", ["application/json; charset=utf-8", "Application/JSON"])
async def test_the_type_may_be_written_in_every_way(client: httpx.AsyncClient, type_: str) -> None:
    headers = {"Content-Type": type_}
    response = await client.post(CHECK, content=b'{"domain": "example.test"}', headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
async def test_nothing_but_post_starts_a_check(
    client: httpx.AsyncClient, mail_server: MailServer, method: str
) -> None:
    response = await client.request(method, CHECK, params={"domain": "example.test"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.headers["content-type"] == "application/problem+json"
    assert not mail_server.connected.is_set()


async def test_an_unknown_address_gets_a_problem_document(client: httpx.AsyncClient) -> None:
    for address in ["/api/v1/", "/api/v1/nothing", "/api/v2/check", "/nothing"]:
        assert_problem(await client.get(address), 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://function.test.evil.example"},
        {"Origin": "http://function.test:8080"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://function.test", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_another_site_starts_no_check(
    client: httpx.AsyncClient, mail_server: MailServer, headers: dict[str, str]
) -> None:
    for accept in ["application/json", "text/event-stream", "text/html"]:
        response = await client.post(
            CHECK, data={"domain": "example.test"}, headers={"Accept": accept, **headers}
        )
        assert_problem(response, 403)
        assert "access-control-allow-origin" not in response.headers
    assert not mail_server.connected.is_set()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://function.test", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://function.test"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://before-the-proxy.test", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_our_own_pages_and_programs_start_checks(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    response = await client.post(CHECK, data={"domain": "example.test"}, headers=headers)
    assert response.status_code == 200


async def test_a_configured_origin_may_ask_and_read_the_answer(connect: Connect) -> None:
    site = "https://zustellbar.example"
    headers = {"Origin": site, "Sec-Fetch-Site": "cross-site"}
    async with connect(Options(origins=frozenset({site}))) as client:
        found = await client.post(CHECK, data={"domain": "example.test"}, headers=headers)
        wrong = await client.post(CHECK, data={"domain": "localhost"}, headers=headers)
        asked_before = await client.options(
            CHECK,
            headers={
                **headers,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        )
        other = await client.post(
            CHECK, data={"domain": "example.test"}, headers={"Origin": "https://evil.example"}
        )
    assert (found.status_code, wrong.status_code, asked_before.status_code) == (200, 400, 200)
    for response in [found, wrong, asked_before]:
        assert response.headers["access-control-allow-origin"] == site
        assert "Origin" in response.headers["vary"]
    assert_problem(other, 403)
    assert "access-control-allow-origin" not in other.headers


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


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_FIELDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("domain", "operator", "lang", "all"), _JSON_VALUES)
)
_BODIES = (
    st.binary()
    | _JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | _FIELDS.map(lambda value: json.dumps(value).encode())
    | st.text().map(lambda text: f"domain={text}".encode())
    | st.text().map(lambda text: json.dumps({"domain": text}).encode())
)


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=_BODIES,
    type_=st.sampled_from([FORM, JSON]),
    accept=st.sampled_from(["application/json", "text/html", "text/event-stream", ""]),
)
async def test_no_body_makes_the_function_fail(
    client: httpx.AsyncClient, body: bytes, type_: dict[str, str], accept: str
) -> None:
    # A fault in the function would come through as its exception.
    response = await client.post(CHECK, content=body, headers={**type_, "Accept": accept})
    assert response.status_code in {200, 303, 400}
