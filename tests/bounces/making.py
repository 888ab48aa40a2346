"""Starts a run in a network of its own, brings home what came back, and keeps it as files."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bounces.mails import mails_of
from tests.bounces.normal import normalise
from tests.bounces.senders.sender import Sender
from tests.lab.errors import LabError
from tests.lab.laboratory import RECEIVERS, end
from tests.lab.root import become_root, prepare

FOLDER = Path(__file__).parent
"""Holds a folder of reports for each sender."""

_PATIENCE = 1000
_NAMESPACES = ["unshare", "--net", "--uts", "--pid", "--fork", "--kill-child"]


def make(sender: Sender) -> int:
    """Make all files of a sender anew, and return how many there are."""
    files = made(sender, list(mails_of(sender)))
    folder = FOLDER / sender.name
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, "latin-1", newline="")
    return len(files)


def made(sender: Sender, mails: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Have a sender send mails.

    Args:
        sender: The mail server.
        mails: Pairs of a level and a domain.

    Returns:
        What is to be kept, by the name of the file; the text is of Latin-1. What a sender's
        ordinary level tells, its other levels do not tell again.
    """
    files: dict[str, str] = {}
    # The ordinary level comes first.
    for one in sorted(_run(sender, mails), key=lambda one: sender.levels.index(one["level"])):
        if not one["report"]:
            continue
        defect, level = one["domain"].removesuffix(".test"), one["level"]
        told = (("eml", one["report"]), ("log", "".join(f"{n}\n" for n in one["log"])))
        for suffix, text in told:
            kept = normalise(text, level)
            if kept and kept != files.get(f"{defect}.{suffix}"):
                first = level in {sender.levels[0], "may"}
                files[f"{defect}.{suffix}" if first else f"{defect}.{level}.{suffix}"] = kept
    return files


def _run(sender: Sender, mails: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
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
    answer: list[dict[str, Any]] = json.loads(output)
    return answer
