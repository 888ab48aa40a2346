"""``python -m checker log``."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from checker.__main__ import main
from tests.bounce.tls_reports import MISMATCH
from tests.log.made import HEAD, delivery, tls

LOG = (
    delivery("A1", "deferred", "TLS is required, but was not offered by host mx.example.org")
    + delivery(
        "B2", to='"ann a"@example.net', server="none", status="bounced", text="unknown user ann"
    )
    + delivery("C3", to="\x1b[31m@example.com")
    + tls("Trusted", process=8)
    + delivery("D4", to="carla.m@example.com", process=8, text="250 ok, carla.m <carla.m@b.test>")
)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["log", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401
    status, out, _ = _run(capsys, *arguments, "--json")
    assert status == 0
    return json.loads(out)


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> str:
    (tmp_path / "mail.log").write_text(LOG)
    return str(tmp_path / "mail.log")


def test_by_problem_domain_server_and_day(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(capsys, log)
    people = {"delivered": 2, "delivered_late": 0, "bounced": 1, "expired": 0, "waiting": 1}
    assert told["recipients"] == people
    assert told["problems"] == [
        {"problem": "not-tls", "kind": "unknown-user", "bounced": 1, "expired": 0, "waiting": 0},
        {"problem": "starttls-not-supported", "bounced": 0, "expired": 0, "waiting": 1},
    ]
    assert [(row["domain"], row["server"]) for row in told["domains"]] == [
        ("example.net", ""),
        ("example.org", "mx.example.org"),
    ]
    assert told["domains"][1]["line"] == LOG.splitlines()[0]
    assert {row["day"][4:] for row in told["days"]} == {"-11-02"}
    assert "under" not in told


def test_what_a_policy_would_lose(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    under = _json(capsys, log, "--under", "careful")["under"]
    (sure,), (open_,) = under["for_sure"], under["cannot_be_told"]
    assert (sure["domain"], sure["why"], sure["deliveries"]) == ("example.com", "in-clear", 1)
    assert (open_["domain"], open_["why"], open_["problems"]) == ("example.com", "certificate", [])
    assert "\x1b" not in sure["line"]


def test_addresses_can_be_left_out(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, log, "--under", "careful", "--anonymise")
    assert status == 0
    assert not [name for name in ("anna", "ann a", "carla", "31m@") if name in out]
    assert "to=<x@example.com>" in out


def test_a_log_without_tls_says_so_once_on_top(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(delivery("A1").encode())))
    status, out, _ = _run(capsys, "-", "--under", "careful")
    assert status == 0
    assert out.splitlines()[0].endswith("set smtp_tls_loglevel = 1")
    assert out.count("smtp_tls_loglevel") == 1


def test_tls_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.json").write_text(MISMATCH)
    told = _json(capsys, "--tls-reports", str(tmp_path))
    (row,) = told["tls_reports"]
    assert (row["domain"], row["sessions"]) == ("example.org", 3)


@pytest.mark.parametrize(
    ("arguments", "expected", "message"),
    [
        ([], 64, "name a file"),
        (["LOG", "--check"], 64, "--check is for --under"),
        (["LOG", "--language", "de"], 64, "are for --output"),
        (["LOG", "--output", "x", "--site", "x"], 64, "--site 'x' must begin with"),
        (["LOG", "--under", "nobody"], 64, "no operator"),
        (["LOG", "--under", "none.toml"], 78, "none.toml"),
        (["nothing.log"], 66, "No such file"),
        (["--tls-reports", "nothing"], 66, "No such file"),
        (["LOG", "LOG"], 0, "named twice"),
        (["TORN"], 65, "ends early"),
        (["/dev/null"], 0, ""),
    ],
)
def test_what_is_wrong_is_said(  # noqa: PLR0913, PLR0917 - what is given, and pytest's fixtures
    arguments: list[str],
    expected: int,
    message: str,
    log: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8b\x08\x00")
    named = {"LOG": log, "TORN": str(tmp_path / "torn.gz")}
    try:
        status = main(["log", *(named.get(one, one) for one in arguments)])
    except SystemExit as error:
        status = int(str(error.code))
    assert status == expected
    assert message in capsys.readouterr().err


def test_what_cannot_be_written_as_a_page_is_printed_all_the_same(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = _run(capsys, log, "--output", log)
    assert status == 74
    assert "cannot write to" in err
    assert "delivered 2" in out


def test_what_is_no_log_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_bytes(bytes(range(256)) * 100 + HEAD.encode())
    status, _, err = _run(capsys, str(tmp_path / "x"))
    assert status == 0
    assert "no line of Postfix or Exim" in err
