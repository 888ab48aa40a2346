"""The function as it really runs: behind uvicorn, against the lab, beside the built site."""

import asyncio
import importlib
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

import httpx
import pytest
import pytest_asyncio
import uvicorn
from starlette.applications import Starlette

from checker import operators
from checker.function.app import create_app
from checker.function.options import Options
from tests.function.fakes import MailServer, make_checker
from tests.lab.domains import DOMAINS
from tests.serving import ROOT, Server, command, end, environment

CHECK = "/api/v1/check"
LAB = {domain.domain: domain for domain in DOMAINS}
USAGE = 64
PATIENCE = 30.0


@pytest_asyncio.fixture
async def visitor(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the real server."""
    async with httpx.AsyncClient(base_url=server.origin, timeout=PATIENCE) as client:
        yield client


@pytest.mark.parametrize("operator", operators.names())
@pytest.mark.parametrize(
    "domain", ["healthy.test", "expired.test", "tls-1-3-only.test", "no-starttls.test"]
)
async def test_senders_differ_where_they_should(
    visitor: httpx.AsyncClient, domain: str, operator: str
) -> None:
    answer = (await visitor.post(CHECK, json={"domain": domain, "operator": operator})).json()
    assert (answer["outcome"], answer["problems"][0]["id"]) == LAB[domain].expected[operator]


async def test_a_plain_form_leads_to_the_case_that_was_seen(visitor: httpx.AsyncClient) -> None:
    for domain, case in {"tls-1-3-only.test": "-too-new", "tls-1-1-only.test": ""}.items():
        asked = {"domain": domain, "operator": "mediafinanz", "lang": "en"}
        reply = await visitor.post(CHECK, data=asked, headers={"Accept": "text/html"})
        fragment = f"#outcome-fails-now-mediafinanz{case}"
        assert reply.headers["location"].endswith(f"/en/problems/tls-version/{fragment}")


async def test_an_answer_about_an_encrypted_connection_has_every_key(
    visitor: httpx.AsyncClient,
) -> None:
    asked = {"domain": "expired.test", "operator": "mediafinanz"}
    answer = (await visitor.post(CHECK, json=asked)).json()
    assert set(answer) == {
        "domain",
        "operator",
        "outcome",
        "disposition",
        "when",
        "report_to",
        "checked_at",
        "assumed",
        "sender",
        "also",
        "problems",
        "route",
        "attempts",
    }
    assert (answer["disposition"], answer["when"]) == ("bounced", "PT0S")
    assert answer["report_to"] == "operator"
    # What it states, it states of servers that are too old.
    stated_elsewhere = [
        "delivery.retry_for",
        "delivery.temporary_tls_failure",
        "delivery.report_to",
    ]
    assert answer["assumed"] == [*operators.load("mediafinanz").assumed, *stated_elsewhere]
    (problem,) = answer["problems"]
    assert set(problem) == {"id", "host", "address", "decisive", "evidence"}
    assert problem["decisive"] is True
    assert datetime.fromisoformat(problem["evidence"]["not_after"]) < datetime.fromisoformat(
        answer["checked_at"]
    )
    (attempt,) = answer["attempts"]
    assert attempt["host"] == problem["host"] == "mx.expired.test"
    assert attempt["address"] == problem["address"]
    assert attempt["stage"] == "certificate"
    assert attempt["tls_version"] == "TLSv1.2"
    assert attempt["cipher"]
    assert [reply["command"] for reply in attempt["replies"]] == [
        "connect",
        "EHLO",
        "STARTTLS",
        "EHLO",
    ]
    certificate = attempt["certificate"]
    assert {
        "subject",
        "issuer",
        "names",
        "not_before",
        "not_after",
        "key",
        "signature",
        "chain",
    } <= set(certificate)
    assert certificate["names"] == ["mx.expired.test"]
    assert answer["route"]["authenticated"] is True


async def test_all_servers_are_looked_at_on_demand(visitor: httpx.AsyncClient) -> None:
    tried = {}
    for wish in ["", "1"]:
        asked = {"domain": "first-expired.test", "operator": "profihost", "all": wish}
        answer = (await visitor.post(CHECK, data=asked)).json()
        assert answer["outcome"] == "delivers-with-warnings"
        tried[wish] = [attempt["host"] for attempt in answer["attempts"]]
    assert tried[""] == ["mx1.first-expired.test"]
    assert tried["1"] == ["mx1.first-expired.test", "mx2.first-expired.test"]


async def test_a_server_s_hostile_words_arrive_without_controls(
    visitor: httpx.AsyncClient,
) -> None:
    answer = (await visitor.post(CHECK, json={"domain": "hostile-text.test"})).json()
    said = " ".join(line for reply in answer["attempts"][0]["replies"] for line in reply["lines"])
    assert "<script>" in said
    assert said.isprintable()


async def test_steps_arrive_while_the_check_goes_on(visitor: httpx.AsyncClient) -> None:
    asked = {"domain": "silent.test"}
    headers = {"Accept": "text/event-stream"}
    async with visitor.stream("POST", CHECK, data=asked, headers=headers) as response:
        seen = []
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line.removeprefix("data: "))["stage"])
            if seen[-1:] == ["greeting"]:
                break
    assert seen == ["domain", "route", "connect", "greeting"]


async def test_bad_input_is_refused_before_any_look_at_the_network(
    visitor: httpx.AsyncClient,
) -> None:
    for content, status in [
        (b"domain=192.0.2.1", 400),
        (b"domain=" + b"x" * 20_000, 413),
        (b"domain=%ff", 400),
    ]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await visitor.post(CHECK, content=content, headers=headers)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


async def test_the_site_stands_beside_the_function(visitor: httpx.AsyncClient) -> None:
    for address, language in [
        ("/", "de"),
        ("/en/", "en"),
        ("/problems/tls-version/", "de"),
        ("/en/problems/tls-version/", "en"),
    ]:
        response = await visitor.get(address)
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.text
    assert (await visitor.get("/problems/tls-version")).has_redirect_location


@pytest.mark.parametrize("address", ["/nothing/", "/en/nothing/", "/..%2f..%2fetc%2fpasswd"])
async def test_a_wrong_address_gets_the_site_s_own_page(
    visitor: httpx.AsyncClient, address: str
) -> None:
    response = await visitor.get(address)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "Diese Seite gibt es nicht" in response.text
    assert "There is no such page" in response.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_link_starts_no_check(visitor: httpx.AsyncClient, method: str) -> None:
    response = await visitor.request(method, CHECK, params={"domain": "healthy.test"})
    assert response.status_code == 405
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_client_that_leaves_ends_the_check() -> None:
    mail_server = MailServer(silent=True)
    checker = make_checker(mail_server)
    async with _running(create_app(checker, Options())) as origin, asyncio.timeout(PATIENCE):
        headers = {"Accept": "text/event-stream"}
        asked = {"domain": "example.test"}
        async with (
            httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as client,
            client.stream("POST", CHECK, data=asked, headers=headers),
        ):
            await mail_server.connected.wait()
            assert not mail_server.left.is_set()
        # Nothing else would end this check: the mail server is silent, and there is no limit.
        await mail_server.left.wait()


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_a_client_that_leaves_before_its_answer_ends_the_check(accept: str) -> None:
    mail_server = MailServer(silent=True)
    checker = make_checker(mail_server)
    async with _running(create_app(checker, Options())) as origin, asyncio.timeout(PATIENCE):
        async with httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as client:
            asked = {"domain": "example.test"}
            waiting = asyncio.create_task(
                client.post(CHECK, data=asked, headers={"Accept": accept})
            )
            await mail_server.connected.wait()
            assert not mail_server.left.is_set()
            waiting.cancel()
            await asyncio.wait({waiting})
        await mail_server.left.wait()


@asynccontextmanager
async def _running(app: Starlette) -> AsyncIterator[str]:
    """Serve an application from this process; yields its origin."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await task


def _serve(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a module of our own
        command(*arguments),
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What it complained about, in one line."""
    (line,) = done.stderr.splitlines()
    assert done.returncode == USAGE
    assert done.stdout == ""
    return line


@pytest.mark.programs
def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = _one_line(_serve("--port", port))
        set_ = _one_line(_serve(CHECKER_PORT=port))
    told = f"checker: cannot listen on 127.0.0.1 port {port}: Address already in use"
    assert given.startswith(told)
    assert set_.startswith(told)


@pytest.mark.programs
@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_is_none_is_told_in_one_line(port: str) -> None:
    assert f"port {port}" in _one_line(_serve("--port", port))
    assert "CHECKER_PORT" in _one_line(_serve(CHECKER_PORT=port))


@pytest.mark.programs
def test_a_folder_without_a_site_is_told_in_one_line(tmp_path: Path) -> None:
    expected = f"checker: {tmp_path}: holds no built site (index.html)"
    makes_one = '"scripts/setup site && .venv/bin/mkdocs build" makes one, the folder "site"'
    expected += f"; in a clone of the project, {makes_one}"
    assert _one_line(_serve("--site", str(tmp_path))) == expected
    assert _one_line(_serve(CHECKER_SITE=str(tmp_path))) == expected


@pytest.mark.programs
def test_without_a_site_it_says_how_to_have_one() -> None:
    def said(**variables: str) -> str:
        with subprocess.Popen(  # noqa: S603 - a module of our own
            command("--port", "0"),
            cwd=ROOT,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout
            origin = process.stdout.readline().strip()
            answer = httpx.get(f"{origin}api/v1/operators", timeout=PATIENCE)
            end(process)
            assert answer.status_code == 200
            return process.stdout.read()

    assert "--site DIR adds the pages" in said()
    # Whoever says where the pages are has them.
    assert said(CHECKER_SITE_URL="https://site.test") == ""


@pytest.mark.programs
@pytest.mark.parametrize(
    "arguments",
    [
        ("--resolver", "127.0.0.1:0"),
        ("--smtp-port", "0"),
        ("--allow-network", "everything"),
        ("--ca-file", "/nowhere.pem"),
        ("--ehlo-name", "two words"),
        ("--host", "nowhere.invalid"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_one_line(arguments: tuple[str, str]) -> None:
    assert arguments[1] in _one_line(_serve(*arguments))


@pytest.mark.programs
def test_bad_usage_is_not_mistaken_for_an_outcome() -> None:
    assert _serve("--port", "eight").returncode == USAGE
    assert _serve("--nothing").returncode == USAGE


@pytest.fixture
def from_environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Imports the module that any ASGI server loads, with these settings."""

    def load(**variables: str) -> ModuleType:
        for name, text in variables.items():
            monkeypatch.setenv(name, text)
        return importlib.reload(importlib.import_module("checker.function.asgi"))

    return load


async def test_any_asgi_server_can_run_it_from_the_environment(
    site: Path, from_environment: Callable[..., ModuleType]
) -> None:
    module = from_environment(
        CHECKER_RESOLVER="127.0.0.1",
        CHECKER_SITE=str(site),
        CHECKER_SITE_URL="https://zustellbar.example/",
        CHECKER_ORIGINS="https://zustellbar.example https://other.example",
    )
    transport = httpx.ASGITransport(module.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        assert (await client.get("/")).status_code == 200
        for origin in ["https://zustellbar.example", "https://other.example"]:
            response = await client.post(
                CHECK,
                data={"domain": "localhost", "lang": "en"},
                headers={"Origin": origin, "Accept": "text/html"},
            )
            assert response.headers["location"] == (
                "https://zustellbar.example/en/#error-special-use"
            )


@pytest.mark.programs
def test_importing_it_loads_nothing_but_python_s_own() -> None:
    code = "import sys; known = set(sys.modules); import checker.function.asgi\n"
    code += "print(*{name.partition('.')[0] for name in set(sys.modules) - known})"
    result = _python("-c", code)
    assert result.returncode == 0
    assert set(result.stdout.split()) - sys.stdlib_module_names == {"checker"}


@pytest.mark.programs
def test_any_asgi_server_ends_with_one_line_for_a_setting_that_cannot_be_used() -> None:
    result = _python(
        *("-m", "uvicorn", "checker.function.asgi:app", "--port", "0"), CHECKER_SMTP_PORT="0"
    )
    assert result.returncode != 0
    assert "SMTP port" in result.stderr
    assert "Traceback" not in result.stderr


def _python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
