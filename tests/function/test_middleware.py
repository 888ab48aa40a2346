"""What every response tells a browser, whichever route it is of."""

import httpx
import pytest

from tests.function.asking import CHECK


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
