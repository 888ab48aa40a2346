"""What a log gives as a reason -> the problem that ``checker.bounce`` reads from it.

Reasons differ in the names and numbers that they hold and not in what they say. So these are
replaced first, and each wording is read once.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from checker import bounce
from checker.bounce.rules import without_names
from checker.log.model import Attempt

_MAXIMUM_KNOWN = 20_000
_DIGEST = 16
_ANNA = "anna@example.org"
_ADDRESS_OF_ALL = _ANNA.encode()
_ADDRESS = re.compile(r"[^\s<>\"(),:;=@]+@[\w.-]*\w")
_HOST = re.compile(r"[\w.-]+(?=\[[\da-fA-F.:]+\])")
_IP = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)"
    r"|(?<=\[)[\da-fA-F]*:[\da-fA-F:.]+(?=\])"
)
_IDENTIFIER = re.compile(
    r"(?<![\w.+=/@-])(?<!error:)(?=(?:[A-Za-z_.+=/-]{0,40}\d){4})[\w.+=/-]{8,}"
)
_WHOLE_NUMBER = re.compile(rb"(?<!\w)\d{4,}(?!\w)")
_NUMBER = re.compile(r"(?<!\w)\d{4,}")
# Which address it is matters where it stands for the server itself or its network.
_OWN = re.compile(
    r"(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.|::|f(?:e80|[cd]\w\w):",
    re.IGNORECASE,
)
_CONNECTED = re.compile(rb"connect to (\S+?)\[")


class Named(NamedTuple):
    """A problem of ``checker.problems``, and what it is about where it is not TLS."""

    id: str
    kind: str | None


class Reasons:
    """Reads reasons, each wording once."""

    def __init__(self) -> None:
        """Know none."""
        self._wordings: dict[bytes, Named] = {}
        self._texts: dict[bytes, Named] = {}

    def named(self, attempt: Attempt, details: bytes = b"") -> Named:
        """The problem.

        Args:
            attempt: That failed.
            details: Lines about the same server's TLS.
        """
        text = attempt.reason
        # Most differ in these alone, and those that are as quickly replaced as found need no more.
        if attempt.address:
            text = text.replace(attempt.address, _ADDRESS_OF_ALL)
        if attempt.peer:
            text = text.replace(attempt.peer.partition(b"]")[0], _server_of_all(attempt.peer))
        text = _WHOLE_NUMBER.sub(b"0000", text + b"\n" + details)
        digest = _digest(text)
        known = self._texts.get(digest)
        if known is None:
            known = self._worded(_levelled(text, attempt.address))
            _keep(self._texts, digest, known)
        return known

    def _worded(self, wording: str) -> Named:
        digest = _digest(wording.encode())
        known = self._wordings.get(digest)
        if known is None:
            known = _read(wording)
            _keep(self._wordings, digest, known)
        return known


def _digest(text: bytes) -> bytes:
    """What stands for a text, which may be long."""
    return blake2b(text, digest_size=_DIGEST).digest()


def _keep(known: dict[bytes, Named], key: bytes, named: Named) -> None:
    if len(known) >= _MAXIMUM_KNOWN:
        known.clear()
    known[key] = named


@lru_cache(maxsize=10_000)
def _server_of_all(peer: bytes) -> bytes:
    """What stands for a server's name and address, as ``_levelled`` would write it."""
    return _levelled(peer, b"").encode().partition(b"]")[0]


def server(peer: bytes, reason: bytes) -> str:
    """The mail server's name, in lower case; empty where none is named."""
    if not peer and (found := _CONNECTED.search(reason)):
        peer = found[1]
    return peer.partition(b"[")[0].decode("ascii", "replace").lower().rstrip(".")


def _read(wording: str) -> Named:
    reports = bounce.read(wording)
    if not reports:
        return Named("cause-not-stated", None)
    problem = reports[0].problems[0]
    return Named(problem.id, problem.kind and str(problem.kind))


def _levelled(reason: bytes, address: bytes) -> str:
    text = reason.decode("utf-8", "replace")
    domain = address.decode("utf-8", "replace").rpartition("@")[2]
    if text.count("@") > text.count(_ANNA):
        text = _ADDRESS.sub(_ANNA, text)
    if domain and domain in text:
        text = text.replace(domain, "example.org")
    text = _HOST.sub(_host, text)
    text = _IP.sub(_ip, text)
    text = _IDENTIFIER.sub("0000", text)
    return _NUMBER.sub("0000", text)


def _host(found: re.Match[str]) -> str:
    """Hosts for one purpose alone tell something by their name (``without_names``)."""
    return found[0] if without_names(found[0]) == found[0] else "mx.example.org"


def _ip(found: re.Match[str]) -> str:
    if _OWN.match(found[0]):
        return found[0]
    return "2001:db8::1" if ":" in found[0] else "192.0.2.1"
