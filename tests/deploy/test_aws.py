"""AWS Lambda: the template is sound, and the handler answers the events of a function URL."""

import base64
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from tests.lab import Lab
from tests.serving import ROOT, end, environment

FOLDER = ROOT / "checker" / "deploy" / "aws"
TEMPLATE = FOLDER / "template.yaml"
PATIENCE = 30.0
LIMIT = 10
"""Checks by one visitor in an hour."""
VISITOR = "198.51.100.7"

Event = dict[str, Any]


class RuntimeApi(ThreadingHTTPServer):
    """Lambda's side of the Runtime API (version 2018-06-01): hands out events, takes answers."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Invocations)
        self.events: queue.Queue[Event] = queue.Queue()
        self.answers: queue.Queue[Event] = queue.Queue()

    def invoke(self, event: Event) -> Event:
        """The function's answer to an event."""
        self.events.put(event)
        return self.answers.get(timeout=PATIENCE)


class _Invocations(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The next event, once there is one."""
        assert self.path == "/2018-06-01/runtime/invocation/next"
        body = json.dumps(self.server.events.get()).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
        arn = "arn:aws:lambda:eu-central-1:123456789012:function:checker"
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", arn)
        self._finish(body)

    def do_POST(self) -> None:
        """An answer, or the news that there is none."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put({"path": self.path, **json.loads(body)})
        self.send_response(202)
        self._finish(b"{}")

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""

    def _finish(self, body: bytes) -> None:
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def function(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RuntimeApi]:
    """The handler in Lambda's own runtime client, which checks the lab's domains."""
    api = RuntimeApi()
    threading.Thread(target=api.serve_forever, daemon=True).start()
    variables = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_address[1]}",
        "AWS_LAMBDA_FUNCTION_NAME": "checker",
        "AWS_REGION": "eu-central-1",
        "CHECKER_RESOLVER": lab.resolver,
        "CHECKER_SMTP_PORT": str(lab.smtp_port),
        "CHECKER_ALLOW_NETWORK": " ".join(lab.allow_network),
        "CHECKER_CA_FILE": str(lab.ca_file),
        "CHECKER_SITE_URL": "https://site.test",
        "CHECKER_CLIENT_LIMIT": f"{LIMIT}/hour",
    }
    output = tmp_path_factory.mktemp("lambda") / "output"
    with (
        output.open("wb") as log,
        subprocess.Popen(  # noqa: S603 - from the locked requirements
            [sys.executable, "-m", "awslambdaric", template()["Handler"]],
            cwd=ROOT,
            env=environment(**variables),
            stdout=log,
            stderr=log,
            text=True,
        ) as process,
    ):
        yield api
        end(process)
    api.shutdown()
    api.server_close()
    # Who asked for what is nobody's business, in Lambda's log neither.
    assert ".test" not in output.read_text()


def template() -> dict[str, Any]:
    """The function's properties in the template."""

    class Loader(yaml.SafeLoader):
        """Takes CloudFormation's short forms for the texts behind them."""

    Loader.add_multi_constructor("!", lambda loader, _, node: loader.construct_scalar(node))
    document = yaml.load(TEMPLATE.read_text(), Loader)  # noqa: S506 - derived from the safe one
    properties: dict[str, Any] = document["Resources"]["Checker"]["Properties"]
    return properties


def event(
    method: str, path: str, body: str = "", *, visitor: str = VISITOR, **headers: str
) -> Event:
    """An event of a function URL (payload format 2.0)."""
    domain = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws"
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "host": domain,
            "x-forwarded-for": visitor,
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        "requestContext": {
            "accountId": "anonymous",
            "apiId": domain.partition(".")[0],
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": visitor,
                "userAgent": "Mozilla/5.0",
            },
            "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:08:37:26 +0000",
            "timeEpoch": 1795336646000,
        },
        "body": base64.b64encode(body.encode()).decode(),
        "isBase64Encoded": True,
    }


def text(answer: Event) -> str:
    """The body of an answer."""
    body: str = answer["body"]
    return base64.b64decode(body).decode() if answer["isBase64Encoded"] else body


@pytest.mark.programs
def test_the_linter_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(  # noqa: S603 - from the locked requirements
        [linter, TEMPLATE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_stays_until_a_check_has_ended() -> None:
    assert template()["Timeout"] > 25


def test_each_event_gets_its_answer(function: RuntimeApi) -> None:
    # One process answers all, as Lambda keeps it: what one event leaves must not harm the next.
    for domain, outcome in [("healthy.test", "delivers"), ("expired.test", "fails")] * 2:
        asked = json.dumps({"domain": domain, "operator": "mediafinanz"})
        answer = function.invoke(
            event("POST", "/api/v1/check", asked, content_type="application/json")
        )
        assert answer["path"].endswith("/response")
        assert answer["statusCode"] == 200
        assert answer["headers"]["content-type"] == "application/json"
        assert answer["headers"]["cache-control"] == "no-store"
        assert json.loads(text(answer))["outcome"] == outcome


def test_a_plain_form_is_led_to_the_page(function: RuntimeApi) -> None:
    form = urlencode({"domain": "anna@expired.test", "operator": "mediafinanz", "lang": "en"})
    answer = function.invoke(
        event(
            "POST",
            "/api/v1/check",
            form,
            accept="text/html",
            content_type="application/x-www-form-urlencoded",
        )
    )
    assert answer["statusCode"] == 303
    page = "https://site.test/en/problems/certificate-expired/"
    assert answer["headers"]["location"].startswith(page)


def test_a_stream_comes_in_one_piece(function: RuntimeApi) -> None:
    asked = json.dumps({"domain": "expired.test"})
    answer = function.invoke(
        event(
            "POST",
            "/api/v1/check",
            asked,
            accept="text/event-stream",
            content_type="application/json",
        )
    )
    assert answer["statusCode"] == 200
    assert text(answer).count("event: step") > 4
    assert text(answer).count("event: answer") == 1


def test_each_visitor_is_counted_by_the_address_that_lambda_saw(function: RuntimeApi) -> None:
    def ask(visitor: str) -> int:
        asked = json.dumps({"domain": "nothing-there.test"})
        told = event(
            "POST", "/api/v1/check", asked, visitor=visitor, content_type="application/json"
        )
        # Anybody can write this header.
        told["headers"]["x-forwarded-for"] = "192.0.2.77"
        status: int = function.invoke(told)["statusCode"]
        return status

    assert [ask("203.0.113.1") for _ in range(LIMIT + 1)] == [200] * LIMIT + [429]
    assert ask("203.0.113.2") == 200


def test_bad_input_and_look_ups_are_answered(function: RuntimeApi) -> None:
    refused = function.invoke(
        event("POST", "/api/v1/check", '{"domain": "192.0.2.1"}', content_type="application/json")
    )
    assert refused["statusCode"] == 400
    assert refused["headers"]["content-type"] == "application/problem+json"
    assert json.loads(text(refused))["reason"] == "ip-address"
    described = function.invoke(event("GET", "/openapi.json"))
    assert json.loads(text(described))["openapi"] == "3.1.0"


def test_the_code_is_where_the_template_looks_for_it() -> None:
    folder = (FOLDER / template()["CodeUri"]).resolve()
    assert folder == ROOT / ".cache" / "lambda"
    readme = (FOLDER.parent / "README.md").read_text()
    assert ".cache/lambda --requirement requirements/lambda.txt" in readme
