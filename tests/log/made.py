"""Lines as mail servers write them, and what a log of them says."""

from pathlib import Path

from checker.log.fates import Fates
from checker.log.reading import Log, part_of, read
from checker.operators import Operator, load

HEAD = "Nov  2 09:00:00 mx1 postfix"
SERVER = "mx.example.org[192.0.2.1]:25"
CAREFUL = load("careful")


def delivery(  # noqa: PLR0913 - the fields of a line
    mail: str,
    status: str = "sent",
    text: str = "250 2.0.0 Ok",
    *,
    to: str = "anna@example.org",
    server: str = SERVER,
    process: int = 7,
    head: str = HEAD,
) -> str:
    """Postfix's line about a recipient."""
    dsn = {"sent": "2.0.0", "deferred": "4.7.5", "bounced": "5.1.1"}[status]
    return (
        f"{head}/smtp[{process}]: {mail}: to=<{to}>, relay={server}, delay=0.1, "
        f"delays=0/0/0.1/0, dsn={dsn}, status={status} ({text})\n"
    )


def tls(  # noqa: PLR0913 - the fields of a line
    trust: str = "Trusted",
    version: str = "TLSv1.3",
    *,
    server: str = SERVER,
    process: int = 7,
    program: str = "smtp",
    head: str = HEAD,
) -> str:
    """Postfix's line about TLS."""
    return (
        f"{head}/{program}[{process}]: {trust} TLS connection established to {server}: "
        f"{version} with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n"
    )


def expired(mail: str, head: str = HEAD) -> str:
    """Postfix's line about a mail whose time is up."""
    sender = f"{head}/qmgr[5]: {mail}: from=<billing@sender.example>"
    return f"{sender}, status=expired, returned to sender\n"


def fates_of(text: str) -> Fates:
    """What became of the recipients."""
    fates = Fates()
    fates.add(part_of(text.encode(), sessions=False))
    fates.close()
    return fates


def lost(fates: Fates) -> dict[str, tuple[int, int, int]]:
    """By problem who was returned at once, in the end, and who waits."""
    told: dict[str, tuple[int, int, int]] = {}
    for place, row in fates.rows.items():
        before = told.get(place.problem.id, (0, 0, 0))
        told[place.problem.id] = (
            before[0] + row.bounced,
            before[1] + row.expired,
            before[2] + row.waiting,
        )
    return told


def log_of(folder: Path, text: str | bytes, under: Operator = CAREFUL, **given: int) -> Log:
    """A log in a file, and what it says."""
    file = folder / "mail.log"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read([str(file)], under, processes=given.pop("processes", 1), **given)


def judged(log: Log) -> dict[tuple[bool, str], int]:
    """Deliveries that went through and would not, or of which it cannot be told."""
    assert log.sessions is not None
    told: dict[tuple[bool, str], int] = {}
    for place, row in log.sessions.rows.items():
        key = place.judgement.sure, str(place.judgement.why)
        told[key] = told.get(key, 0) + row.deliveries
    return told
