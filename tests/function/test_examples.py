"""The examples for programs do what the page says, with the real function."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.hooks.interface import ADDRESS
from tests.serving import ROOT, Server

EXAMPLES = ROOT / "docs" / "examples"


def run(example: str, origin: str, folder: Path, *arguments: str) -> str:
    """Run an example as somebody would who has put in a domain and the address of the checker."""
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    path = folder / example
    path.write_text(text.replace(ADDRESS, origin).replace("example.com", "expired.test"))
    program = sys.executable if path.suffix == ".py" else "bash"
    done = subprocess.run(  # noqa: S603 - the project's own examples
        [program, path, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_first_call(server: Server, tmp_path: Path) -> None:
    answer = json.loads(run("check.sh", server.origin, tmp_path))
    assert answer["outcome"] == "fails"
    assert answer["problems"][0]["id"] == "certificate-expired"


def test_one_step_after_the_other(server: Server, tmp_path: Path) -> None:
    *steps, last = run("steps.sh", server.origin, tmp_path).strip().split("\n\n")
    assert steps[0] == 'event: step\ndata: {"stage": "domain", "domain": "expired.test"}'
    assert all(step.startswith("event: step\n") for step in steps)
    name, data = last.split("\ndata: ")
    assert name == "event: answer"
    assert json.loads(data)["outcome"] == "fails"


def test_the_program_tells_of_each_domain(server: Server, tmp_path: Path) -> None:
    domains = ("healthy.test", "expired.test", "192.0.2.1")
    assert run("check.py", server.origin, tmp_path, *domains).splitlines() == [
        "healthy.test delivers no-problem-found",
        "expired.test fails certificate-expired",
        "192.0.2.1 invalid-domain ip-address",
    ]


class _Busy(BaseHTTPRequestHandler):
    """Answers every second request; the others are to wait."""

    asked = 0

    def do_POST(self) -> None:
        """Refuse, or answer."""
        type(self).asked += 1
        refused = self.asked % 2
        answer = {"outcome": "delivers", "problems": [{"id": "no-problem-found"}]}
        self.send_response(429 if refused else 200)
        if refused:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def busy() -> Iterator[str]:
    """The origin of such a server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Busy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.programs
def test_the_program_waits_when_it_is_asked_to(busy: str, tmp_path: Path) -> None:
    told = run("check.py", busy, tmp_path, "example.org", "example.net")
    assert told == "example.org delivers no-problem-found\nexample.net delivers no-problem-found\n"
    assert _Busy.asked == 4
