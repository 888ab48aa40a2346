"""What the privacy page promises of the service: no cookie, and nothing of anybody in a log."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.lab import Lab
from tests.serving import ROOT, end, environment

CHECK = "/api/v1/check"
PATIENCE = 30.0
STARTED = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:[0-9]+)")


@pytest.fixture
def origin(lab: Lab, site: Path, tmp_path: Path) -> Iterator[str]:
    """The origin of a function under uvicorn alone, as checker/deploy/README.md has it."""
    with (
        (tmp_path / "log").open("wb") as log,
        socket.create_server(("127.0.0.1", 0)) as listener,
        subprocess.Popen(  # noqa: S603 - a module of our own
            [
                *(sys.executable, "-m", "uvicorn", "checker.function.asgi:app"),
                *("--fd", str(listener.fileno())),
            ],
            cwd=ROOT,
            env=environment(
                CHECKER_SITE=str(site),
                CHECKER_RESOLVER=lab.resolver,
                CHECKER_SMTP_PORT=str(lab.smtp_port),
                CHECKER_ALLOW_NETWORK=" ".join(lab.allow_network),
                CHECKER_CA_FILE=str(lab.ca_file),
            ),
            pass_fds=[listener.fileno()],
            stdout=log,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            end(process)


def test_nothing_of_a_visitor_stands_in_the_log(origin: str, tmp_path: Path) -> None:
    with httpx.Client(base_url=origin, timeout=PATIENCE) as visitor:
        for accept in ("application/json", "text/event-stream", "text/html"):
            for domain in ("anna@healthy.test", "expired.test", "connection-refused.test", "x..y"):
                response = visitor.post(
                    CHECK,
                    data={"domain": domain},
                    headers={"Accept": accept, "X-Forwarded-For": "203.0.113.7"},
                )
                assert "set-cookie" not in response.headers
        for path in ("/?domain=healthy.test", "/nothing/healthy.test", "/healthz?healthy.test"):
            assert "set-cookie" not in visitor.get(path).headers
        assert not visitor.cookies
    log = (tmp_path / "log").read_text()
    assert "Uvicorn running" in log
    for secret in (".test", "anna", "x..y", "127.25", "203.0.113.7", "GET", "POST"):
        assert secret not in log
