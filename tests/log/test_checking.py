"""``--check`` asks the checker of each domain once, and of all of its mail servers."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checker.__main__ import main
from checker.commands import log_checking
from tests.log.made import delivery, tls


class _Checker:
    """Says of every domain that its certificate has expired."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.closed = False

    async def check(self, domain: Any, _operator: object, *, every: bool) -> object:  # noqa: ANN401
        self.asked.append((domain.ascii, every))
        troubles = [
            SimpleNamespace(id="certificate-expired", decisive=True),
            SimpleNamespace(id="tls-version", decisive=False),
        ]
        return SimpleNamespace(verdict=SimpleNamespace(outcome="fails", troubles=troubles))

    async def close(self) -> None:
        self.closed = True


def test_what_a_log_cannot_tell_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checker = _Checker()
    monkeypatch.setattr(log_checking, "checker_for", lambda *_: checker)
    log = tls("Trusted") + delivery("A1") + delivery("A1", to="ben@example.org")
    log += tls("Untrusted") + delivery("B2", to="carla@[192.0.2.1]")
    (tmp_path / "mail.log").write_text(log)
    file = str(tmp_path / "mail.log")
    assert main(["log", file, "--under", "careful", "--check", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["under"]["cannot_be_told"]
    checked = {row["domain"]: row["checked"] for row in rows}
    assert checked == {
        "example.org": {"outcome": "fails", "problems": ["certificate-expired"]},
        "[192.0.2.1]": {"outcome": "unknown", "problems": []},
    }
    assert checker.asked == [("example.org", True)]
    assert checker.closed
