"""Folders and mailboxes of TLS reports: by domain, mail server and result, each report once."""

import gzip
from pathlib import Path

from checker.log.tls_reports import read, to_json
from tests.bounce.tls_reports import MISMATCH, failed, mail_with, policy_on, report_of

EXPIRED = report_of(
    policy_on("example.org", failed("certificate-expired", 2, "mx2.example.org")),
    policy_on("example.net"),
)
ROWS = [
    ("example.org", "mx1.example.org", "certificate-host-mismatch", 3),
    ("example.org", "mx2.example.org", "certificate-expired", 2),
    ("example.net", None, "no-problem-found", 10),
]


def _rows(names: list[Path]) -> tuple[list[tuple[object, ...]], tuple[int, int, int]]:
    reports = read([str(name) for name in names])
    keys = ("domain", "server", "problem", "sessions")
    told = [tuple(row[key] for key in keys) for row in to_json(reports)]
    return told, (reports.read, reports.repeated, reports.others)


def test_a_folder_of_files_of_all_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(MISMATCH)
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(EXPIRED.encode()))
    mail = mail_with(gzip.compress(MISMATCH.encode()), "application/tlsrpt+gzip")
    (tmp_path / "again.eml").write_text(mail)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b" " * 20_000_000))
    (tmp_path / "no.json").write_bytes(b'{"policies": [\xff')
    assert _rows([tmp_path]) == (ROWS, (2, 1, 2))


def test_mailboxes(tmp_path: Path) -> None:
    mails = [
        mail_with(gzip.compress(text.encode()), "application/tlsrpt+gzip").replace("\r\n", "\n")
        for text in (MISMATCH, EXPIRED)
    ]
    mbox = tmp_path / "mbox"
    mbox.write_text("".join(f"From a@b Mon Nov  2 09:00:00 2026\n{mail}\n" for mail in mails))
    assert _rows([mbox]) == (ROWS, (2, 0, 0))
    for name in ("cur", "new", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
        (tmp_path / "box" / name / "1").write_text(mails[name == "new"])
    assert _rows([tmp_path / "box"]) == (ROWS, (2, 0, 0))
