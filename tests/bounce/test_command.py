"""``python -m checker bounce``."""

import io
import json
from pathlib import Path

import pytest

from checker.__main__ import main

CAUSE = "TLS is required, but was not offered by host mx.example.org[192.0.2.1]"
REPORT = f"<anna@example.org>: {CAUSE}"


def test_file_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.eml"
    file.write_text(REPORT)
    assert main(["bounce", str(file), "--json"]) == 0
    (recipient,) = json.loads(capsys.readouterr().out)["recipients"]
    assert recipient["recipient"] == "anna@example.org"
    assert recipient["domain"] == "example.org"
    assert recipient["host"] == "mx.example.org"
    assert recipient["problems"][0]["id"] == "starttls-not-supported"


@pytest.mark.parametrize("arguments", [["bounce"], ["bounce", "-"]])
def test_standard_input_as_lines_of_facts(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(REPORT.encode())))
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        "anna@example.org, mail server mx.example.org: starttls-not-supported",
        f"  * starttls-not-supported  (text={CAUSE})",
    ]


def test_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    given = b'{"text": "certificate has expired"}\nnonsense\n[]\n{"text": 1}\n{"text": ""}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    assert main(["bounce", "--lines"]) == 64
    first, *bad, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["recipients"][0]["problems"][0]["id"] == "certificate-expired"
    assert [list(answer) for answer in bad] == [["error"]] * 3
    assert last == {"recipients": []}


def test_lines_without_a_bad_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "x"}\n')))
    assert main(["bounce", "--lines"]) == 0


def test_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bounce", str(tmp_path / "none")]) == 64
    assert "cannot read" in capsys.readouterr().err


def test_a_delay_is_told_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.eml"
    fields = "Action: delayed\nStatus: 4.7.4\nWill-Retry-Until: 7 Nov 2026 09:00:00 +0000"
    cause = f"Diagnostic-Code: X-Postfix; {CAUSE}"
    file.write_text(f"Final-Recipient: rfc822; anna@example.org\n{fields}\n{cause}\n")
    assert main(["bounce", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "anna@example.org, mail server mx.example.org, delayed, still being retried until"
        " 2026-11-07T09:00:00Z: starttls-not-supported"
    )


def test_of_what_is_too_long_it_says_how_much_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "long.log"
    for more, told in ((0, ""), (1, f"checker: {str(file)!r} is longer than 2000000 bytes: ")):
        file.write_text(f"{REPORT}\n".ljust(2_000_000 + more))
        assert main(["bounce", str(file)]) == 0
        said = capsys.readouterr()
        assert "starttls-not-supported" in said.out
        assert said.err.startswith(told)
        assert bool(said.err) == bool(told)
