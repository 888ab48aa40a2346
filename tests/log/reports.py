"""A log that has something of everything, and the report that the command writes of it."""

from collections.abc import Mapping
from pathlib import Path

from checker.__main__ import main
from tests.bounce.tls_reports import MISMATCH
from tests.log.made import HEAD, delivery, expired, tls

SITE = "https://site.example/"
HOSTILE = "<script>alert(1)</script>\"'"
LOG = (
    delivery("A1", "deferred", "TLS is required, but was not offered by host mx.example.org")
    + delivery(
        "A1",
        "deferred",
        "TLS is required, but was not offered by host mx.example.org",
        to="ben@example.net",
    )
    + expired("A1", HEAD.replace(" 2 ", " 4 "))
    + delivery("B2", "bounced", f"550 5.1.1 unknown user {HOSTILE}", to="carla@example.com")
    + tls("Trusted", process=8)
    + delivery("C3", process=8, to="dora@example.com")
    + delivery("D4", process=9, to="emil@example.com")
)


def written(folder: Path) -> Mapping[str, str]:
    """What the command writes into a folder ``out``, by the name of the file."""
    (folder / "mail.log").write_text(LOG)
    (folder / "report.json").write_text(MISMATCH)
    files = [str(folder / "mail.log"), "--tls-reports", str(folder / "report.json")]
    wish = ["--under", "careful", "--output", str(folder / "out"), "--site", SITE]
    assert main(["log", *files, *wish, "--anonymise"]) == 0
    return {file.name: file.read_text(encoding="utf-8") for file in (folder / "out").iterdir()}
