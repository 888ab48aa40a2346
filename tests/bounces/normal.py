"""Takes out of a report what differs from run to run, and leaves every word of it as it is.

Dates, identifiers and process numbers become fixed ones, the lab's loopback addresses become
addresses for documentation (RFC 5737), and the sender that stands for a level becomes one name.
"""

import re

from tests.bounces.servers import SENDER_DOMAIN

# What the first group of a pattern finds is replaced wherever it stands. A kind of identifiers has
# one template, so that each has a number of its own.
_IDENTIFIERS = {
    # Postfix
    "4d0Kc{:x}0000zMD": (
        r"^\tid (\w{13,16}); ",
        r"^X-Postfix-Queue-ID: (\w+)",
        r"^.* [a-z-]+/smtp\[\d+\]: (4\w{12,15}): ",
    ),
    "{:d}762074000": (r"boundary=\"\w+\.(\d{10})/",),
    # Exim
    "E1vFoR{:x}-00000A-1x": (r"^Message-Id: <(E\w{6}-\w{6}(?:\w{5})?-\w\w(?:\w\w)?)@",),
    "1vFoR{:x}-00000A-1x": (r"\b(\w{6}-\w{6}(?:\w{5})?-\w\w(?:\w\w)?)\b",),
    "{:d}762074000-eximdsn-1234567890": (r"boundary=(\d+-eximdsn-\d+)",),
    # Sendmail
    "6A2900AB{:06d}": (r"\bid (\w{14})(?:;|\n)", r" sendmail\[\d+\]: (\w{14}): "),
    "20261102090{:d}": (r"^Message-Id: <(\d{12})\.\w{14}@",),
    # OpenSMTPD
    "{:x}b2c3d4f": (r" id ([0-9a-f]{8})\n",),
    "{:x}b2c3d4e5f607182": (r"^Message-ID: <([0-9a-f]{16})@", r" smtpd\[\d+\]: ([0-9a-f]{16}) "),
    "{:x}f607182b2c3d4e5": (r" evpid=([0-9a-f]{16}) ",),
    "{:d}234567890123456789": (r"boundary=\"(\d{16,20})/",),
}
_TIMES = (
    (re.compile(r"\b\w{3}, +\d{1,2} \w{3} 20\d\d \d\d:\d\d:\d\d"), "Mon, 2 Nov 2026 09:00:00"),
    (re.compile(r"^\w{3} [ \d]\d \d\d:\d\d:\d\d ", re.MULTILINE), "Nov  2 09:00:00 "),
    (re.compile(r"^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d ", re.MULTILINE), "2026-11-02 09:00:00 "),
    (re.compile(r" mail ([\w/-]+)\[\d+\]: "), r" mail \1[1234]: "),
    (re.compile(r"\bdelay=[\d.]+, delays=[\d./]+"), "delay=0.1, delays=0/0/0.1/0"),
    (re.compile(r"delay=\d\d:\d\d:\d\d"), "delay=00:00:01"),
    (re.compile(r" delay=[\dms]+ "), " delay=1s "),
)
_DIGITS = re.compile(r"\b[0-9A-F]{20,}(?:\.{3}[0-9A-F]+)?(?!\w)")
"""Of a key or a certificate."""
_LAB_ADDRESS = re.compile(r"\b127\.25\.\d{1,3}\.\d{1,3}\b")
_SAME_FOR_ALL = "0000000000000000"


def normalise(text: str, level: str) -> str:
    """Make a report or the lines of a log stable.

    Args:
        text: As the server wrote it.
        level: That it was written at, which the sender's address and Postfix's log name.
    """
    text = re.sub(r"\r+\n", "\n", text).replace(
        f"{level}@{SENDER_DOMAIN}", f"billing@{SENDER_DOMAIN}"
    )
    for pattern, time in _TIMES:
        text = pattern.sub(time, text)
    for template, patterns in _IDENTIFIERS.items():
        found = [name for p in patterns for name in re.findall(p, text, re.MULTILINE)]
        names = [name for name in dict.fromkeys(found) if name != _SAME_FOR_ALL]
        for number, name in enumerate(names, 1):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", template.format(number), text)
    text = text.replace(f" {level}/smtp[", " postfix/smtp[")
    for setting in ("R", "T"):
        text = text.replace(f" {setting}={level} ", f" {setting}=remote_smtp ")
    text = _DIGITS.sub("0123456789ABCDEF0123", text)
    addresses = dict.fromkeys(_LAB_ADDRESS.findall(text))
    documented = {address: f"198.51.100.{number}" for number, address in enumerate(addresses, 1)}
    return _LAB_ADDRESS.sub(lambda found: documented[found[0]], text)
