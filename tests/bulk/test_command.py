"""``bulk`` as people call it: what it refuses, what it writes, and what it leaves alone."""

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from checker.__main__ import main
from checker.bulk.store import Store
from tests.lab import Lab

LIST = "healthy.test\r\nanna@expired.test\r\nHEALTHY.test\r\nnull-mx.test\r\nno domain\r\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of a few domains of the lab."""
    path = tmp_path / "customers.txt"
    path.write_bytes(b"\xef\xbb\xbf" + LIST.encode())
    return path


def written(path: Path, text: str) -> Path:
    """A file with this text."""
    path.write_text(text)
    return path


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error."""
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "arguments", "said"),
    [
        ("list.txt", "# nobody\n\n", [], "no line names a domain"),
        ("list.txt", "nobody\n", [], "no line names a domain"),
        ("list.csv", "Kunde;Ort\nx;y\n", ["--column", "Domain"], "there are: Kunde, Ort"),
        ("list.csv", "Kunde;Ort\nx;y\n", [], "--column must say"),
        ("list.txt", "a.example", ["--compare", "careful", "careful"], "both senders are called"),
        (
            "list.txt",
            "a.example",
            ["--operator", "careful", "--compare", "careful", "profihost"],
            "exclude each other",
        ),
        ("list.txt", "a.example", ["--operator", "nobody"], "no operator 'nobody'"),
    ],
)
def test_what_makes_no_sense_is_told(  # noqa: PLR0913, PLR0917 - a table
    name: str,
    text: str,
    arguments: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = _status("bulk", str(written(tmp_path / name, text)), *arguments)
    assert (status, said in complaint(capsys)) == (64, True)


def _status(*arguments: str) -> int:
    try:
        return main(arguments)
    except SystemExit as error:
        return int(error.code or 0)


def test_a_list_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bulk", str(tmp_path / "none.txt")]) == 64
    assert "there is no file" in complaint(capsys)


def test_a_state_of_another_version_is_told_and_left_alone(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "out" / "bulk.sqlite"
    state.parent.mkdir()
    Store(state).close()
    database = sqlite3.connect(state)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = state.read_bytes()
    assert main(["bulk", str(listed), "--output", str(state.parent)]) == 78
    assert "version 99" in complaint(capsys)
    assert state.read_bytes() == before


def test_a_run_over_the_lab(listed: Path, lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    networks = [text for network in lab.allow_network for text in ("--allow-network", network)]
    world = ["--resolver", lab.resolver, "--smtp-port", str(lab.smtp_port), *networks]
    authorities = ["--ca-file", str(lab.ca_file)]
    compared = ["--compare", "profihost", "careful"]
    assert main(["bulk", str(listed), *compared, *world, *authorities]) == 0
    folder = listed.parent / "customers-results"
    with (folder / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [
        (row["domain"], row["lines"], row["operator"], row["outcome"], row["problem"])
        for row in rows
    ] == [
        ("healthy.test", "2", "careful", "delivers", "no-problem-found"),
        ("healthy.test", "2", "profihost", "delivers", "no-problem-found"),
        ("expired.test", "1", "careful", "fails", "certificate-expired"),
        ("expired.test", "1", "profihost", "delivers-with-warnings", "certificate-expired"),
        ("null-mx.test", "1", "careful", "fails", "null-mx"),
        ("null-mx.test", "1", "profihost", "fails", "null-mx"),
    ]
    answers = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    assert [(one["domain"], one["operator"]) for one in answers] == [
        (row["domain"], row["operator"]) for row in rows
    ]
    unreadable = (folder / "unreadable.csv").read_text().splitlines()
    assert unreadable == ["line,reason,text", "5,invalid-characters,no domain"]
    assert "3 of 3 domains" in capsys.readouterr().out
