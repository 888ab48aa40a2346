"""``--check`` is a run as polite as that over a list, and tells of domains what the log cannot."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.__main__ import main
from checker.bulk.domains import World
from checker.bulk.engine import Engine
from checker.commands import log_checking
from tests.bulk.world import Servers, dead, healthy, mail_of, world
from tests.lab import Lab
from tests.log.made import CAREFUL, delivery, tls

LOG = (
    tls("Trusted")
    + "".join(delivery("A1", to=to) for to in ("anna@good.example", "ben@good.example"))
    + delivery("A1", to="carla@both.example")
    + tls("Untrusted")
    + delivery("B2", to="dora@dead.example")
    + delivery("B2", to="emil@[192.0.2.1]")
)


def _world(servers: Servers) -> Callable[..., Callable[[], World]]:
    records = [
        *mail_of("good.example", "mx.example.org"),
        *mail_of("both.example", "dead.example.org", "mx.example.org"),
        *mail_of("dead.example", "dead.example.org"),
        "mx.example.org A 192.0.2.1",
        "dead.example.org A 192.0.2.2",
    ]
    return lambda *_: lambda: world(servers, *records, operators=[CAREFUL])


def _told(
    capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str
) -> tuple[int, dict[str, Any]]:
    (folder / "mail.log").write_text(LOG)
    wish = ["--under", "careful", "--check", "--json", *arguments]
    status = main(["log", str(folder / "mail.log"), *wish])
    rows = json.loads(capsys.readouterr().out)["under"]["cannot_be_told"]
    return status, {row["domain"]: row.get("checked") for row in rows}


def test_what_a_log_cannot_tell_is_looked_at_with_all_servers_of_a_domain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    servers = Servers({"192.0.2.2": [dead], "192.0.2.1": [healthy]})
    monkeypatch.setattr(log_checking, "Making", _world(servers))
    status, told = _told(capsys, tmp_path, "--output", str(tmp_path / "out"))
    assert status == 0
    assert {domain: one["outcome"] for domain, one in told.items()} == {
        "good.example": "delivers",
        # The first of its servers is dead, the second takes the mail.
        "both.example": "delivers-with-warnings",
        "dead.example": "unknown",
        "[192.0.2.1]": "unknown",
    }
    assert told["dead.example"]["problems"] == ["connection-failed"]
    # Two domains at one server are one look.
    assert servers.connections["192.0.2.1"] == 1
    assert "Checked: " in (tmp_path / "out" / "report.en.html").read_text(encoding="utf-8")


def test_what_a_log_cannot_tell_of_the_labs_servers(
    tmp_path: Path, lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    domains = ("healthy", "expired", "first-expired", "no-starttls")
    log = "".join(
        tls("Trusted", process=process) + delivery("A1", to=f"anna@{name}.test", process=process)
        for process, name in enumerate(domains)
    )
    (tmp_path / "mail.log").write_text(log)
    networks = [text for network in lab.allow_network for text in ("--allow-network", network)]
    reached = ["--resolver", lab.resolver, "--smtp-port", str(lab.smtp_port), *networks]
    wish = ["--under", "careful", "--check", "--json", "--ca-file", str(lab.ca_file)]
    assert main(["log", str(tmp_path / "mail.log"), *wish, *reached]) == 0
    rows = json.loads(capsys.readouterr().out)["under"]["cannot_be_told"]
    told = {row["domain"]: row["checked"] for row in rows}
    assert {name: (one["outcome"], one["problems"]) for name, one in told.items()} == {
        "healthy.test": ("delivers", []),
        "expired.test": ("fails", ["certificate-expired"]),
        "first-expired.test": ("delivers-with-warnings", []),
        "no-starttls.test": ("fails", ["starttls-not-supported"]),
    }


def test_what_was_told_before_somebody_stopped_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped(Engine):
        async def run(self) -> int:
            raise KeyboardInterrupt

    monkeypatch.setattr(log_checking, "Making", _world(Servers()))
    monkeypatch.setattr(log_checking, "Engine", Stopped)
    status, told = _told(capsys, tmp_path)
    assert status == 130
    assert told == {
        **dict.fromkeys(("good.example", "both.example", "dead.example")),
        "[192.0.2.1]": {"outcome": "unknown", "problems": []},
    }
