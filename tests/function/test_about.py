"""What the function tells of itself."""

import httpx


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
