"""Files to open: as many as the checks need, and something sensible where there are none left."""

import asyncio
import contextlib
import errno
import resource
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest

from checker.function.descriptors import UsedUp, room
from tests.serving import ROOT, command, end, environment

CHECK = "/api/v1/check"
PATIENCE = 20.0
FILES = 80


@pytest.mark.parametrize(
    ("soft", "hard", "checks", "granted"),
    [
        (1_024, 1_048_576, 1_000, 8_064),
        (1_024, resource.RLIM_INFINITY, 1_000, 8_064),
        (65_536, 1_048_576, 1_000, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 1_000, None),
        (1_024, 4_096, 504, 4_096),
        (1_024, 1_024, 120, 1_024),
        (20, 20, 1, 20),
    ],
)
def test_the_limit_is_raised_as_far_as_needed_and_allowed(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, checks: int, granted: int | None
) -> None:
    set_to: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: set_to.append(limits))
    assert room(1_000) == checks
    assert set_to == ([] if granted is None else [(granted, hard)])


def test_a_lack_of_files_is_told_in_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    handler = UsedUp(lambda: now)
    context = {"message": "socket.accept() out of system resource"}
    loop = Mock(spec=asyncio.AbstractEventLoop)
    for now in (0, 1, 59, 61):  # noqa: B007 - read by the handler's clock
        handler(loop, {**context, "exception": OSError(errno.EMFILE, "Too many open files")})
    assert len(caplog.records) == 2
    assert {record.exc_info for record in caplog.records} == {None}
    # The server has been stopped meanwhile.
    again = "Exception in callback BaseSelectorEventLoop._start_serving()"
    handler(loop, {"message": again, "exception": ValueError("Invalid file descriptor: -1")})
    loop.default_exception_handler.assert_not_called()
    handler(loop, {**context, "exception": OSError(errno.EPIPE, "Broken pipe")})
    loop.default_exception_handler.assert_called_once()


@contextmanager
def function(resolver: str, errors: Path) -> Iterator[str]:
    """A function in a process that may open few files; gives its origin."""
    with (
        errors.open("wb") as log,
        subprocess.Popen(  # noqa: S603 - a module of our own
            command("--port", "0"),
            cwd=ROOT,
            env=environment(CHECKER_RESOLVER=resolver, CHECKER_CLIENT_CONNECTIONS="off"),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            preexec_fn=_few_files,  # noqa: PLW1509 - nothing of it is of concern to a thread
        ) as running,
    ):
        try:
            assert running.stdout
            yield running.stdout.readline().strip().rstrip("/")
        finally:
            end(running)


def _few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


@pytest.mark.programs
def test_a_function_without_files_blames_no_domain_and_recovers(
    nowhere: str, tmp_path: Path
) -> None:
    errors = tmp_path / "errors"
    asked = {"domain": "example.org"}
    with function(nowhere, errors) as origin, contextlib.ExitStack() as crowd:
        host, port = origin.removeprefix("http://").split(":")
        with httpx.Client(base_url=origin, timeout=PATIENCE) as visitor:
            before = visitor.post(CHECK, data=asked).json()
            for _ in range(FILES):
                idle = socket.create_connection((host, int(port)), PATIENCE)
                crowd.enter_context(idle)
            # This one is connected already, and nobody else can be.
            during = visitor.post(CHECK, data=asked)
        crowd.close()
        after = httpx.post(f"{origin}{CHECK}", data=asked, timeout=PATIENCE).json()
    assert before["problems"][0]["id"] == after["problems"][0]["id"] == "domain-not-found"
    assert during.status_code == 200
    assert during.json()["outcome"] == "unknown"
    assert during.json()["problems"][0]["id"] == "checker-unreachable"
    told = errors.read_text()
    assert told.startswith("no file is left to open")
    assert told.count("\n") == 1, told
