"""How mail went over the wire -> whether it would still go under a sender's policy.

A log tells little of certificates: "Trusted" leaves the name open, and an untrusted server may have
a neighbour that is trusted. What it cannot tell is said to be so, and never guessed.
"""

from enum import StrEnum
from typing import NamedTuple

from checker.log.model import UNTOLD
from checker.operators import Level, Tls, WithoutStarttls
from checker.tls_version import VERSIONS, TlsVersion


class Why(StrEnum):
    """What would keep the mail, or may keep it."""

    IN_CLEAR = "in-clear"
    """It went without TLS."""

    OLD_VERSION = "old-version"
    """The TLS version is older than the policy allows."""

    NEW_VERSION = "new-version"
    """It is newer: whether the server also speaks an older one does not show."""

    CERTIFICATE = "certificate"
    """Whether the certificate would do does not show."""

    NOT_LOGGED = "not-logged"
    """Whether there was TLS at all does not show."""


class Judgement(NamedTuple):
    """What a policy makes of a delivery.

    Attributes:
        sure: The server that took the mail would not get it.
        why: What would keep it, or may.
    """

    sure: bool
    why: Why


PROBLEMS: dict[Why, tuple[str, ...]] = {
    Why.IN_CLEAR: ("starttls-not-supported", "starttls-failed", "tls-handshake-failed"),
    Why.OLD_VERSION: ("tls-version",),
    Why.NEW_VERSION: (),
    Why.CERTIFICATE: (),
    Why.NOT_LOGGED: (),
}
"""Which of ``checker.problems`` it may be, the most likely first."""

_OLDEST = frozenset({"SSLv2", "SSLv3"})
_ORDER = list(TlsVersion)
_ENCRYPTED = frozenset({Level.ENCRYPT, Level.VERIFY, Level.SECURE})
_CHECKED = frozenset({Level.SECURE, Level.DANE, Level.DANE_ONLY})
_IN_CLEAR = {
    WithoutStarttls.REFUSE: Judgement(sure=True, why=Why.IN_CLEAR),
    WithoutStarttls.NOT_STATED: Judgement(sure=False, why=Why.IN_CLEAR),
    WithoutStarttls.SEND_IN_CLEAR: None,
}

NOT_LOGGED = Judgement(sure=False, why=Why.NOT_LOGGED)


def judge(tls: Tls, trust: bytes, version: bytes) -> Judgement | None:
    """What a policy makes of a delivery that went through.

    Args:
        tls: The policy.
        trust: Of ``model.Session``.
        version: Likewise.

    Returns:
        None where it would go through again.
    """
    if trust == UNTOLD:
        return NOT_LOGGED
    in_clear = _IN_CLEAR[tls.without_starttls]
    if not trust:
        return in_clear
    named = version.decode("ascii", "replace")
    spoken = VERSIONS.get(named)
    if named in _OLDEST or (spoken is not None and _older(spoken, tls.minimum)):
        # Where TLS may be left out, the mail would go in clear instead.
        sure = tls.level in _ENCRYPTED or (in_clear is not None and in_clear.sure)
        is_lost = tls.level in _ENCRYPTED or in_clear is not None
        return Judgement(sure, Why.OLD_VERSION) if is_lost else None
    why = None
    if spoken is None or _older(tls.maximum, spoken):
        why = Why.NEW_VERSION
    elif tls.level in _CHECKED or (tls.level is Level.VERIFY and trust != b"Verified"):
        why = Why.CERTIFICATE
    return None if why is None else Judgement(sure=False, why=why)


def _older(one: TlsVersion, other: TlsVersion) -> bool:
    return _ORDER.index(one) < _ORDER.index(other)
