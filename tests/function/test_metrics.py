"""Prometheus learns how much is done and what comes of it, and of whom or what it never learns."""

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from checker.check import Checker
from checker.function.app import create_app
from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.function.metrics import Listener, read_listener
from checker.function.options import Options
from checker.production import build_checker
from checker.settings import Settings, SettingsError
from tests.function.fakes import ADDRESS, MailServer, make_checker
from tests.lab import Lab
from tests.serving import serving

CHECK = "/api/v1/check"
UNLIMITED = GuardOptions(client_limit=None, client_at_once=None)
SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def listener() -> Listener:
    return Listener("127.0.0.1", free_port())


async def scrape(where: Listener) -> str:
    async with httpx.AsyncClient() as prometheus:
        response = await prometheus.get(f"http://{where.host}:{where.port}/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return response.text


def samples(text: str) -> dict[str, float]:
    """The value of each sample, by its name and labels."""
    found = [SAMPLE.fullmatch(line) for line in text.splitlines() if not line.startswith("#")]
    assert all(found)
    return {f"{one[1]} {one[2] or ''}".strip(): float(one[3]) for one in found if one}


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has been started, as a server does it."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://function.test") as client,
    ):
        yield client


async def test_checks_are_counted_by_what_came_of_them(checker: Checker) -> None:
    where = listener()
    async with running(create_app(checker, Options(guard=UNLIMITED, metrics=where))) as client:
        before = samples(await scrape(where))
        for accept in ("application/json", "text/event-stream", "text/html"):
            for domain in ("example.test", "broken.test"):
                asked = {"domain": domain, "operator": "mediafinanz"}
                await client.post(CHECK, data=asked, headers={"Accept": accept})
        text = await scrape(where)
        after = samples(text)
    assert not [name for name in before if name.startswith("zustellbar_checks_total")]
    assert {name: after[name] for name in after if name.startswith("zustellbar_checks_total")} == {
        'zustellbar_checks_total operator="mediafinanz",outcome="fails",'
        'problem="starttls-not-supported"': 3,
        'zustellbar_checks_total operator="mediafinanz",outcome="unknown",problem="dns-failure"': 3,
    }
    assert before["zustellbar_check_duration_seconds_count"] == 0
    assert after["zustellbar_check_duration_seconds_count"] == 6
    assert after['zustellbar_check_duration_seconds_bucket le="+Inf"'] == 6
    assert after['zustellbar_addresses_total result="new"'] == 1
    assert after['zustellbar_addresses_total result="known"'] == 2
    assert after["zustellbar_checks_running"] == 0
    assert after["process_resident_memory_bytes"] > 0
    for secret in ("example.test", "broken.test", ADDRESS, "127.0.0.1"):
        assert secret not in text


async def test_refusals_are_counted_by_their_code(checker: Checker) -> None:
    where = listener()
    strict = GuardOptions(client_limit=Rate(2, 3_600))
    async with running(create_app(checker, Options(guard=strict, metrics=where))) as client:
        for accept in ("application/json", "text/html"):
            headers = {"Accept": accept}
            await client.post(CHECK, data={"domain": "192.0.2.1"}, headers=headers)
            for _ in range(2):
                await client.post(CHECK, data={"domain": "example.test"}, headers=headers)
        await client.post(CHECK, content=b"domain=a", headers={"Content-Type": "text/plain"})
        await client.post(CHECK, data={}, headers={"Sec-Fetch-Site": "cross-site"})
        after = samples(await scrape(where))
    assert {name: after[name] for name in after if name.startswith("zustellbar_refusals")} == {
        'zustellbar_refusals_total code="invalid-domain"': 2,
        'zustellbar_refusals_total code="too-many-checks"': 2,
        'zustellbar_refusals_total code="415"': 1,
        'zustellbar_refusals_total code="403"': 1,
    }


async def test_a_check_that_goes_on_is_seen() -> None:
    mail_server, where = MailServer(silent=True), listener()
    app = create_app(make_checker(mail_server), Options(metrics=where))
    async with running(app) as client:
        request = asyncio.create_task(client.post(CHECK, data={"domain": "example.test"}))
        await mail_server.connected.wait()
        assert samples(await scrape(where))["zustellbar_checks_running"] == 1
        request.cancel()
        await asyncio.wait({request})
        assert samples(await scrape(where))["zustellbar_checks_running"] == 0


@pytest.mark.parametrize(
    ("canary", "state"),
    [("mx.healthy.test", 1.0), ("mx.connection-refused.test", 0.0), (None, None)],
)
async def test_the_canary_s_state_is_told(
    lab: Lab, canary: str | None, state: float | None
) -> None:
    settings = Settings(
        resolver=lab.resolver,
        smtp_port=lab.smtp_port,
        allow_network=lab.allow_network,
        canary=canary,
    )
    where = listener()
    async with running(create_app(build_checker(settings), Options(metrics=where))) as client:
        assert str(samples(await scrape(where)).get("zustellbar_port_25_open")) == (
            "None" if canary is None else "nan"
        )
        await client.get("/healthz")
        assert samples(await scrape(where)).get("zustellbar_port_25_open") == state


async def test_the_longest_pause_of_the_loop_is_told() -> None:
    where = listener()
    async with running(create_app(make_checker(MailServer()), Options(metrics=where))):
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251 - that is what is to be told
        await asyncio.sleep(0.02)
        assert samples(await scrape(where))["zustellbar_loop_longest_pause_seconds"] > 0.2


async def test_the_public_port_tells_nothing(checker: Checker, site: Path) -> None:
    where = listener()
    for options in (Options(metrics=where), Options(metrics=where, site=site)):
        async with running(create_app(checker, options)) as client:
            assert (await client.get("/metrics")).status_code == 404


async def test_a_port_in_use_stops_the_metrics_and_nothing_else(
    checker: Checker, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = Listener("127.0.0.1", taken.getsockname()[1])
        async with running(create_app(checker, Options(metrics=where))) as client:
            response = await client.post(CHECK, data={"domain": "example.test"})
    assert response.status_code == 200
    (record,) = caplog.records
    assert f"cannot listen on 127.0.0.1 port {where.port}" in record.getMessage()


def test_serve_has_them_too(lab: Lab, site: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(site, lab, tmp_path, CHECKER_METRICS=f"127.0.0.1:{port}") as server:
        for domain in ("healthy.test", "expired.test"):
            httpx.post(f"{server.origin}{CHECK}", data={"domain": domain}).raise_for_status()
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert httpx.get(f"{server.origin}/metrics").status_code == 404
    found = samples(text)
    assert (
        found[
            'zustellbar_checks_total operator="careful",outcome="delivers",'
            'problem="no-problem-found"'
        ]
        == 1
    )
    assert (
        found[
            'zustellbar_checks_total operator="careful",outcome="fails",'
            'problem="certificate-expired"'
        ]
        == 1
    )
    assert ".test" not in text
    assert "127." not in text
    assert server.complaints == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:9025", Listener("127.0.0.1", 9025)),
        ("[::1]:9025", Listener("::1", 9025)),
        (" localhost:1 ", Listener("localhost", 1)),
        ("", None),
    ],
)
def test_where_to_listen(text: str, expected: Listener | None) -> None:
    assert read_listener({"CHECKER_METRICS": text}) == expected
    assert read_listener({}) is None


@pytest.mark.parametrize(
    "text", ["9025", "on", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1:9025"]
)
def test_what_is_no_place_to_listen(text: str) -> None:
    with pytest.raises(SettingsError, match="CHECKER_METRICS"):
        read_listener({"CHECKER_METRICS": text})
