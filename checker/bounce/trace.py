"""Trace headers: what the servers noted that a mail had passed (RFC 5321, section 4.4).

Who copies them from a web mailer or a forum often loses the blanks that fold them (RFC 5322,
section 2.2.3), and sometimes the line ends.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from checker.bounce.patterns import Pattern

_MAXIMUM_FOLDS = 12
_MAXIMUM_QUOTE = 20

_TRACE = (
    "received:",
    "dkim-",
    "arc-",
    # RFC 8689, section 5, and RFC 8460, section 5.3
    "tls-required:",
    "tls-report-",
)
# What servers and programs note of a mail under names of their own; those of a report are told.
_NOTED = Pattern(
    r"x-(?!(?:exim|postfix|sendmail|powermta|actual|display|failed|original|supplementary|notes)\b"
    r"|[\w-]{0,40}(?:diagnos|reason|recipient|bounce|error))[a-z][\w-]{1,60}:",
    re.IGNORECASE,
)
_BEGINS = frozenset("Rr>")
_QUOTE = Pattern(rf"(?:> ?){{1,{_MAXIMUM_QUOTE}}}")
_DATE = r"(?:[a-z]{3}, {1,2})?\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(?::\d\d)?"
_ENDS = Pattern(_DATE, re.IGNORECASE)
IN_ONE_LINE = (
    rf"received: (?:from|by) [^;]{{1,1200}}; {_DATE}(?: [+-]\d{{4}})?(?: \([a-z]{{1,5}}\))?"
)
"""The whole of a header that lost even its line ends, as a wording of ``asides``."""

_ONE_LINE = Pattern(IN_ONE_LINE, re.IGNORECASE)
_CLAUSE = Pattern(
    r"\(|(?:from|by|via|with|id|for|tls|helo|envelope-from|cipher) |; |e?smtps?a?[/ ]"
    r"|(?:client|server|key)-[a-z]{4,12} |(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} "
    r"|(?=[^\s]{0,79}[\d_])[^\s:]{1,80}\Z",
    re.IGNORECASE,
)
_RECIPIENT = Pattern(r"\A[> ]{1,40}for [^\s]{0,64}@", re.IGNORECASE)
_REPLY = Pattern(r"[245]\d\d[ -]")
# What goes on in the next line, wherever it was broken.
_GOES_ON = Pattern(r"(?:\b(?:from|by|via|with|id|for|port|cipher|tls)|[,;=])\s*\Z", re.IGNORECASE)


def is_trace(line: str) -> bool:
    """Whether a line begins a header that only says which way a mail came."""
    begin = line[:24].lower()
    return begin.startswith(_TRACE) or (begin[:2] == "x-" and _NOTED.match(line) is not None)


def recipient_in(lines: Iterable[str], folded: Iterable[str]) -> str:
    """The clause "for <...>" of a header that had lost its blanks, for want of a better address.

    Args:
        lines: As they were given.
        folded: The same, ``refolded``.
    """
    clauses = (after for before, after in zip(lines, folded, strict=True) if before != after)
    clause = next(filter(_RECIPIENT.search, clauses), "")
    return clause.partition(";")[0].lstrip("> ")


def after_trace(line: str) -> str:
    """What follows a ``Received`` header in the same line."""
    return _ONE_LINE.sub("", line).strip() if _ONE_LINE.match(line) else ""


def refolded(lines: Sequence[str]) -> Iterator[str]:
    """The lines, with the lost blanks before the clauses of a ``Received`` header given back."""
    if not any("eceived:" in line or "ECEIVED:" in line for line in lines):
        yield from lines
        return
    left = depth = 0
    is_folded = goes_on = False
    for line in lines:
        if not left and line[:1] not in _BEGINS:
            yield line
            continue
        quote = _QUOTE.match(line)
        mark = quote[0] if quote else ""
        body = line[len(mark) :]
        if body[:9].lower() == "received:":
            left, depth, is_folded = _MAXIMUM_FOLDS, 0, False
        elif not body.strip() or _REPLY.match(body):
            left = 0
        elif body[0] in " \t":
            is_folded = True
        elif (depth > 0 and ")" in body) or (not is_folded and (goes_on or _CLAUSE.match(body))):
            line = f"{mark} {body}"  # noqa: PLW2901
        else:
            left = 0
        if not left:
            yield line
            continue
        depth += body.count("(") - body.count(")")
        goes_on = _GOES_ON.search(body[-20:]) is not None
        left = 0 if depth <= 0 and _ENDS.search(body) else max(0, left - 1)
        yield line
