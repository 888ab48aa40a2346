"""What a real Postfix's sessions become in a real reporter's mails is what the log told of them."""

import mailbox
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from checker.log.tls_reports import read, to_json
from tests.log.real import SENDER
from tests.log.real_tls_reports import DOMAINS, ROUNDS
from tests.oracle.launch import launch

pytestmark = [pytest.mark.programs, pytest.mark.repeats]

_PATIENCE = 300
_SESSION = re.compile(r" TLSRPT: status=(\w+), domain=([^,]+), receiving_mx=([^\[]+)\[")
_PROBLEMS = {
    "expired.test": "certificate-expired",
    "self-signed.test": "certificate-self-signed",
    "wrong-name.test": "certificate-host-mismatch",
    "no-starttls.test": "starttls-not-supported",
    # The reporter is told of a failed handshake alone.
    "tls-1-0-only.test": "tls-handshake-failed",
    "healthy.test": "no-problem-found",
}


@pytest.fixture(name="found", scope="module")
def _found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    folder = tmp_path_factory.mktemp("reports")
    found, _ = launch(folder, [SENDER.root], "tests.log.real_tls_reports", seconds=_PATIENCE)
    return dict(found)


def _folder(path: Path, mails: Mapping[str, bytes]) -> None:
    path.mkdir()
    for domain, mail in mails.items():
        (path / f"{domain}.eml").write_bytes(mail)


def _into(box: mailbox.Mailbox[Any], mails: Mapping[str, bytes]) -> None:
    for mail in mails.values():
        box.add(mail)
    box.close()


@pytest.mark.parametrize(
    "keep",
    [
        pytest.param(_folder, id="folder"),
        pytest.param(lambda path, mails: _into(mailbox.mbox(path), mails), id="mbox"),
        pytest.param(lambda path, mails: _into(mailbox.Maildir(path), mails), id="maildir"),
    ],
)
def test_each_session_once(
    found: Mapping[str, Any],
    tmp_path: Path,
    keep: Callable[[Path, Mapping[str, bytes]], None],
) -> None:
    mails = {domain: mail.encode("latin-1") for domain, mail in found["mails"].items()}
    keep(tmp_path / "kept", mails)
    reports = read([str(tmp_path / "kept")])
    assert (reports.read, reports.repeated, reports.others) == (len(DOMAINS), 0, 0)
    told = {
        row["domain"]: (row["server"], row["problem"], row["sessions"]) for row in to_json(reports)
    }
    sessions = Counter(_SESSION.findall(found["sender"]))
    assert sessions.total() == ROUNDS * len(DOMAINS)
    assert told == {
        # Of those that succeed a report does not say at which server.
        domain: (server if status == "failure" else None, _PROBLEMS[domain], number)
        for (status, domain, server), number in sessions.items()
    }
