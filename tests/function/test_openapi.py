"""The description of the interface: it is valid, and what the function answers agrees with it."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
import schemathesis
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from checker import operators
from checker.function.app import create_app
from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.function.openapi import document, examples
from checker.function.options import Options
from checker.problems import PROBLEMS
from checker.production import build_checker
from checker.settings import Settings
from tests.function.asking import CHECK, events
from tests.function.conftest import Connect
from tests.function.fakes import MailServer, make_checker
from tests.lab import Lab
from tests.serving import ROOT

UNLIMITED = GuardOptions(client_limit=None, client_at_once=None)
FORMS = {"json": "application/json", "stream": "text/event-stream"}


def validator(name: str) -> OAS31Validator:
    """Validates against a schema of the document, and takes no key that it does not name."""
    schemas = json.loads(json.dumps(document()["components"]["schemas"]))
    for schema in schemas.values():
        _close(schema)
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    return OAS31Validator(whole, format_checker=oas31_format_checker)


def _close(schema: dict[str, Any]) -> None:
    if "properties" in schema:
        schema["additionalProperties"] = False
    for inner in [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]:
        _close(inner)
    if isinstance(schema.get("items"), dict):
        _close(schema["items"])


def contents(operation: dict[str, Any]) -> list[tuple[dict[str, Any], list[Any]]]:
    """Schema and examples of each message of an operation."""
    messages = [operation.get("requestBody", {}), *operation["responses"].values()]
    found = []
    for message in messages:
        for content in message.get("content", {}).values():
            named = [one["value"] for one in content.get("examples", {}).values()]
            single = [content["example"]] if "example" in content else []
            found.append((content["schema"], named + single))
    return found


@pytest_asyncio.fixture
async def lab_client(lab: Lab) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a function that checks the lab's domains."""
    settings = Settings(
        resolver=lab.resolver,
        smtp_port=lab.smtp_port,
        allow_network=tuple(lab.allow_network),
        ca_file=lab.ca_file,
    )
    checker = build_checker(settings)
    transport = httpx.ASGITransport(create_app(checker, Options(guard=UNLIMITED)))
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        yield client
    await checker.close()


async def test_the_document_is_valid_openapi(client: httpx.AsyncClient) -> None:
    response = await client.get("/openapi.json")
    assert response.headers["content-type"] == "application/json"
    described = response.json()
    assert described == document()
    assert described["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(described).validate()


def test_each_message_has_an_example_and_it_is_valid() -> None:
    for item in document()["paths"].values():
        for operation in item.values():
            found = contents(operation)
            assert found
            for schema, shown in found:
                assert shown, schema
                for example in shown:
                    if "$ref" in schema:
                        validator(schema["$ref"].rpartition("/")[2]).validate(example)
                    else:
                        OAS31Validator(schema).validate(example)
                    # A stream ends with an empty line.
                    assert not isinstance(example, str) or example.endswith("\n\n")


def test_each_schema_has_an_example_and_it_is_valid() -> None:
    for name, schema in document()["components"]["schemas"].items():
        assert schema["examples"], name
        for example in schema["examples"]:
            validator(name).validate(example)


def test_each_event_of_the_example_is_one_of_those_described() -> None:
    *steps, last = examples.STREAM.strip().split("\n\n")
    assert last.startswith("event: answer\n")
    for step in steps:
        name, data = step.split("\ndata: ")
        assert name == "event: step"
        validator("Step").validate(json.loads(data))


@pytest.mark.programs
def test_it_needs_nothing_that_the_build_of_the_site_lacks() -> None:
    absent = ("starlette", "uvicorn", "dns", "cryptography", "OpenSSL", "limits", "h11")
    script = f"import sys; sys.modules.update(dict.fromkeys({absent}))"
    script += "; from checker.function.openapi import document; document()"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_it_knows_every_problem_and_every_sender() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["ProblemId"]["enum"] == list(PROBLEMS)
    assert schemas["Operator"]["properties"]["name"]["enum"] == operators.names()


@pytest.mark.parametrize(
    "domain",
    [
        "healthy.test",
        "expired.test",
        "no-starttls.test",
        "first-expired.test",
        "null-mx.test",
        "hostile-text.test",
        "tls-1-0-only.test",
        "nothing-there.test",
    ],
)
async def test_real_answers_agree_with_it(lab_client: httpx.AsyncClient, domain: str) -> None:
    asked = {"domain": domain, "operator": "mediafinanz", "all": True}
    answer = await lab_client.post(CHECK, json=asked)
    assert answer.status_code == 200
    validator("Answer").validate(answer.json())
    stream = await lab_client.post(CHECK, json=asked, headers={"Accept": FORMS["stream"]})
    *steps, (last, data) = events(stream)
    assert last == "answer"
    validator("Answer").validate(data)
    for name, step in steps:
        assert name == "step"
        validator("Step").validate(step)


async def test_the_other_answers_agree_with_it(client: httpx.AsyncClient) -> None:
    operators_known = await client.get("/api/v1/operators")
    validator("Operators").validate(operators_known.json())
    validator("Health").validate((await client.get("/healthz")).json())
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for refused in [
        await client.post(CHECK, json={"domain": "192.0.2.1"}),
        await client.post(CHECK, json={"domain": "example.test", "operator": "nobody"}),
        await client.post(CHECK, json={"domain": "example.test", "all": "perhaps"}),
        await client.post(CHECK, json={"domain": "example.test", "lang": 1}),
        await client.post(CHECK, json={"domain": "example.test"}, headers=foreign),
        await client.post(CHECK, content=b"x" * 20_000),
        await client.post(CHECK, content=b"x"),
    ]:
        responses = document()["paths"][CHECK]["post"]["responses"]
        assert str(refused.status_code) in responses
        assert list(responses[str(refused.status_code)]["content"]) == [
            refused.headers["content-type"]
        ]
        validator("Error").validate(refused.json())


async def test_a_refusal_for_a_while_agrees_with_it(connect: Connect) -> None:
    once = GuardOptions(client_limit=Rate(1, 3_600))
    async with connect(Options(guard=once)) as client:
        _, refused = [await client.post(CHECK, json={"domain": "nowhere.test"}) for _ in range(2)]
    described = document()["paths"][CHECK]["post"]["responses"][str(refused.status_code)]
    assert refused.status_code == 429
    assert list(described["content"]) == [refused.headers["content-type"]]
    assert all(refused.headers[name].isdecimal() for name in described["headers"])
    validator("Error").validate(refused.json())


async def test_a_program_s_null_means_the_default_sender(client: httpx.AsyncClient) -> None:
    asked = {"domain": "example.test", "operator": None}
    assert (await client.post(CHECK, json=asked)).json()["operator"] == operators.DEFAULT


class MailServers:
    """Each connection gets a mail server of its own, for a function that many ask."""

    async def connect(self, address: str, port: int) -> MailServer:
        """Connect to a new one."""
        return await MailServer().connect(address, port)


FUNCTION = schemathesis.openapi.from_asgi(
    "/openapi.json",
    create_app(make_checker(MailServers()), Options(guard=UNLIMITED)),
    config=schemathesis.Config.from_dict(
        {
            "generation": {"max-examples": 40, "deterministic": True, "database": "none"},
            # No schema can tell which text is a domain, so a text that is none may be refused.
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "303", "400"]}},
        }
    ),
)


# One test for each operation: of three with one name a worker of pytest-xdist runs but one.
@FUNCTION.include(path="/api/v1/check").parametrize()
def test_whatever_is_asked_for_the_answer_agrees_with_it(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()


@FUNCTION.include(path="/api/v1/operators").parametrize()
def test_however_the_operators_are_asked_for(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()


@FUNCTION.include(path="/healthz").parametrize()
def test_however_health_is_asked_for(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()


@FUNCTION.include(path="/openapi.json").parametrize()
def test_however_the_description_is_asked_for(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()


def test_every_operation_is_tried() -> None:
    tried = {"/api/v1/check", "/api/v1/operators", "/healthz", "/openapi.json"}
    assert set(document()["paths"]) == tried
