"""The reports that are kept are what the servers write, and tell nothing of the machine."""

import re
import socket
from pathlib import Path

import pytest

from tests.bounces.making import FOLDER, kept, made
from tests.bounces.normal import normalise
from tests.bounces.senders import SENDERS

FOLDERS = [folder for sender in SENDERS.values() for folder in kept(sender)]
FILES = [file for folder in FOLDERS for file in sorted(folder.iterdir())]

# One that each server is quick with: a certificate, DANE, a route, a refusal.
MAILS = (
    ("verify", "expired.test"),
    ("dane", "dane-mismatch.test"),
    ("verify", "null-mx.test"),
    ("verify", "unknown-user.test"),
)


@pytest.mark.programs
@pytest.mark.parametrize("name", ["postfix", "exim"])
def test_a_report_made_anew_is_the_one_that_is_kept_of_this_version(name: str) -> None:
    new = made(SENDERS[name], MAILS)
    folder = FOLDER / name / new.version
    assert folder in kept(SENDERS[name])
    assert new.files == {file: (folder / file).read_text("latin-1") for file in new.files}
    assert {file.partition(".")[0] for file in new.files} == {
        domain.removesuffix(".test") for _, domain in MAILS
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "-".join(folder.parts[-2:]))
def test_what_is_kept_stays_as_it_is_when_it_is_made_stable_again(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        text = file.read_bytes().decode("latin-1")
        assert normalise(text, "verify") == text, file.name


def test_nothing_of_the_machine_is_kept() -> None:
    machine = re.compile(
        rf"127\.25\.|{re.escape(str(Path.home()))}/|{re.escape(str(FOLDER.parent))}"
        rf"|@{re.escape(socket.gethostname())}\b"
    )
    found = {file.name for file in FILES if machine.search(file.read_text("latin-1"))}
    assert found == set()
