"""One JSON document: the same for every program, with every key of the interface."""

from datetime import UTC, datetime

import httpx

from checker import operators
from tests.function.asking import CHECK
from tests.function.fakes import ADDRESS


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
        "sender": {"server": "postfix", "system": "debian-13"},
        "also": [],
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
