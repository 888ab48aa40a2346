"""Reports of TLS sessions by a real reporter, which is told of sessions as by a mail server."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.wheel import unpacked

_WANTED = Path(__file__).with_suffix(".txt")
_CACHE = Path(__file__).parents[2] / ".cache" / "tlsrpt"
_PATIENCE = 60.0

CONTACT = "tls-reports@reporter.test"

# Its numbers for the results of RFC 8460.
STARTTLS_NOT_SUPPORTED, HOST_MISMATCH, NOT_TRUSTED, EXPIRED, VALIDATION_FAILURE = range(201, 206)
POLICY_FETCH_ERROR, POLICY_INVALID, WEBPKI_INVALID, TLSA_INVALID = range(301, 305)

# And for the types of policies.
TLSA, STS, NO_POLICY = 1, 2, 9


def failure(result: int, host: str, reason: str = "") -> Mapping[str, object]:
    """What went wrong in a session, under the reporter's short names."""
    return {"c": result, "n": host, "r": "192.0.2.7", "s": "192.0.2.9", "f": reason}


def session(
    domain: str, policies: Mapping[str, int], *failures: Mapping[str, object], mx: str | None = None
) -> bytes:
    """What a mail server tells of one session; the first policy is the one that it failed at.

    Args:
        domain: Of the recipient.
        policies: The type of each by its domain.
        failures: Each by ``failure``.
        mx: What an MTA-STS policy lists.
    """
    listed = {} if mx is None else {"mx-host": [mx]}
    told: list[dict[str, object]] = [
        {"policy-type": type_, "policy-domain": name, **listed, "f": 0, "t": 0}
        for name, type_ in policies.items()
    ]
    if failures:
        told[0] |= {"f": 1, "t": len(failures), "failure-details": failures}
    record = f"v=TLSRPTv1;rua=mailto:reports@{domain}"
    return json.dumps({"dpv": "1", "d": domain, "pr": record, "policies": told}).encode()


def mails(sessions: Sequence[bytes], folder: Path) -> dict[str, bytes]:
    """The mails that the reporter sends about a day with these sessions, by recipients' domain.

    Args:
        sessions: What it is told.
        folder: An empty one, for its files.
    """
    with collecting(folder) as day:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.connect(str(day.listening))
            for one in sessions:
                channel.send(one)
        _wait_for(lambda: day.collected() == sum(map(_policies, sessions)))
        return day.mails({json.loads(one)["d"] for one in sessions})


@contextmanager
def collecting(folder: Path) -> Iterator["Day"]:
    """A day on which the reporter is told of sessions.

    Args:
        folder: An empty one, for its files.
    """
    day = Day(folder)
    collectd = _command("collectd", folder, storage=day.storage, max_uncommited_datagrams=1)
    with _running([*collectd, f"--socketname={day.listening}"]) as collector:
        _wait_for(day.listening.exists)
        day.collector = collector
        yield day


class Day:
    """What the reporter was told.

    Attributes:
        listening: The socket at which it listens.
        collector: The process.
    """

    collector: "subprocess.Popen[bytes]"

    def __init__(self, folder: Path) -> None:
        """Take a folder for its files."""
        self._folder = folder
        self._database = folder / "collectd.sqlite"
        self.storage = f"sqlite://{self._database}"
        self.listening = folder / "socket"

    def collected(self) -> int:
        """How many policies it was told the use of."""
        return _collected(self._database)

    def mails(self, domains: Collection[str]) -> dict[str, bytes]:
        """End the day; the mails that are sent about it, by recipients' domain.

        Args:
            domains: Those of which it was told.
        """
        folder, sent = self._folder, self._folder / "sent"
        sent.mkdir()
        before = _inode(self._database)
        # Its own way to end a day early.
        self.collector.send_signal(signal.SIGUSR2)
        _wait_for(lambda: _inode(self._database) not in {None, before})
        reportd = _command(
            "reportd",
            folder,
            dbname=folder / "reportd.sqlite",
            # It parts this at each blank, of which the path to our Python may have some.
            fetchers=" ".join(["python", *_command("fetcher", folder, storage=self.storage)[1:]]),
            organization_name="Reporter",
            contact_info=CONTACT,
            sender_address=CONTACT,
            sendmail_script=f"cat > {sent}/$$ && mv {sent}/$$ {sent}/$$.eml",
            spread_out_delivery=1,
            interval_main_loop=1,
        )
        with _running(reportd):
            _wait_for(lambda: len([*sent.glob("*.eml")]) == len(domains))
        written = [file.read_bytes() for file in sent.glob("*.eml")]
        return {domain: next(m for m in written if _is_about(m, domain)) for domain in domains}


def _inode(database: Path) -> int | None:
    """Which file has the name now; none while the collector puts another one there."""
    try:
        return database.stat().st_ino
    except FileNotFoundError:
        return None


def _is_about(mail: bytes, domain: str) -> bool:
    return f"TLS-Report-Domain: {domain}\r\n".encode() in mail


def _policies(one: bytes) -> int:
    return len(json.loads(one)["policies"])


def _collected(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            (total,) = connection.execute("SELECT sum(cntrtotal) FROM finalresults").fetchone()
    except sqlite3.OperationalError:  # not made yet
        return 0
    return int(total or 0)


def _command(name: str, folder: Path, **options: object) -> list[str]:
    given = [f"--{option}={value}" for option, value in options.items()]
    module = f"tlsrpt_reporter.tlsrpt_{name}"
    return [sys.executable, "-m", module, f"--logfilename={folder}/{name}.log", *given]


@contextmanager
def _running(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    paths = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": paths, "PYTHONPATH": str(unpacked(_WANTED, _CACHE))}
    # It prints what it does to its database, too.
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet) as process:  # noqa: S603 - its own
        try:
            yield process
        finally:
            process.terminate()


def _wait_for(is_there: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_there():
        assert time.monotonic() < end
        time.sleep(0.05)
