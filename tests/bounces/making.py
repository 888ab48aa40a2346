"""Starts a run in a network of its own, brings home what came back, and keeps it as files."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bounces.mails import mails_of
from tests.bounces.normal import normalise
from tests.bounces.senders.sender import Sender
from tests.lab.errors import LabError
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.root import become_root, prepare

FOLDER = Path(__file__).parent
"""Holds a folder for each sender, and in it a folder of reports for each version of it."""

_PATIENCE = 1000
_NAMESPACES = ["unshare", "--net", "--uts", "--pid", "--fork", "--kill-child"]


@dataclass(frozen=True, slots=True)
class Made:
    """What came back, to be kept.

    Attributes:
        version: Of the mail server that ran.
        files: The text of each, of Latin-1, by its name.
    """

    version: str
    files: Mapping[str, str]


def kept(sender: Sender) -> list[Path]:
    """The folders of reports of a sender, one for each of its versions, the oldest first."""
    folders = (FOLDER / sender.name).iterdir()
    return sorted(folders, key=lambda folder: [int(part) for part in folder.name.split(".")])


def make(sender: Sender) -> Made:
    """Make all files anew, of the version of a sender that this machine's Debian has."""
    new = made(sender, list(mails_of(sender)))
    folder = FOLDER / sender.name / new.version
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in new.files:
            old.unlink()
    for name, text in new.files.items():
        (folder / name).write_text(text, "latin-1", newline="")
    return new


def made(sender: Sender, mails: Sequence[tuple[str, str]]) -> Made:
    """Have a sender send mails.

    Args:
        sender: The mail server.
        mails: Pairs of a level and a domain.

    Returns:
        What is to be kept. What a sender's ordinary level tells, its other levels do not tell
        again.
    """
    run = _run(sender, mails)
    files: dict[str, str] = {}
    # The ordinary level comes first.
    for one in sorted(run["mails"], key=lambda one: sender.levels.index(one["level"])):
        if not one["report"]:
            continue
        defect, level = one["domain"].removesuffix(".test"), one["level"]
        told = (("eml", one["report"]), ("log", "".join(f"{n}\n" for n in one["log"])))
        for suffix, text in told:
            stable = normalise(text, level)
            if stable and stable != files.get(f"{defect}.{suffix}"):
                first = level in {sender.levels[0], "may"}
                files[f"{defect}.{suffix}" if first else f"{defect}.{level}.{suffix}"] = stable
    return Made(run["version"], files)


def _run(sender: Sender, mails: Sequence[tuple[str, str]]) -> dict[str, Any]:
    # In the network of the run there is nobody to fetch packages from.
    for root in (RECEIVERS, sender.root):
        prepare(root)
    python = [sys.executable, "-B", "-m", "tests.oracle.network", "tests.bounces.run"]
    process = subprocess.Popen(  # noqa: S603 - a module of our own
        [*become_root(), *_NAMESPACES, *python],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        request = {"sender": sender.name, "mails": mails}
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        output = process.stdout.read()
        process.wait(timeout=_PATIENCE)
    finally:
        end(process)
        process.stdout.close()
    if process.returncode:
        raise LabError("the run failed")
    answer: dict[str, Any] = json.loads(output)
    return answer
