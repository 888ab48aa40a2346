"""The stream of events tells each step, then what a program would get."""

import httpx

from tests.function.asking import CHECK, SCRIPT, events
from tests.function.fakes import ADDRESS


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
