"""A Postfix log as a busy server writes it, made up: the same for the same number of bytes."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

_HOSTS = 3
_PROCESSES = 300
_DOMAINS = 4_000
_FAILING = 0.07
_EXPIRING = 0.004
_SECOND = 0.02
_CIPHER = "with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"
_TLS = " TLS connection "
_REASONS = (
    "host {mx} said: 550 5.1.1 <{to}>: Recipient address rejected: User unknown in mailbox table",
    "host {mx} said: 552 5.2.2 <{to}>: Mailbox full (in reply to RCPT TO command)",
    "host {mx} said: 450 4.2.0 <{to}>: Greylisted, see http://postgrey.example/help/{n}.html",
    "Server certificate not verified",
    "TLS is required, but was not offered by host {mx}",
    "connect to {mx}:25: Connection timed out",
    "host {mx} refused to talk to me: 421 4.7.0 try again later, id {n}",
)
_WORDS = ("Trusted",) * 6 + ("Untrusted", "Anonymous", "Verified")


def write(file: BinaryIO, size: int, seed: int = 1, *, tells_tls: bool = True) -> None:
    """Write a log of about so many bytes: 7 % of the deliveries fail, some mail expires at last.

    Args:
        file: Takes it.
        size: In bytes.
        seed: Another one makes another log.
        tells_tls: Whether there are lines of TLS, as with ``smtp_tls_loglevel = 1``.
    """
    written = 0
    for lines in _mails(random.Random(seed)):  # noqa: S311 - nothing is kept secret
        data = "".join(line for line in lines if tells_tls or _TLS not in line).encode()
        file.write(data)
        written += len(data)
        if written >= size:
            return


def _mails(chance: random.Random) -> Iterator[list[str]]:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    number = 0
    while True:
        number += 1
        moment += timedelta(seconds=_SECOND * chance.random())
        stamp = moment.strftime("%b %e %H:%M:%S")
        yield list(_mail(chance, f"{stamp} mx{number % _HOSTS} postfix", number))


def _mail(chance: random.Random, head: str, number: int) -> Iterator[str]:
    queue_id = f"4{number:09X}z9q"
    pid = chance.randrange(_PROCESSES) + 10_000
    which = int(chance.paretovariate(0.7)) % _DOMAINS
    domain = f"customer{which}.example"
    mx = f"mx{which % 3}.provider{which % 97}.example[192.0.2.{which % 250}]"
    client = f"app{number % 40}.sender.example[198.51.100.{number % 200}]"
    yield f"{head}/smtpd[{pid + 900}]: connect from {client}\n"
    yield f"{head}/smtpd[{pid + 900}]: {queue_id}: client={client}\n"
    yield f"{head}/cleanup[{pid + 1800}]: {queue_id}: message-id=<{number}.{pid}@sender.example>\n"
    yield f"{head}/smtpd[{pid + 900}]: disconnect from {client} ehlo=1 mail=1 rcpt=1 quit=1\n"
    recipients = 1 + (chance.random() < 0.1)  # noqa: PLR2004 - a tenth has two
    sender = f"{head}/qmgr[77]: {queue_id}: from=<billing@sender.example>"
    yield f"{sender}, size={chance.randrange(900, 90_000)}, nrcpt={recipients} (queue active)\n"
    fails = chance.random() < _FAILING
    reason = chance.choice(_REASONS) if fails else ""
    to_server = f"to {mx}:25: TLSv1.3 {_CIPHER}"
    if not fails and which % 50:
        word = _WORDS[which % len(_WORDS)]
        old = which % 71 == 0
        version = to_server.replace("TLSv1.3", "TLSv1") if old else to_server
        again = "reused" if number % 9 == 0 else "established"
        yield f"{head}/smtp[{pid}]: {word} TLS connection {again} {version}\n"
    if reason.startswith("Server certificate"):
        cause = "num=62:hostname mismatch" if which % 2 else "certificate has expired"
        yield f"{head}/smtp[{pid}]: server certificate verification failed for {mx}:25: {cause}\n"
    for recipient in range(recipients):
        to = f"customer{number % 5000}+{recipient}@{domain}"
        timing = f"delay={chance.random() * 9:.2g}, delays=0.05/0.01/0.3/0.2"
        used = "conn_use=2, " if number % 9 == 0 else ""
        start = f"{head}/smtp[{pid}]: {queue_id}: to=<{to}>, relay={mx}:25, {used}{timing}, "
        if not fails:
            yield f"{start}dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {number:010X})\n"
            continue
        text = reason.format(mx=mx, to=to, n=number)
        permanent = "said: 55" in text
        status = "dsn=5.0.0, status=bounced" if permanent else "dsn=4.7.5, status=deferred"
        yield f"{start}{status} ({text})\n"
        if not permanent and number % 3:
            yield f"{start}dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {number:010X})\n"
    if fails and not permanent and not number % 3:
        if chance.random() > _EXPIRING:
            return
        yield f"{sender}, status=expired, returned to sender\n"
    yield f"{head}/qmgr[77]: {queue_id}: removed\n"
