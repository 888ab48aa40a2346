"""What the Postfix that took the mail says of it."""

import re
from collections import Counter

_SESSION = re.compile(
    r"/smtpd\[(?P<process>\d+)\]: (?:(?P<mail>\w+): client=|(?P<end>disconnect) .*)"
)
_TAKEN = re.compile(r"/discard\[\d+\]: (?P<mail>\w+): to=<[^@]+@(?P<domain>[^>]+)>, .*status=sent")


def taken(receiver: str) -> Counter[tuple[str, bool]]:
    """Recipients whose mail was taken, by domain and whether the session was encrypted."""
    mails: dict[str, list[str]] = {}
    encrypted: dict[str, bool] = {}
    for session in _SESSION.finditer(receiver):
        if session["mail"]:
            mails.setdefault(session["process"], []).append(session["mail"])
        for mail in mails.pop(session["process"], []) if session["end"] else ():
            encrypted[mail] = re.search(r" starttls=1(?!/)", session[0]) is not None
    return Counter((one["domain"], encrypted[one["mail"]]) for one in _TAKEN.finditer(receiver))
