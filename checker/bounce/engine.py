"""Texts about one recipient -> problems, by the table of rules."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from checker.bounce.asides import OMITTED
from checker.bounce.model import Kind, Phase, Piece, Problem
from checker.bounce.patterns import Pattern
from checker.bounce.rules import TABLE, Rule, Strength, comparable, without_names
from checker.bounce.slips import without_slips
from checker.text import printable

MAXIMUM_PIECE = 60_000
"""Characters of one text that the rules look at."""

_MAXIMUM_FURTHER = 4
_BEFORE, _AFTER = 60, 160
_MAXIMUM_CODES = 4_000
_MAXIMUM_MENDED = 4_000

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:#-])([45]\d\d)(?=[ -])(?! ?x )")
# Two blanks part what no wrapping can have broken.
_SENTENCE_ENDS = re.compile(
    r" {2}|[.!?\N{HORIZONTAL ELLIPSIS}][\"')\]]{0,2} (?=[^\Wa-z\d_]|[245]\d\d[ -]|[\"'(<*])"
)

_CERTIFICATE_CAUSES = frozenset(
    {
        "certificate-expired",
        "certificate-not-yet-valid",
        "certificate-host-mismatch",
        "certificate-not-trusted",
        "certificate-self-signed",
        "certificate-chain-incomplete",
        "tlsa-invalid",
        "sts-webpki-invalid",
    }
)
_UNVERIFIED = {"certificate-not-verified", "certificate-invalid"}
_HANDSHAKE_CAUSES = _CERTIFICATE_CAUSES | {
    "certificate-not-verified",
    "tls-version",
    "tls-cipher",
    "tls-weak-key",
    "tls-client-certificate-required",
    "certificate-invalid",
    "starttls-failed",
    "sender-tls-fault",
}

# What a general problem may turn out to be when another part of the same report tells more.
_MAY_BE: dict[str, frozenset[str]] = {
    "certificate-not-verified": _CERTIFICATE_CAUSES | {"certificate-invalid"},
    "certificate-invalid": _CERTIFICATE_CAUSES,
    "tls-handshake-failed": _HANDSHAKE_CAUSES,
    "starttls-failed": _HANDSHAKE_CAUSES,
    "connection-failed": _HANDSHAKE_CAUSES
    | {
        *("connection-timeout", "dns-failure", "mail-server-address-invalid"),
        *("greeting-refused", "not-smtp", "temporarily-refused"),
        *("starttls-not-supported", "tls-handshake-failed"),
    },
}

# Status codes are hints only: they count where no words do (RFC 3463).
_HINTS: tuple[tuple[Pattern, Kind], ...] = (
    (Pattern(r"[45]\.1\.(?:1|3|6|10)"), Kind.UNKNOWN_USER),
    (Pattern(r"[45]\.2\.1"), Kind.UNKNOWN_USER),
    (Pattern(r"[45]\.2\.2"), Kind.MAILBOX_FULL),
    (Pattern(r"[45]\.(?:2\.3|3\.4)"), Kind.SIZE),
    (Pattern(r"[45]\.7\.\d+|[45]\.1\.[78]"), Kind.POLICY),
)
_KIND_OF_SILENCE = Pattern(r"[45]\.(?:1\.1|2\.[123]|3\.4)")
_PLAINER = frozenset({Kind.SPAM, Kind.RATE, Kind.GREYLISTING, Kind.MAILBOX_FULL, Kind.SIZE})
_SILENT_HINTS = {
    "5.1.2": "domain-not-found",
    "5.4.4": "domain-not-found",
    "4.4.3": "dns-failure",
    "4.4.1": "connection-timeout",
    "5.4.1": "connection-failed",
    "4.4.2": "connection-failed",
    "4.4.7": "cause-not-stated",
    "5.4.7": "cause-not-stated",
}


class _Found(NamedTuple):
    rule: Rule
    piece: Piece
    span: tuple[int, int]

    @property
    def id(self) -> str:
        return self.rule.problems[0]


def problems_of(
    pieces: Sequence[Piece], status: str | None = None, *, delayed: bool = False
) -> tuple[Problem, ...]:
    """What the pieces name, the most likely problem first.

    Args:
        pieces: The most telling first; a later one counts where those before it name nothing, only
            say that delivery was given up, or leave open what a later one tells.
        status: The status code of the recipient, a hint.
        delayed: Whether nothing has failed yet; then a report often gives no reason.
    """
    best: _Found | None = None
    further: list[_Found] = []
    replied = False
    for piece in pieces:
        found = _find_all(piece)
        if found and _tells_more(found[0], best, replied=replied):
            best, further = found[0], found[1:]
        # That a message came back is no news beside a reply, even one that we do not know.
        replied = replied or _REPLY_CODE.search(piece.text[:_BEFORE]) is not None
        if piece.phase is Phase.ENVELOPE:
            # TLS had succeeded by then, whatever else the report mentions.
            if best is None or (best.piece is not piece and best.rule.strength is Strength.WEAK):
                return (_unnamed(piece, status),)
            break
    if best is None:
        return (_by_hint(pieces, status, delayed=delayed),)
    if best.id == "cause-not-stated" and _KIND_OF_SILENCE.fullmatch(status or ""):
        return (_unnamed(best.piece, status),)
    # One server took the mail; another may have refused it in words that we do not know.
    if best.id == "no-problem-found" and _REPLY_CODE.search(best.piece.text):
        return (_unnamed(best.piece, status),)
    kind = _kind(best, further, status)
    problems = [Problem(best.id, _evidence(best, status), kind)]
    if best.id not in {"not-tls", "cause-not-stated"}:
        problems += _others(best, further)
    else:
        problems += [Problem(id_) for id_ in best.rule.problems[1:]]
    return tuple(problems)


def _kind(best: _Found, further: Sequence[_Found], status: str | None) -> Kind | None:
    """Words about the sender's names say less than what they are about: a list, a rate."""
    kind = best.rule.kind
    if kind is Kind.POLICY:
        named = (found.rule.kind for found in further if found.rule.kind in _PLAINER)
        kind = next(named, kind)
    if kind is Kind.OTHER:
        kind = _hinted_kind(best.piece, status) or kind
    return kind


def _find_all(piece: Piece) -> list[_Found]:
    return [
        _Found(rule, piece, span)
        for rule, span in _matches(piece.text[:MAXIMUM_PIECE])
        if piece.phase is Phase.UNKNOWN or rule.in_reply
    ]


@lru_cache(maxsize=64)
def _matches(text: str) -> tuple[tuple[Rule, tuple[int, int]], ...]:
    levelled = comparable(without_names(text))
    found = tuple(_search(levelled))
    if any(rule.strength > Strength.WEAK for rule, _ in found):
        return found
    least = Strength.GENERAL if found else Strength.WEAK
    for mended, place in without_slips(levelled[:_MAXIMUM_MENDED], by_pairs=not found):
        better = tuple((rule, (place(begin), place(end))) for rule, (begin, end) in _search(mended))
        if any(rule.strength >= least for rule, _ in better):
            return better
    return found


def _search(text: str) -> Iterator[tuple[Rule, tuple[int, int]]]:
    return TABLE.search(text)


def _tells_more(found: _Found, best: _Found | None, *, replied: bool) -> bool:
    if best is None:
        return not replied or found.rule.strength > Strength.WEAK
    if best.rule.strength is Strength.GENERAL and best.id in _MAY_BE:
        # "Invalid" beside "not verified" is the same said twice.
        is_same = {found.id, best.id} == _UNVERIFIED and found.rule.strength is best.rule.strength
        return found.id in _MAY_BE[best.id] and not is_same
    return best.rule.strength is Strength.WEAK and found.rule.strength > Strength.WEAK


def _others(best: _Found, further: Sequence[_Found]) -> list[Problem]:
    """What the same text names as well, then what the first leaves possible."""
    seen = {best.id, "not-tls", "cause-not-stated"}
    others: list[Problem] = []
    for found in further:
        if found.rule.strength is Strength.SPECIFIC and found.id not in seen:
            seen.add(found.id)
            others.append(Problem(found.id, _evidence(found, None)))
    del others[_MAXIMUM_FURTHER:]
    possible = [id_ for id_ in best.rule.problems[1:] if id_ not in seen]
    return others + [Problem(id_) for id_ in possible]


def _by_hint(pieces: Sequence[Piece], status: str | None, *, delayed: bool) -> Problem:
    if status in _SILENT_HINTS and not any(piece.text for piece in pieces):
        return Problem(_SILENT_HINTS[status], {"enhanced_status_code": status})
    unnamed = _unnamed(pieces[0] if pieces else Piece(""), status)
    # A transcript, a header or a setting without a reason: who wrote it meant no refusal.
    is_silent = delayed or any(OMITTED in piece.text for piece in pieces)
    if is_silent and not _is_refused(unnamed):
        return Problem("cause-not-stated", unnamed.evidence)
    return unnamed


def _unnamed(piece: Piece, status: str | None) -> Problem:
    evidence = _codes(piece.text, status)
    code = _REPLY_CODE.search(piece.text) or _ENHANCED.search(piece.text)
    begin, stop = _sentence(piece.text, *code.span()) if code else (0, _BEFORE + _AFTER)
    fragment = _quoted(piece.text[begin:stop])
    if fragment:
        evidence = {"text": fragment, **evidence}
    return Problem("not-tls", evidence, _hinted_kind(piece, status) or Kind.OTHER)


def _is_refused(problem: Problem) -> bool:
    """Whether a code of a refusal stands there, in whatever words."""
    code = str(problem.evidence.get("enhanced_status_code", ""))
    return "reply_code" in problem.evidence or code.startswith(("4", "5"))


def _hinted_kind(piece: Piece, status: str | None) -> Kind | None:
    code = _codes(piece.text, status).get("enhanced_status_code", "")
    return next((kind for pattern, kind in _HINTS if pattern.fullmatch(code)), None)


def _evidence(found: _Found, status: str | None) -> dict[str, str]:
    text = found.piece.text
    begin, stop = _sentence(text, *found.span)
    # The codes that stand by the words belong to them, rather than those at the text's beginning.
    near = text[begin:] if _ENHANCED.search(text, begin, stop) else text
    return {"text": _quoted(text[begin:stop]).strip(), **_codes(near, status)}


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """From where to where the sentence goes that a place is in, or as much of it as is quoted."""
    begin = max(0, start - _BEFORE)
    ends = [e for e in _SENTENCE_ENDS.finditer(text, begin, start + 4) if e.end() <= start]
    if ends:
        begin = ends[-1].end()
    elif begin:
        begin = text.find(" ", begin, start) + 1 or start
    stop = min(len(text), end + _AFTER)
    ended = _SENTENCE_ENDS.search(text, end, stop)
    if ended:
        stop = end + len(text[end : ended.end()].rstrip())
    elif stop < len(text):
        space = text.rfind(" ", end, stop)
        stop = space if space > 0 else stop
    return begin, stop


def _quoted(text: str) -> str:
    return printable(text.replace("  ", " "))


def _codes(text: str, status: str | None) -> dict[str, str]:
    codes = {}
    text = text[:_MAXIMUM_CODES]
    enhanced = _ENHANCED.search(text)
    if enhanced:
        codes["enhanced_status_code"] = enhanced[1]
    elif status:
        codes["enhanced_status_code"] = status
    reply = _REPLY_CODE.search(text)
    if reply:
        codes["reply_code"] = reply[1]
    return codes
